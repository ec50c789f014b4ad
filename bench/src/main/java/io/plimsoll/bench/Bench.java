package io.plimsoll.bench;

import io.plimsoll.bench.core.CoreBench;
import io.plimsoll.bench.e2e.EndToEndBench;
import io.plimsoll.bench.harness.Budget;
import io.plimsoll.bench.harness.Figure;
import io.plimsoll.bench.harness.Machine;
import io.plimsoll.bench.harness.Report;
import io.plimsoll.bench.harness.Scratch;
import io.plimsoll.bench.pipeline.JournalBench;
import io.plimsoll.bench.pipeline.PipelineBench;
import java.util.List;
import java.util.Map;

/**
 * What {@code plimsoll bench} runs. Each figure that has a limit is printed with that limit, measured in the same run
 * on the same machine, because machines differ.
 */
public final class Bench
{
    /** What can be run. */
    public static final List<String> NAMES = List.of("core", "journal", "pipeline", "e2e");

    private Bench()
    {
    }

    /**
     * Runs one benchmark and prints what it found.
     *
     * @param what one of {@link #NAMES}.
     * @param json one JSON object instead of a table.
     * @return exit code: 0, or 2 if there is no such benchmark.
     */
    public static int run(final String what, final boolean json)
    {
        if (!NAMES.contains(what))
        {
            System.err.println("plimsoll bench: unknown benchmark '" + what + "'; there are " + NAMES);
            return 2;
        }
        final Report report = measure(what, Budget.standard());
        System.out.println(json ? report.toJson() : report.toTable());
        return 0;
    }

    /**
     * Runs one benchmark.
     *
     * @param what   one of {@link #NAMES}.
     * @param budget of time.
     * @return what it found.
     */
    public static Report measure(final String what, final Budget budget)
    {
        final Map<String, Object> machine = Machine.describe(Scratch.parent());
        final List<Figure> figures = switch (what)
        {
            case "core" -> new CoreBench(budget).run();
            case "journal" -> new JournalBench(budget).run();
            case "pipeline" -> new PipelineBench(budget).run();
            case "e2e" -> new EndToEndBench(budget).run();
            default -> throw new IllegalArgumentException("unknown benchmark: " + what);
        };
        return new Report(what, machine, figures);
    }

    /**
     * For running without the distribution.
     *
     * @param args names of benchmarks; {@code --json} for JSON.
     */
    public static void main(final String[] args)
    {
        final List<String> arguments = List.of(args);
        final boolean json = arguments.contains("--json");
        int exitCode = 0;
        for (final String argument : arguments)
        {
            if (!"--json".equals(argument))
            {
                exitCode = Math.max(exitCode, run(argument, json));
            }
        }
        System.exit(exitCode);
    }
}
