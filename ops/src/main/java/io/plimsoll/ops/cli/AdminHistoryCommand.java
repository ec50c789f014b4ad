package io.plimsoll.ops.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Says how far history has come, and makes it anew. */
@Command(
    name = "history",
    description = {
        "Shows how far history in the database has come, or makes it anew.",
        "History is what plimsoll usage and plimsoll ps --all know of the past; docs/HISTORY.md says more."},
    footer = {"  plimsoll admin history show", "  plimsoll admin history rebuild --wait"})
final class AdminHistoryCommand extends CommandGroup
{
    private AdminHistoryCommand()
    {
    }

    static CommandLine line(final Terminal terminal)
    {
        return new CommandLine(new AdminHistoryCommand())
            .addSubcommand("show", new AdminHistoryShowCommand(terminal))
            .addSubcommand("rebuild", new AdminHistoryRebuildCommand(terminal));
    }
}
