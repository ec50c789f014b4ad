package io.plimsoll.bench.core;

import io.plimsoll.bench.harness.Budget;
import io.plimsoll.bench.harness.Figure;
import io.plimsoll.bench.harness.Latencies;
import io.plimsoll.bench.harness.Progress;
import io.plimsoll.bench.harness.Runs;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** Gangs of 64 kernels: row 7, and the same on other clusters and under other selections. */
final class GangFigures
{
    private static final double P99_TARGET_US = 1_000;
    private static final List<String> SELECTIONS =
        List.of("dispersed", "round-robin", "best-fit", "topology", "plimsoll");

    private final Budget budget;
    private final Progress progress;

    GangFigures(final Budget budget, final Progress progress)
    {
        this.budget = budget;
        this.progress = progress;
    }

    List<Figure> measure()
    {
        final int middle = budget.isSmoke() ? 500 : 10_000;
        final List<Figure> figures = new ArrayList<>();
        final Figure target = measure("7", CorePolicy.USUAL, middle);
        figures.add(target.target("p99 < 1 ms", target.value() < P99_TARGET_US));
        for (final String selection : SELECTIONS)
        {
            figures.add(measure("", CorePolicy.selecting(selection), middle));
        }
        if (!budget.isQuick())
        {
            figures.add(measure("", CorePolicy.USUAL, middle / 10));
            figures.add(measure("", CorePolicy.USUAL, middle * 10));
        }
        return figures;
    }

    private Figure measure(final String row, final CorePolicy policy, final int agents)
    {
        final String title = String.format(Locale.ROOT, "gang of 64, %s, %,d agents, p99", policy.select(), agents);
        progress.next(title);
        final CoreRig rig = new CoreRig(agents, CorePolicy.USUAL);
        final Load load = Load.of("cpu");
        new DecisionLoop(rig, load, load.live(agents) / 2).fill();
        rig.configure(policy);
        final GangLoop loop = new GangLoop(rig);
        loop.run(budget.warmUpNs());
        final long allocatedBefore = Allocation.bytes();
        final long[] gangs = new long[1];
        final Runs<Histogram> runs = Runs.of(
            budget.runs(),
            () ->
            {
                final Histogram histogram = loop.run(budget.measureNs());
                gangs[0] += histogram.getTotalCount();
                return histogram;
            },
            histogram -> (double)histogram.getValueAtPercentile(99));
        final Latencies latencies = Latencies.of(runs.median());
        return Figure.of(row, title, latencies.p99Us(), "us")
            .with("latency", latencies)
            .with("allocatedBytesPerGang", (Allocation.bytes() - allocatedBefore) / (double)Math.max(1, gangs[0]));
    }
}
