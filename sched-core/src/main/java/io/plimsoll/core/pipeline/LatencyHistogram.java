package io.plimsoll.core.pipeline;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long something took, counted by upper bounds. Written by one thread without locks and without garbage, read by
 * any.
 */
public final class LatencyHistogram
{
    private static final long MICROSECOND = 1_000;
    private static final long MILLISECOND = 1_000 * MICROSECOND;
    private static final long SECOND = 1_000 * MILLISECOND;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;

    /** Bounds for what machines do: 1 us to 10 s, in nanoseconds. */
    private static final long[] MACHINE_NS =
    {
        MICROSECOND, 5 * MICROSECOND, 10 * MICROSECOND, 25 * MICROSECOND, 50 * MICROSECOND, 100 * MICROSECOND,
        250 * MICROSECOND, 500 * MICROSECOND, MILLISECOND, 5 * MILLISECOND / 2, 5 * MILLISECOND, 10 * MILLISECOND,
        25 * MILLISECOND, 50 * MILLISECOND, 100 * MILLISECOND, 250 * MILLISECOND, 500 * MILLISECOND, SECOND,
        10 * SECOND
    };

    /** Bounds for what sessions wait for: 1 ms to a week, in nanoseconds. */
    private static final long[] WAIT_NS =
    {
        MILLISECOND, 5 * MILLISECOND, 10 * MILLISECOND, 50 * MILLISECOND, 100 * MILLISECOND, 500 * MILLISECOND, SECOND,
        5 * SECOND, 15 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 4 * HOUR, 24 * HOUR, 7 * 24 * HOUR
    };

    private final long[] boundsNs;
    /** A count for each bound, one for what is above all of them, and the sum. */
    private final AtomicLongArray values;

    private LatencyHistogram(final long[] boundsNs)
    {
        this.boundsNs = boundsNs;
        values = new AtomicLongArray(boundsNs.length + 2);
    }

    /** An empty one for what machines do. */
    public static LatencyHistogram ofMachines()
    {
        return new LatencyHistogram(MACHINE_NS);
    }

    /** An empty one for what sessions wait for. */
    public static LatencyHistogram ofWaits()
    {
        return new LatencyHistogram(WAIT_NS);
    }

    /**
     * Counts one. Always the same thread.
     *
     * @param durationNs nanoseconds; a negative one, as clocks that were set give, counts as 0.
     */
    public void record(final long durationNs)
    {
        int bucket = 0;
        while (bucket < boundsNs.length && durationNs > boundsNs[bucket])
        {
            bucket++;
        }
        final int sum = boundsNs.length + 1;
        values.setRelease(bucket, values.getPlain(bucket) + 1);
        values.setRelease(sum, values.getPlain(sum) + Math.max(0, durationNs));
    }

    /** Number of bounds. */
    public int bounds()
    {
        return boundsNs.length;
    }

    /** The bound of an index, inclusive, in nanoseconds. */
    public long boundNs(final int index)
    {
        return boundsNs[index];
    }

    /**
     * How many took at most the bound of an index, and more than that of the one before.
     *
     * @param index up to {@link #bounds()}, which stands for those above all bounds.
     */
    public long count(final int index)
    {
        return values.getAcquire(index);
    }

    /** All of them together, in nanoseconds. */
    public long totalNs()
    {
        return values.getAcquire(boundsNs.length + 1);
    }
}
