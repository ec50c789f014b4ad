package io.plimsoll.ops.cli;

import io.plimsoll.loadtest.jobs.Generator;
import io.plimsoll.loadtest.jobs.GeneratorSpec;
import io.plimsoll.loadtest.jobs.WorkloadFiles;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a workload as a description says. */
@Command(
    name = "generate",
    sortOptions = false,
    description = {
        "Makes a workload as a description says: the same one for the same seed, on any machine.",
        "docs/WORKLOADS.md says what a description may hold."},
    footerHeading = "%nExamples:%n",
    footer = {
        "  plimsoll workload generate workload.yaml --to jobs.csv",
        "  plimsoll workload generate workload.yaml --seed 7 --to jobs.csv.gz"})
final class WorkloadGenerateCommand implements Callable<Integer>
{
    private final Terminal terminal;

    @Parameters(paramLabel = "SPEC", description = "The description, YAML or JSON.")
    private String spec;

    @Option(
        names = "--seed", paramLabel = "N", description = "Of what is left to chance; 1 unless told otherwise.")
    private long seed = 1;

    @Mixin
    private WorkloadTarget target = new WorkloadTarget();

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this help.")
    private boolean help;

    WorkloadGenerateCommand(final Terminal terminal)
    {
        this.terminal = terminal;
    }

    @Override
    public Integer call()
    {
        final GeneratorSpec description = WorkloadSource.told(() -> WorkloadFiles.description(terminal.path(spec)));
        return target.write(terminal, List.of(spec), () -> WorkloadTarget.notEmpty(
            Generator.generate(description, seed),
            spec + ": with this seed no job comes in the time that it tells of"));
    }
}
