package io.plimsoll.ops.cli;

import io.plimsoll.loadtest.fleet.Fleet;
import io.plimsoll.loadtest.fleet.FleetFiles;
import io.plimsoll.loadtest.fleet.FleetFormat;
import io.plimsoll.loadtest.fleet.FleetJson;
import io.plimsoll.loadtest.fleet.FleetText;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Looks at fleets. What is done stands in the subcommand. */
@Command(
    name = "fleet",
    description = {
        "Looks at fleets: the machines that a workload may run on. docs/WORKLOADS.md says what they are read from."},
    footer = {
        "  plimsoll fleet describe fleet.yaml",
        "  plimsoll fleet describe openb_node_list_gpu_node.csv -o json"})
final class FleetCommand extends CommandGroup
{
    private FleetCommand()
    {
    }

    /** The command with its subcommand. */
    static CommandLine line(final Terminal terminal)
    {
        return new CommandLine(new FleetCommand()).addSubcommand("describe", new Describe(terminal));
    }

    /** Says what is in a fleet. */
    @Command(
        name = "describe",
        sortOptions = false,
        description = {"Says what machines a fleet has, by kind, and what they have together."},
        footerHeading = "%nExamples:%n",
        footer = {
            "  plimsoll fleet describe fleet.yaml",
            "  plimsoll fleet describe alibaba_2020_pai_machines.tar.gz"})
    static final class Describe implements Callable<Integer>
    {
        private final Terminal terminal;

        @Parameters(paramLabel = "FILE", description = "Of the fleet.")
        private String file;

        @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "What the file is: plimsoll, openb-nodes, spot-nodes, pai-machines, machines or swf; as " +
                "its content says unless told otherwise.")
        private String format;

        @Option(names = {"-o", "--output"}, paramLabel = "text|json", description = "Form of the answer.")
        private WorkloadDescribeCommand.Form output = WorkloadDescribeCommand.Form.text;

        @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this help.")
        private boolean help;

        Describe(final Terminal terminal)
        {
            this.terminal = terminal;
        }

        @Override
        public Integer call()
        {
            final Fleet fleet = WorkloadSource.told(() -> FleetFiles.read(
                terminal.path(file), null == format ? null : FleetFormat.parse("--format", format)));
            if (WorkloadDescribeCommand.Form.json == output)
            {
                terminal.out().println(FleetJson.of(fleet));
            }
            else
            {
                FleetText.lines(fleet).forEach(terminal.out()::println);
            }
            return ExitCode.OK;
        }
    }
}
