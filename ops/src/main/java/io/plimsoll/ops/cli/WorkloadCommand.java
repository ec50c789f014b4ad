package io.plimsoll.ops.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Looks at workloads, and makes them. What is done stands in the subcommands. */
@Command(
    name = "workload",
    description = {
        "Looks at workloads, and makes them: what users ask for, and when.",
        "They are read from public traces, from journals and from descriptions; what a file is, its content says.",
        "docs/WORKLOADS.md says which, and how."},
    footer = {
        "  plimsoll workload describe philly.csv.gz --html philly.html",
        "  plimsoll workload describe ~/.plimsoll",
        "  plimsoll workload fit philly.csv.gz --to workload.yaml",
        "  plimsoll workload generate workload.yaml --seed 7 --to next.csv.gz",
        "  plimsoll workload convert KTH-SP2.swf.gz --scale-rate 1.5 --to busier.csv.gz"})
final class WorkloadCommand extends CommandGroup
{
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
}
