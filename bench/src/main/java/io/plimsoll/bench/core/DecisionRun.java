package io.plimsoll.bench.core;

import io.plimsoll.bench.harness.Budget;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * What JMH says of one {@link DecisionCase}.
 *
 * @param perSecond         median of the iterations, in decisions.
 * @param iterations        decisions a second of each.
 * @param bytesPerDecision  allocated on the heap, by JMH's GC profiler.
 * @param running           kernels at the end.
 * @param waiting           sessions of the load that wait at the end.
 */
record DecisionRun(
    double perSecond, List<Double> iterations, double bytesPerDecision, long running, long waiting)
{
    /** Of half the time of the budget each: the core is more code than most that is measured, and compiled twice. */
    private static final int WARM_UPS = 4;

    static DecisionRun measure(final DecisionCase measured, final Budget budget)
    {
        final ByteArrayOutputStream text = new ByteArrayOutputStream();
        final OutputFormat output = OutputFormatFactory.createFormatInstance(
            new PrintStream(text, true, StandardCharsets.UTF_8), VerboseMode.NORMAL);
        try
        {
            return read(new Runner(options(measured, budget), output).runSingle());
        }
        catch (final RunnerException | RuntimeException ex)
        {
            throw new IllegalStateException(
                "not measured: " + measured.title() + "\n" + text.toString(StandardCharsets.UTF_8), ex);
        }
    }

    private static Options options(final DecisionCase measured, final Budget budget)
    {
        // Another benchmark on the machine is the user's business; JMH would refuse to run beside it.
        System.setProperty("jmh.ignoreLock", "true");
        return new OptionsBuilder()
            .include("^" + Pattern.quote(DecisionBenchmark.class.getName() + ".decide") + "$")
            .param("load", measured.load())
            .param("select", measured.policy().select())
            .param("order", measured.policy().order())
            .param("backfill", measured.policy().backfill())
            .param("agents", Integer.toString(measured.agents()))
            .param("waiting", Integer.toString(measured.waiting()))
            .forks(budget.isSmoke() ? 0 : 1)
            .warmupForks(0)
            .warmupIterations(budget.isSmoke() ? 1 : WARM_UPS)
            .warmupTime(TimeValue.nanoseconds(budget.warmUpNs() / 2))
            .measurementIterations(budget.runs())
            .measurementTime(TimeValue.nanoseconds(budget.isSmoke() ? budget.measureNs() / 2 : budget.measureNs()))
            .addProfiler(GCProfiler.class)
            // What the manifest of the distribution says, which a class path does not.
            .jvmArgsAppend("--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED")
            .shouldFailOnError(true)
            .build();
    }

    private static DecisionRun read(final RunResult result)
    {
        final BenchmarkParams params = result.getParams();
        final List<Double> iterations = new ArrayList<>();
        double running = 0;
        double waiting = 0;
        final Collection<IterationResult> all =
            result.getBenchmarkResults().iterator().next().getIterationResults();
        for (final IterationResult iteration : all)
        {
            iterations.add(iteration.getSecondaryResults().get("decisions").getScore());
            running = iteration.getSecondaryResults().get("runningKernels").getScore();
            waiting = iteration.getSecondaryResults().get("waitingSessions").getScore();
        }
        if (iterations.size() != params.getMeasurement().getCount())
        {
            throw new IllegalStateException("iterations are missing: " + iterations);
        }
        final double stepsPerDecision =
            result.getPrimaryResult().getScore() / result.getSecondaryResults().get("decisions").getScore();
        return new DecisionRun(
            iterations.stream().sorted().toList().get(iterations.size() / 2),
            iterations,
            allocated(result) * stepsPerDecision,
            (long)running,
            (long)waiting);
    }

    /** Bytes of one operation; -1 if this JVM does not tell. */
    private static double allocated(final RunResult result)
    {
        for (final String name : result.getSecondaryResults().keySet())
        {
            if (name.endsWith("gc.alloc.rate.norm"))
            {
                return result.getSecondaryResults().get(name).getScore();
            }
        }
        return -1;
    }
}
