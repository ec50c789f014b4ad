package io.plimsoll.ops.cli;

import io.plimsoll.bench.Bench;
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
        "e2e: real sessions over HTTP on a manager and an agent of its own."},
    footerHeading = "%nExamples:%n",
    footer = {"  plimsoll bench core", "  plimsoll bench e2e -o json"})
final class BenchCommand implements Callable<Integer>
{
    @Parameters(paramLabel = "core|journal|pipeline|e2e", description = "What to measure.")
    private What what;

    @Option(names = {"-o", "--output"}, paramLabel = "table|json", description = "Form of the answer.")
    private OutputFormat output = OutputFormat.table;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this help.")
    private boolean help;

    BenchCommand(final Terminal terminal)
    {
        terminal.out().flush();
    }

    @Override
    public Integer call()
    {
        return Bench.run(what.name(), OutputFormat.json == output);
    }

    /** The benchmarks that there are. */
    enum What
    {
        core, journal, pipeline, e2e
    }
}
