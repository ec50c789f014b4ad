package io.plimsoll.ops.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Load tests in real time. What is done stands in the subcommand. */
@Command(
    name = "loadtest",
    sortOptions = false,
    synopsisHeading = "Usage: ",
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n",
    synopsisSubcommandLabel = "COMMAND",
    description = {
        "Finds out what a manager carries, in real time: with simulated agents on the real transport and API.",
        "docs/LOADTEST.md says how. In virtual time: plimsoll simulate, plimsoll plan."},
    footerHeading = "%nExamples:%n",
    footer = {"  plimsoll loadtest run --agents 1000 --sessions 100000"})
final class LoadtestCommand implements Runnable
{
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this help.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    private LoadtestCommand()
    {
    }

    /** The command with its subcommand. */
    static CommandLine line(final Terminal terminal)
    {
        return new CommandLine(new LoadtestCommand()).addSubcommand("run", new LoadtestRunCommand(terminal));
    }

    @Override
    public void run()
    {
        throw new ParameterException(spec.commandLine(), "a command is missing: run");
    }
}
