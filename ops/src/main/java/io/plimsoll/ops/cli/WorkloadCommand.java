package io.plimsoll.ops.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Looks at workloads, and makes them. What is done stands in the subcommands. */
@Command(
    name = "workload",
    sortOptions = false,
    synopsisHeading = "Usage: ",
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n",
    synopsisSubcommandLabel = "COMMAND",
    description = {
        "Looks at workloads, and makes them: what users ask for, and when.",
        "They are read from public traces, from journals and from descriptions; what a file is, its content says.",
        "docs/WORKLOADS.md says which, and how."},
    footerHeading = "%nExamples:%n",
    footer = {
        "  plimsoll workload describe philly.csv.gz --html philly.html",
        "  plimsoll workload describe ~/.plimsoll",
        "  plimsoll workload fit philly.csv.gz --to workload.yaml",
        "  plimsoll workload generate workload.yaml --seed 7 --to next.csv.gz",
        "  plimsoll workload convert KTH-SP2.swf.gz --scale-rate 1.5 --to busier.csv.gz"})
final class WorkloadCommand implements Runnable
{
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this help.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    private WorkloadCommand()
    {
    }

    /** The command with its subcommands. */
    static CommandLine line(final Terminal terminal)
    {
        return new CommandLine(new WorkloadCommand())
            .addSubcommand("describe", new WorkloadDescribeCommand(terminal))
            .addSubcommand("fit", new WorkloadFitCommand(terminal))
            .addSubcommand("generate", new WorkloadGenerateCommand(terminal))
            .addSubcommand("convert", new WorkloadConvertCommand(terminal));
    }

    @Override
    public void run()
    {
        throw new ParameterException(
            spec.commandLine(), "a command is missing: describe, fit, generate or convert");
    }
}
