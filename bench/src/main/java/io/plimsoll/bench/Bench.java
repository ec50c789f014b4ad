package io.plimsoll.bench;

import io.plimsoll.bench.core.CoreBench;
import io.plimsoll.bench.core.CostPlot;
import io.plimsoll.bench.e2e.EndToEndBench;
import io.plimsoll.bench.e2e.GatewayBench;
import io.plimsoll.bench.harness.Budget;
import io.plimsoll.bench.harness.Figure;
import io.plimsoll.bench.harness.Machine;
import io.plimsoll.bench.harness.Progress;
import io.plimsoll.bench.harness.Report;
import io.plimsoll.bench.harness.Scratch;
import io.plimsoll.bench.pipeline.JournalBench;
import io.plimsoll.bench.pipeline.PipelineBench;
import io.plimsoll.bench.pipeline.RestoreBench;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;

/**
 * What {@code plimsoll bench} runs. Each figure that has a limit is printed with that limit, measured in the same run
 * on the same machine, because machines differ.
 */
public final class Bench
{
    /** What can be run. */
    public static final List<String> NAMES = List.of("core", "journal", "pipeline", "restore", "e2e", "gateway");

    private static final int FAILED = 70;

    private Bench()
    {
    }

    /**
     * Runs one benchmark and prints what it found.
     *
     * @param what    one of {@link #NAMES}.
     * @param options of the run.
     * @return exit code: 0, 2 if there is no such benchmark or it has no plot, 70 if a measurement broke.
     * @throws IOException if the plot cannot be written.
     */
    public static int run(final String what, final BenchOptions options) throws IOException
    {
        if (!NAMES.contains(what))
        {
            System.err.println("plimsoll bench: unknown benchmark '" + what + "'; there are " + NAMES);
            return 2;
        }
        if (null != options.plot() && !"core".equals(what))
        {
            System.err.println("plimsoll bench: --plot draws figures of 'core', not of '" + what + "'");
            return 2;
        }
        if (null != options.plot())
        {
            // Before minutes of measuring, not after them.
            Files.createDirectories(options.plot().toAbsolutePath().getParent());
        }
        final Budget budget = options.quick() ? Budget.quick() : Budget.standard();
        final Report report = measure(what, budget, Progress.onStandardError());
        if (null != options.plot())
        {
            Files.writeString(options.plot(), CostPlot.svg(report.figures()), StandardCharsets.UTF_8);
        }
        System.out.println(options.json() ? report.toJson() : report.toTable());
        return report.figures().stream().anyMatch(Figure::broken) ? FAILED : 0;
    }

    /**
     * Runs one benchmark.
     *
     * @param what     one of {@link #NAMES}.
     * @param budget   of time.
     * @param progress is told what is being measured.
     * @return what it found.
     */
    public static Report measure(final String what, final Budget budget, final Progress progress)
    {
        final Map<String, Object> machine = Machine.describe(Scratch.parent());
        final List<Figure> figures = switch (what)
        {
            case "core" -> new CoreBench(budget, progress).run();
            case "journal" -> new JournalBench(budget).run();
            case "pipeline" -> new PipelineBench(budget).run();
            case "restore" -> new RestoreBench(budget, progress).run();
            case "gateway" -> new GatewayBench(budget).run();
            case "e2e" -> new EndToEndBench(budget).run();
            default -> throw new IllegalArgumentException("unknown benchmark: " + what);
        };
        return new Report(what, machine, figures);
    }

    /**
     * For running without the distribution.
     *
     * @param args names of benchmarks; {@code --json} for JSON, {@code --quick} for a glance.
     * @throws IOException never, as nothing is drawn.
     */
    public static void main(final String[] args) throws IOException
    {
        final List<String> arguments = List.of(args);
        final BenchOptions options =
            new BenchOptions(arguments.contains("--json"), arguments.contains("--quick"), null);
        int exitCode = 0;
        for (final String argument : arguments)
        {
            if (!argument.startsWith("--"))
            {
                exitCode = Math.max(exitCode, run(argument, options));
            }
        }
        System.exit(exitCode);
    }
}
