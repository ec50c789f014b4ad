package io.plimsoll.ops.server;

import io.plimsoll.ops.cli.CommandGroup;
import io.plimsoll.ops.cli.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** See its description. */
@Command(
    name = "config",
    description = {
        "Checks a configuration, and explains where each value comes from.",
        "Later ones go over earlier ones: defaults, file, environment, options of the command line."},
    footer = {"  plimsoll config check plimsoll.yaml", "  plimsoll config show --config plimsoll.yaml"})
public final class ConfigCommand extends CommandGroup
{
    private ConfigCommand()
    {
    }

    /** The command with its subcommands. */
    public static CommandLine line(final Terminal terminal)
    {
        return new CommandLine(new ConfigCommand())
            .addSubcommand("check", new ConfigCheckCommand(terminal))
            .addSubcommand("show", new ConfigShowCommand(terminal));
    }
}
