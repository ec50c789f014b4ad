package io.plimsoll.loadtest.report;

import java.util.Arrays;
import org.agrona.collections.Int2IntCounterMap;

/**
 * Counts durations in classes that are less than one part in 128 wide, so that quantiles are told without keeping
 * values. Sparse: hundreds of these are cheap. The largest value and the sum are exact.
 */
final class DurationCounts
{
    private static final int PRECISION_BITS = 7;
    private static final int PRECISION = 1 << PRECISION_BITS;

    private final Int2IntCounterMap counts = new Int2IntCounterMap(0);
    private long count;
    private long maxNs;
    private double sumNs;

    void add(final long valueNs)
    {
        final long value = Math.max(0, valueNs);
        counts.incrementAndGet(classOf(value));
        count++;
        maxNs = Math.max(maxNs, value);
        sumNs += value;
    }

    long count()
    {
        return count;
    }

    long maxNs()
    {
        return maxNs;
    }

    double sumNs()
    {
        return sumNs;
    }

    /** Upper end of the class of the value that is at least as large as this part of all, at most the largest. */
    long quantileNs(final double part)
    {
        final int[] classes = new int[counts.size()];
        final int[] next = new int[1];
        counts.forEach((valueClass, times) -> classes[next[0]++] = valueClass);
        Arrays.sort(classes);
        final long rank = Math.max(1, (long)Math.ceil(part * count));
        long passed = 0;
        for (final int valueClass : classes)
        {
            passed += counts.get(valueClass);
            if (passed >= rank)
            {
                return Math.min(maxNs, highestOf(valueClass));
            }
        }
        return 0;
    }

    private static int classOf(final long value)
    {
        if (value < PRECISION)
        {
            return (int)value;
        }
        final int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(value) - PRECISION_BITS;
        return (shift + 1 << PRECISION_BITS) + ((int)(value >>> shift) & PRECISION - 1);
    }

    private static long highestOf(final int valueClass)
    {
        if (valueClass < PRECISION)
        {
            return valueClass;
        }
        final int shift = (valueClass >> PRECISION_BITS) - 1;
        final long lowest = (long)(PRECISION + (valueClass & PRECISION - 1)) << shift;
        return lowest + (1L << shift) - 1;
    }
}
