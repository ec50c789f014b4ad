package io.plimsoll.ops.cli;

import io.plimsoll.bench.Bench;
import io.plimsoll.bench.BenchOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures this machine and Plimsoll on it. */
@Command(
    name = "bench",
    description = {
        "Measures Plimsoll on this machine, with the machine's own limits beside it.",
        "core: decisions of the scheduler alone; journal: append and commit; pipeline: ring to egress;",
        "restore: the way back from a journal of 10,000,000 commands, 4 GB of scratch space, and from a snapshot;",
        "e2e: real sessions over HTTP on a manager and an agent of its own; gateway: the ways into a manager."},
    footerHeading = "%nExamples:%n",
    footer = {
        "  plimsoll bench core --quick",
        "  plimsoll bench core --plot cost.svg",
        "  plimsoll bench e2e -o json"})
final class BenchCommand implements Callable<Integer>
{
    @Parameters(paramLabel = "core|journal|pipeline|restore|e2e|gateway", description = "What to measure.")
    private What what;

    @Option(names = {"-o", "--output"}, paramLabel = "table|json", description = "Form of the answer.")
    private OutputFormat output = OutputFormat.table;

    @Option(names = "--quick", description = "Fewer and shorter measurements: a first impression.")
    private boolean quick;

    @Option(
        names = "--plot",
        paramLabel = "FILE",
        description = "Draws the cost of a decision as SVG; with core only.")
    private Path plot;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this help.")
    private boolean help;

    BenchCommand(final Terminal terminal)
    {
        terminal.out().flush();
    }

    @Override
    public Integer call() throws IOException
    {
        return Bench.run(what.name(), new BenchOptions(OutputFormat.json == output, quick, plot));
    }

    /** The benchmarks that there are. */
    enum What
    {
        core, journal, pipeline, restore, e2e, gateway
    }
}
