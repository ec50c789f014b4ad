package io.plimsoll.bench.core;

import io.plimsoll.bench.harness.Budget;
import io.plimsoll.bench.harness.Figure;
import io.plimsoll.bench.harness.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Decisions of one-kernel sessions: rows 1 and 2 for the selections that have a target, every other policy and load
 * beside them. Figures that belong to a curve say so, see {@link CostPlot}.
 */
final class DecisionFigures
{
    /** Curve that a figure is a point of. */
    static final String CURVE = "curve";
    /** Where on the curve: agents, or sessions that wait. */
    static final String AT = "at";
    /** How high on the curve. */
    static final String NS_PER_DECISION = "nsPerDecision";
    /** Curve of the scans. */
    static final String SCAN_CURVE = "exhaustive scan";
    /** Curve of the sessions that wait. */
    static final String WAITING_CURVE = "waiting";

    private static final double DECISIONS_TARGET = 1_000_000;
    private static final double SCAN_TARGET = 10;
    private static final List<String> TARGETED = List.of("concentrated", "dispersed", "round-robin", "best-fit");
    private static final List<String> OTHERS = List.of(
        "dot-product", "gpu-packing", "gpu-clustering", "fragmentation-gradient", "plimsoll", "random", "topology");

    private final Budget budget;
    private final Progress progress;
    private final int small;
    private final int middle;
    private final int large;
    private final List<Figure> figures = new ArrayList<>();

    DecisionFigures(final Budget budget, final Progress progress)
    {
        this.budget = budget;
        this.progress = progress;
        small = budget.isSmoke() ? 50 : 1_000;
        middle = budget.isSmoke() ? 100 : 10_000;
        large = budget.isSmoke() ? 200 : 100_000;
    }

    List<Figure> measure()
    {
        targeted();
        otherSelections();
        otherLoads();
        users();
        queues();
        waiting();
        return figures;
    }

    /** Rows 1 and 2, and how their cost grows with the cluster. */
    private void targeted()
    {
        for (final String selection : TARGETED)
        {
            final CorePolicy policy = CorePolicy.selecting(selection);
            if (!budget.isQuick())
            {
                add("", DecisionCase.of("cpu", policy, small), selection);
            }
            final Figure one = decisions("1", DecisionCase.of("cpu", policy, middle), selection, middle);
            figures.add(one.target(">= 1,000,000/s", one.value() >= DECISIONS_TARGET));
        }
        final ScanLimit.Limit limit = scans();
        for (final String selection : TARGETED)
        {
            final DecisionCase measured = DecisionCase.of("cpu", CorePolicy.selecting(selection), large);
            final Figure one = decisions("2", measured, selection, large)
                .against(limit.scansPerSecond(), "exhaustive scans/s, " + limit.how());
            figures.add(one.target(">= 10 x", one.value() >= SCAN_TARGET * limit.scansPerSecond()));
        }
    }

    /** Returns the scans of the largest cluster. */
    private ScanLimit.Limit scans()
    {
        ScanLimit.Limit limit = null;
        for (final int agents : budget.isQuick() ? List.of(large) : List.of(small, middle, large))
        {
            final String title = String.format(Locale.ROOT, "exhaustive scans, %,d agents", agents);
            progress.next(title);
            limit = ScanLimit.measure(agents, budget.measureNs() / 1e9);
            figures.add(
                Figure.of("", title, limit.scansPerSecond(), "scans/s")
                    .with("how", limit.how())
                    .with(CURVE, SCAN_CURVE)
                    .with(AT, agents)
                    .with(NS_PER_DECISION, 1e9 / limit.scansPerSecond()));
        }
        return limit;
    }

    private void otherSelections()
    {
        for (final String selection : OTHERS)
        {
            if (!budget.isQuick())
            {
                add("", DecisionCase.of("cpu", CorePolicy.selecting(selection), middle), null);
            }
        }
        for (final String selection : TARGETED)
        {
            add("", DecisionCase.of("mixed", CorePolicy.selecting(selection), middle), null);
        }
        for (final String selection : glance(OTHERS, "fragmentation-gradient", "plimsoll"))
        {
            add("", DecisionCase.of("mixed", CorePolicy.selecting(selection), middle), null);
        }
        if (!budget.isQuick())
        {
            add("", DecisionCase.of("mixed", CorePolicy.USUAL, small), null);
            add("", DecisionCase.of("mixed", CorePolicy.USUAL, large), null);
        }
    }

    /** Other ways to submit, and a cluster that is nearly full. */
    private void otherLoads()
    {
        add("", DecisionCase.of("chunks", CorePolicy.USUAL, middle), null);
        add("", DecisionCase.of("steps", CorePolicy.USUAL, middle), null);
        for (final String selection : glance(TARGETED, "concentrated"))
        {
            add("", DecisionCase.of("full", CorePolicy.selecting(selection), middle), null);
        }
        if (!budget.isQuick())
        {
            add("", DecisionCase.of("full", CorePolicy.USUAL, small), null);
            add("", DecisionCase.of("full", CorePolicy.USUAL, large), null);
        }
    }

    /** A thousand users, each with sessions that wait: every end asks whose turn it is. */
    private void users()
    {
        for (final String order : glance(List.of("fifo", "fair-share", "drf"), "drf"))
        {
            add("", DecisionCase.of("users", CorePolicy.ordering(order), middle), null);
        }
        if (!budget.isQuick())
        {
            add("", DecisionCase.of("users", CorePolicy.ordering("drf"), small), null);
            add("", DecisionCase.of("users", CorePolicy.ordering("drf"), large), null);
        }
    }

    private void queues()
    {
        add("", DecisionCase.of("backlog", CorePolicy.USUAL, middle), null);
        if (!budget.isQuick() || budget.isSmoke())
        {
            add("", DecisionCase.of("backlog", CorePolicy.ordering("lifo"), middle), null);
        }
        for (final String backfill : glance(
            List.of("none", "easy", "easy-sjbf", "predictive"), "easy", "predictive"))
        {
            add("", DecisionCase.of("backlog", CorePolicy.filling(backfill), middle), null);
        }
    }

    /** What it costs that others wait and do not fit: nothing, if all is well. */
    private void waiting()
    {
        final DecisionCase alone = DecisionCase.of("cpu", CorePolicy.USUAL, middle);
        final Figure without = decisions("", alone, WAITING_CURVE, 0);
        figures.add(without);
        final List<Integer> counts = budget.isSmoke() ?
            List.of(1_000) :
            budget.isQuick() ? List.of(1_000_000) : List.of(1_000, 10_000, 100_000, 1_000_000);
        for (final int count : counts)
        {
            final Figure beside = decisions("", alone.beside(count), WAITING_CURVE, count);
            figures.add(without.broken() ? beside : beside.against(without.value(), "the same, nobody waits"));
        }
    }

    /** Some of the policies when only a glance is asked for; all of them in tests, however short. */
    private List<String> glance(final List<String> all, final String... some)
    {
        return budget.isQuick() && !budget.isSmoke() ? List.of(some) : all;
    }

    private void add(final String row, final DecisionCase measured, final String curve)
    {
        figures.add(decisions(row, measured, curve, measured.agents()));
    }

    private Figure decisions(final String row, final DecisionCase measured, final String curve, final int at)
    {
        progress.next(measured.title());
        final DecisionRun run;
        try
        {
            run = DecisionRun.measure(measured, budget);
        }
        catch (final IllegalStateException ex)
        {
            return Figure.failed(row, "decisions, " + measured.title(), ex.getMessage());
        }
        final Figure figure = Figure.of(row, "decisions, " + measured.title(), run.perSecond(), "decisions/s")
            .with("runs", run.iterations())
            .with(NS_PER_DECISION, 1e9 / Math.max(1e-9, run.perSecond()))
            .with("allocatedBytesPerDecision", run.bytesPerDecision())
            .with("running", run.running())
            .with("waiting", run.waiting());
        return null == curve ? figure : figure.with(CURVE, curve).with(AT, at);
    }
}
