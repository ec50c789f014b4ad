package io.plimsoll.manager.usage;

import io.plimsoll.transport.usage.Usage;

/**
 * A level over all samples in which it was known.
 *
 * @param last  latest; {@link Usage#UNKNOWN} if the latest sample did not have it.
 * @param min   of all.
 * @param max   of all.
 * @param sum   of all.
 * @param count of samples; 0: it was never known.
 */
public record Range(long last, long min, long max, double sum, long count)
{
    static final Range NONE = new Range(Usage.UNKNOWN, Usage.UNKNOWN, Usage.UNKNOWN, 0, 0);

    Range with(final long value)
    {
        if (value < 0)
        {
            return new Range(Usage.UNKNOWN, min, max, sum, count);
        }
        return new Range(
            value, 0 == count ? value : Math.min(min, value), Math.max(max, value), sum + value, count + 1);
    }

    /** Of the samples. */
    public long average()
    {
        return 0 == count ? Usage.UNKNOWN : Math.round(sum / count);
    }
}
