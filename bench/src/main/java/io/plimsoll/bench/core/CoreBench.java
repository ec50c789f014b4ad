package io.plimsoll.bench.core;

import io.plimsoll.bench.harness.Budget;
import io.plimsoll.bench.harness.Figure;
import io.plimsoll.bench.harness.Progress;
import io.plimsoll.bench.harness.Runs;
import java.util.ArrayList;
import java.util.List;

/**
 * The core alone. {@link DecisionFigures} are the decisions of one-kernel sessions under every policy and load,
 * {@link GangFigures} those of gangs; here are what restoring costs, and what waiting sessions take.
 */
public final class CoreBench
{
    private static final double EVENTS_TARGET = 2_000_000;
    private static final int AGENTS = 10_000;

    private final Budget budget;
    private final Progress progress;
    private final List<Figure> figures = new ArrayList<>();

    /**
     * A benchmark.
     *
     * @param budget   of time.
     * @param progress is told what is being measured.
     */
    public CoreBench(final Budget budget, final Progress progress)
    {
        this.budget = budget;
        this.progress = progress;
    }

    /** Measures everything. */
    public List<Figure> run()
    {
        figures.addAll(new DecisionFigures(budget, progress).measure());
        figures.addAll(new GangFigures(budget, progress).measure());
        restore(budget.isSmoke() ? 100 : AGENTS);
        figures.addAll(new PendingFigures(budget, progress).measure());
        return figures;
    }

    private void restore(final int agents)
    {
        progress.next("restore");
        final EventTape whole = record(agents);
        final Runs<Double> runs = Runs.of(
            budget.runs(), () -> whole.events() * 1e9 / whole.applyNs(), value -> value);
        figures.add(
            Figure.of("8", "events applied by the core, from memory", runs.median(), "events/s")
                .target(">= 2,000,000/s", runs.median() >= EVENTS_TARGET)
                .with("events", whole.events())
                .with("runs", runs.values()));
    }

    private EventTape record(final int agents)
    {
        final EventTape tape = new EventTape();
        final CoreRig rig = new CoreRig(CorePolicy.USUAL, tape::append);
        rig.attach(agents);
        final DecisionLoop loop = new DecisionLoop(rig, (int)(agents * ShapeMix.KERNELS_PER_AGENT));
        loop.fill();
        final long target = budget.isSmoke() ? 10_000 : budget.isQuick() ? 1_000_000 : 4_000_000;
        while (tape.events() < target)
        {
            loop.step();
        }
        return tape;
    }
}
