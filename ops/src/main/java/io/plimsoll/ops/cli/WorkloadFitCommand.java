package io.plimsoll.ops.cli;

import io.plimsoll.loadtest.jobs.GeneratorText;
import io.plimsoll.loadtest.jobs.Workload;
import io.plimsoll.loadtest.jobs.WorkloadFit;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Describes a workload so that others like it can be made. */
@Command(
    name = "fit",
    sortOptions = false,
    description = {
        "Describes a workload so that others like it can be made.",
        "It finds the rhythm of arrivals, what is asked for together with how long it runs, and users with their",
        "habits. docs/WORKLOADS.md says how, and what is lost."},
    footerHeading = "%nExamples:%n",
    footer = {
        "  plimsoll workload fit philly.csv.gz --to workload.yaml",
        "  plimsoll workload fit ~/.plimsoll --to ours.yaml"})
final class WorkloadFitCommand implements Callable<Integer>
{
    private final Terminal terminal;

    @Parameters(paramLabel = "FILE", description = "Of the workload, or the data directory of a manager.")
    private String file;

    @Mixin
    private WorkloadSource source;

    @Option(names = "--to", required = true, paramLabel = "OUT", description = "Takes the description, YAML.")
    private String target;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this help.")
    private boolean help;

    WorkloadFitCommand(final Terminal terminal)
    {
        this.terminal = terminal;
    }

    @Override
    public Integer call()
    {
        try (OutputFile description = OutputFile.open("--to", target, terminal, List.of(terminal.path(file))))
        {
            final Workload workload = source.read(terminal, file);
            final String text = WorkloadSource.computed(
                terminal, "fitting", () -> GeneratorText.of(WorkloadFit.of(workload)));
            description.write(stream -> stream.write(text.getBytes(StandardCharsets.UTF_8)));
            description.keep();
        }
        return ExitCode.OK;
    }
}
