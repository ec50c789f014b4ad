package io.plimsoll.loadtest.whatif;

import java.util.Arrays;
import org.agrona.collections.LongArrayList;

/**
 * Waits of some sessions for their first start. Who still waits at the end counts with what it has waited by then, so
 * that both sides are about the same sessions; who ended without a start does not count.
 */
public final class WaitFigures
{
    private static final double SECOND_NS = 1e9;

    private final LongArrayList waitsNs = new LongArrayList();
    private long[] sorted;
    private long stillWaiting;

    /** Another session: for how long it waited, and whether it still does. */
    public void add(final long waitNs, final boolean waits)
    {
        waitsNs.addLong(waitNs);
        stillWaiting += waits ? 1 : 0;
    }

    /** Sessions that count. */
    public int count()
    {
        return waitsNs.size();
    }

    /** Those among them that have not started. */
    public long stillWaiting()
    {
        return stillWaiting;
    }

    /**
     * The wait that so many do not exceed.
     *
     * @param percent 1 to 100; 100 is the longest.
     * @return nanoseconds, -1 if there are none.
     */
    public long percentileNs(final int percent)
    {
        if (null == sorted)
        {
            sorted = waitsNs.toLongArray();
            Arrays.sort(sorted);
        }
        return 0 == sorted.length ? -1 : sorted[Math.max(0, (int)(((long)sorted.length * percent + 99) / 100) - 1)];
    }

    /**
     * The same in seconds.
     *
     * @param percent 1 to 100.
     * @return no number if there are none; infinite for who waits for ever.
     */
    public double percentileSeconds(final int percent)
    {
        return seconds(percentileNs(percent));
    }

    /** Seconds; no number if there are none, infinite if one waits for ever. */
    public double meanSeconds()
    {
        return seconds(meanNs());
    }

    private static double seconds(final long waitNs)
    {
        return waitNs < 0 ? Double.NaN : Long.MAX_VALUE == waitNs ? Double.POSITIVE_INFINITY : waitNs / SECOND_NS;
    }

    /** Nanoseconds, -1 if there are none; {@link Long#MAX_VALUE} if one waits for ever. */
    public long meanNs()
    {
        if (Long.MAX_VALUE == percentileNs(100))
        {
            return Long.MAX_VALUE;
        }
        double sum = 0;
        for (int i = 0; i < waitsNs.size(); i++)
        {
            sum += waitsNs.getLong(i);
        }
        return waitsNs.isEmpty() ? -1 : (long)(sum / waitsNs.size());
    }
}
