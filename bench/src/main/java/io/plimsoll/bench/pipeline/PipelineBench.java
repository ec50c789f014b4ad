package io.plimsoll.bench.pipeline;

import io.plimsoll.bench.core.CorePolicy;
import io.plimsoll.bench.core.CoreRig;
import io.plimsoll.bench.core.DecisionLoop;
import io.plimsoll.bench.core.ShapeMix;
import io.plimsoll.bench.harness.Budget;
import io.plimsoll.bench.harness.Figure;
import io.plimsoll.bench.harness.Runs;
import io.plimsoll.bench.harness.Scratch;
import io.plimsoll.core.pipeline.PipelineCounter;
import io.plimsoll.core.pipeline.ThreadingMode;
import io.plimsoll.journal.CommitMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The whole pipeline, sessions submitted from memory and placed, against what core, ring and disk allow together. */
public final class PipelineBench
{
    private static final double ASYNC_TARGET = 0.7;
    private static final double SYNC_TARGET = 0.6;
    private static final int AGENTS = 10_000;
    private static final int SAMPLE = 8_192;

    private final Budget budget;
    private final double agentShare;
    private final List<Figure> figures = new ArrayList<>();

    /**
     * A benchmark.
     *
     * @param budget of time.
     */
    public PipelineBench(final Budget budget)
    {
        this.budget = budget;
        agentShare = budget.isSmoke() ? 0.01 : 1.0;
    }

    /** Measures everything. */
    public List<Figure> run()
    {
        final Runs<Double> core = coreAlone();
        final SampleRecords sample = new SampleRecords(budget.isSmoke() ? 256 : SAMPLE);
        for (final CommitMode commitMode : List.of(CommitMode.ASYNC, CommitMode.SYNC))
        {
            for (final ThreadingMode threading : ThreadingMode.values())
            {
                measure(commitMode, threading, core.median(), sample);
            }
        }
        return figures;
    }

    private Runs<Double> coreAlone()
    {
        final int agents = Math.max(16, (int)(AGENTS * agentShare));
        final CoreRig rig = new CoreRig(agents, CorePolicy.USUAL);
        final DecisionLoop loop = new DecisionLoop(rig, (int)(agents * ShapeMix.KERNELS_PER_AGENT));
        loop.fill();
        loop.run(budget.warmUpNs());
        final Runs<Double> runs =
            Runs.of(budget.runs(), () -> loop.run(budget.measureNs()).perSecond(), value -> value);
        figures.add(
            Figure.of("", "a: core alone, 10,000 agents", runs.median(), "decisions/s").with("runs", runs.values()));
        return runs;
    }

    private void measure(
        final CommitMode commitMode, final ThreadingMode threading, final double core, final SampleRecords sample)
    {
        final Runs<Sample> runs = Runs.of(budget.runs(), () -> pipeline(commitMode, threading), Sample::decisions);
        final double perBatch = runs.median().recordsPerBatch();
        final int batch = CommitMode.SYNC == commitMode ? (int)Math.max(1, perBatch) : 0;
        final RawLimits raw = new RawLimits(sample);
        final Runs<Double> appends = Runs.of(
            budget.runs(),
            () ->
            {
                try (Scratch scratch = new Scratch())
                {
                    return raw.ringAndAppend(scratch.directory(), budget.measureNs(), batch);
                }
            },
            value -> value);
        final double disk = appends.median() / sample.recordsPerDecision();
        final boolean shared = ThreadingMode.SHARED == threading;
        final double limit = shared ? 1 / (1 / core + 1 / disk) : Math.min(core, disk);
        final double target = CommitMode.SYNC == commitMode ? SYNC_TARGET : ASYNC_TARGET;
        final double value = runs.median().decisions();
        figures.add(
            Figure.of(
                CommitMode.SYNC == commitMode ? "4" : "3",
                "pipeline, journal " + commitMode.label() + ", " + threading.name().toLowerCase(Locale.ROOT),
                value,
                "decisions/s")
                .against(limit, shared ? "1/(1/a + 1/b)" : "min(a, b)")
                .target(String.format(Locale.ROOT, ">= %.0f %%", 100 * target), value >= target * limit)
                .with("runs", runs.values())
                .with("b: ring and raw Chronicle, decisions/s", disk)
                .with("b runs, records/s", appends.values())
                .with("recordsPerBatch", perBatch)
                .with("bytesPerRecord", sample.bytesPerRecord())
                .with("commitMaxMs", runs.median().commitMaxMs())
                .with("appendMaxMs", runs.median().appendMaxMs()));
    }

    private Sample pipeline(final CommitMode commitMode, final ThreadingMode threading)
    {
        try (Scratch scratch = new Scratch();
            PipelineRig rig = new PipelineRig(scratch.resolve("journal"), commitMode, threading, agentShare))
        {
            rig.fill();
            rig.run(budget.warmUpNs());
            final long batches = rig.counter(PipelineCounter.BATCHES);
            final long records = rig.counter(PipelineCounter.RECORDS);
            final double decisions = rig.run(budget.measureNs());
            return new Sample(
                decisions,
                (rig.counter(PipelineCounter.RECORDS) - records) /
                    (double)Math.max(1, rig.counter(PipelineCounter.BATCHES) - batches),
                rig.counter(PipelineCounter.COMMIT_MAX_NS) / 1e6,
                rig.counter(PipelineCounter.APPEND_MAX_NS) / 1e6);
        }
    }

    private record Sample(double decisions, double recordsPerBatch, double commitMaxMs, double appendMaxMs)
    {
    }
}
