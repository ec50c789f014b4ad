package io.plimsoll.bench.core;

import io.plimsoll.bench.harness.Budget;
import io.plimsoll.bench.harness.Figure;
import io.plimsoll.bench.harness.Latencies;
import io.plimsoll.bench.harness.Runs;
import io.plimsoll.core.sbe.SelectPolicy;
import io.plimsoll.loadtest.workload.AgentShape;
import io.plimsoll.loadtest.workload.SessionShape;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** The core alone. */
public final class CoreBench
{
    private static final double DECISIONS_TARGET = 1_000_000;
    private static final double SCAN_TARGET = 10;
    private static final double GANG_P99_TARGET_US = 1_000;
    private static final double EVENTS_TARGET = 2_000_000;
    private static final double BYTES_TARGET = 512;
    private static final int CHUNK = 64;
    private static final int LARGE = 100_000;
    private static final int MIDDLE = 10_000;
    private static final int SMALL = 1_000;

    private final Budget budget;
    private final List<Figure> figures = new ArrayList<>();

    /**
     * A benchmark.
     *
     * @param budget of time.
     */
    public CoreBench(final Budget budget)
    {
        this.budget = budget;
    }

    /** Measures everything. */
    public List<Figure> run()
    {
        final int large = budget.isSmoke() ? 200 : LARGE;
        final int middle = budget.isSmoke() ? 100 : MIDDLE;
        for (final SelectPolicy selection : List.of(SelectPolicy.CONCENTRATED, SelectPolicy.DISPERSED))
        {
            decisions(budget.isSmoke() ? 50 : SMALL, selection);
            variants(middle, selection);
            scanRatio(large, selection);
        }
        gangs(budget.isSmoke() ? 500 : MIDDLE);
        restore(middle);
        pendingMemory();
        return figures;
    }

    private void decisions(final int agents, final SelectPolicy selection)
    {
        measure("", agents, selection, 1, false);
    }

    private void variants(final int agents, final SelectPolicy selection)
    {
        final Figure single = measure("1", agents, selection, 1, false);
        figures.set(
            figures.size() - 1, single.target(">= 1,000,000/s", single.value() >= DECISIONS_TARGET));
        measure("1", agents, selection, CHUNK, false);
        measure("1", agents, selection, 1, true);
    }

    private void scanRatio(final int agents, final SelectPolicy selection)
    {
        final ScanLimit.Limit limit = ScanLimit.measure(agents, budget.measureNs() / 1e9);
        final Figure figure = measure("2", agents, selection, 1, false);
        figures.set(
            figures.size() - 1,
            figure.against(limit.scansPerSecond(), "exhaustive scans/s, " + limit.how())
                .target(">= 10 x", figure.value() >= SCAN_TARGET * limit.scansPerSecond()));
    }

    private Figure measure(
        final String row, final int agents, final SelectPolicy selection, final int chunk, final boolean wholeLife)
    {
        final CoreRig rig = new CoreRig(agents, selection);
        final DecisionLoop loop =
            new DecisionLoop(rig, (int)(agents * ShapeMix.KERNELS_PER_AGENT), chunk, wholeLife);
        loop.fill();
        loop.run(budget.warmUpNs());
        final long allocatedBefore = Allocation.bytes();
        final long[] decisions = new long[1];
        final Runs<DecisionLoop.Outcome> runs = Runs.of(
            budget.runs(),
            () ->
            {
                final DecisionLoop.Outcome outcome = loop.run(budget.measureNs());
                decisions[0] += outcome.decisions();
                return outcome;
            },
            DecisionLoop.Outcome::perSecond);
        final long allocated = Allocation.bytes() - allocatedBefore;
        final Figure figure = Figure.of(
            row,
            String.format(
                Locale.ROOT, "decisions, %s, %,d agents, %s%s", selection.name().toLowerCase(Locale.ROOT), agents,
                1 == chunk ? "one submission each" : chunk + " a submission", wholeLife ? ", all steps reported" : ""),
            runs.median().perSecond(),
            "decisions/s")
            .with("runs", runs.values())
            .with("running", loop.running())
            .with("allocatedBytesPerDecision", allocated / (double)Math.max(1, decisions[0]));
        figures.add(figure);
        return figure;
    }

    private void gangs(final int agents)
    {
        final CoreRig rig = new CoreRig(agents, SelectPolicy.CONCENTRATED);
        new DecisionLoop(rig, (int)(agents * ShapeMix.KERNELS_PER_AGENT / 2), 1, false).fill();
        final GangLoop loop = new GangLoop(rig);
        loop.run(budget.warmUpNs());
        final Runs<Histogram> runs = Runs.of(
            budget.runs(), () -> loop.run(budget.measureNs()), histogram -> (double)histogram.getValueAtPercentile(99));
        final Latencies latencies = Latencies.of(runs.median());
        figures.add(
            Figure.of(
                "7", String.format(Locale.ROOT, "gang of 64 on %,d agents, p99", agents), latencies.p99Us(), "us")
                .target("p99 < 1 ms", latencies.p99Us() < GANG_P99_TARGET_US)
                .with("latency", latencies));
    }

    private void restore(final int agents)
    {
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
        final CoreRig rig = new CoreRig(SelectPolicy.CONCENTRATED, tape::append);
        rig.attach(agents, ShapeMix::agent);
        final DecisionLoop loop = new DecisionLoop(rig, (int)(agents * ShapeMix.KERNELS_PER_AGENT), 1, false);
        loop.fill();
        final long target = budget.isSmoke() ? 10_000 : 4_000_000;
        while (tape.events() < target)
        {
            loop.step();
        }
        return tape;
    }

    private void pendingMemory()
    {
        final int sessions = budget.isSmoke() ? 2_000 : 1_000_000;
        final CoreRig rig = new CoreRig(SelectPolicy.CONCENTRATED);
        final long gib = 1L << 30;
        rig.attach(1, index -> AgentShape.of("default", 64_000, 512 * gib, 8));
        final List<byte[]> specs = List.of("{\"command\":[\"true\"]}".getBytes(StandardCharsets.UTF_8));
        final int full = rig.encoder().submit(1, specs, List.of(SessionShape.single(64_000, 512 * gib)));
        rig.feed(rig.encoder().buffer(), 0, full);
        final List<SessionShape> shapes = ShapeMix.sessions();
        final MemoryUse before = MemoryUse.now();
        for (int i = 0; i < sessions; i += CHUNK)
        {
            final int from = i % (shapes.size() - CHUNK);
            final int length = rig.encoder().submit(i, specs, shapes.subList(from, from + CHUNK));
            rig.feed(rig.encoder().buffer(), 0, length);
        }
        final MemoryUse after = MemoryUse.now();
        final double bytes = after.totalSince(before) / (double)sessions;
        figures.add(
            Figure.of("10", String.format(Locale.ROOT, "memory, %,d pending sessions", sessions), bytes, "bytes each")
                .target("<= 512 bytes", bytes <= BYTES_TARGET)
                .with("directBytes", after.directBytes() - before.directBytes())
                .with("heapBytes", after.heapBytes() - before.heapBytes())
                .with("by the core's own count, bytes each", rig.core().memoryBytes() / (double)sessions));
    }
}
