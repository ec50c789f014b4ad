package io.plimsoll.ops.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Load tests in real time. What is done stands in the subcommand. */
@Command(
    name = "loadtest",
    description = {
        "Finds out what a manager carries, in real time: with simulated agents on the real transport and API.",
        "docs/LOADTEST.md says how. In virtual time: plimsoll simulate, plimsoll plan."},
    footer = {"  plimsoll loadtest run --agents 1000 --sessions 100000"})
final class LoadtestCommand extends CommandGroup
{
    private LoadtestCommand()
    {
    }

    /** The command with its subcommand. */
    static CommandLine line(final Terminal terminal)
    {
        return new CommandLine(new LoadtestCommand()).addSubcommand("run", new LoadtestRunCommand(terminal));
    }
}
