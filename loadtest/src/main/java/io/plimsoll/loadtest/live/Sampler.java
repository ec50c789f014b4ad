package io.plimsoll.loadtest.live;

import java.util.List;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/** Looks once a second. For a thread of its own; {@link #samples} when that has ended. */
final class Sampler
{
    private static final double SECOND_NS = 1e9;
    private static final double MICRO_NS = 1e3;
    private static final double NOTHING = -1;
    private static final int SAMPLES_MAX = 7_200;

    private final Ledger ledger;
    private final Meters meters;
    private final Swarm swarm;
    private final LiveManager manager;
    private final Consumer<Sample> listener;
    private final SampleSeries samples = new SampleSeries(SAMPLES_MAX);
    private final long startNs;
    private long lastNs;
    private long promised;
    private long assigned;
    private long done;
    private double cpuSeconds;

    Sampler(
        final Ledger ledger, final Meters meters, final Swarm swarm, final LiveManager manager,
        final Consumer<Sample> listener, final long startNs)
    {
        this.ledger = ledger;
        this.meters = meters;
        this.swarm = swarm;
        this.manager = manager;
        this.listener = listener;
        this.startNs = startNs;
        lastNs = startNs;
        final ProcessFigures figures = manager.figures();
        cpuSeconds = null == figures ? 0 : figures.cpuSeconds();
    }

    void sample(final long nowNs)
    {
        final double seconds = Math.max(1, nowNs - lastNs) / SECOND_NS;
        final Histogram latencies = meters.takeInterval();
        final boolean isAny = latencies.getTotalCount() > 0;
        final ProcessFigures figures = manager.figures();
        final long promisedNow = ledger.promised();
        final long assignedNow = ledger.assigned();
        final long doneNow = ledger.done();
        final Sample sample = new Sample(
            (nowNs - startNs) / SECOND_NS,
            (promisedNow - promised) / seconds,
            (assignedNow - assigned) / seconds,
            (doneNow - done) / seconds,
            isAny ? latencies.getValueAtPercentile(50) / MICRO_NS : NOTHING,
            isAny ? latencies.getValueAtPercentile(99) / MICRO_NS : NOTHING,
            swarm.active(),
            null == figures ? NOTHING : (figures.cpuSeconds() - cpuSeconds) / seconds,
            null == figures ? -1 : figures.memoryBytes());
        promised = promisedNow;
        assigned = assignedNow;
        done = doneNow;
        cpuSeconds = null == figures ? 0 : figures.cpuSeconds();
        lastNs = nowNs;
        samples.add(sample);
        listener.accept(sample);
    }

    List<Sample> samples()
    {
        return samples.list();
    }
}
