package io.plimsoll.core.pipeline;

import java.util.concurrent.atomic.AtomicLongArray;

/** Values of {@link PipelineCounter} and {@link PipelineLatency}; read by any thread. */
public final class PipelineCounters
{
    // A cache line apart, so that stages on different cores do not slow each other down by counting.
    private static final int STRIDE = 16;

    private final AtomicLongArray values = new AtomicLongArray((PipelineCounter.values().length + 1) * STRIDE);
    private final LatencyHistogram[] latencies = new LatencyHistogram[PipelineLatency.values().length];

    PipelineCounters()
    {
        for (int i = 0; i < latencies.length; i++)
        {
            latencies[i] = LatencyHistogram.ofMachines();
        }
    }

    /** How long something took so far. */
    public LatencyHistogram latency(final PipelineLatency latency)
    {
        return latencies[latency.ordinal()];
    }

    /**
     * Current value.
     *
     * @param counter to read.
     * @return its value.
     */
    public long get(final PipelineCounter counter)
    {
        return values.get(index(counter));
    }

    void add(final PipelineCounter counter, final long amount)
    {
        final int index = index(counter);
        values.setRelease(index, values.getPlain(index) + amount);
    }

    void addConcurrently(final PipelineCounter counter)
    {
        values.getAndIncrement(index(counter));
    }

    void max(final PipelineCounter counter, final long value)
    {
        final int index = index(counter);
        if (value > values.getPlain(index))
        {
            values.setRelease(index, value);
        }
    }

    private static int index(final PipelineCounter counter)
    {
        return (counter.ordinal() + 1) * STRIDE;
    }
}
