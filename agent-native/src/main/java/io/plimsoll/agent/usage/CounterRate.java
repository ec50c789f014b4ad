package io.plimsoll.agent.usage;

/**
 * How fast a counter of the system rises. Such counters begin anew when what they count does (an interface, a
 * container, a restart): a value below the one before is a beginning, of which nothing is known, and never a negative
 * rate. The first value is no rate either: it may have been counted since the host started.
 */
final class CounterRate
{
    private static final long SECOND_NS = 1_000_000_000L;

    private boolean hasValue;
    private long value;
    private long valueNs;
    private long difference;
    private long perSecond;

    /**
     * Takes a sample.
     *
     * @param sample of the counter.
     * @param nowNs  at which it was taken; one that is not later than the one before changes nothing but the value.
     */
    void sample(final long sample, final long nowNs)
    {
        final long elapsedNs = nowNs - valueNs;
        difference = hasValue && sample >= value ? sample - value : 0;
        perSecond = hasValue && elapsedNs > 0 ? Math.round((double)difference * SECOND_NS / elapsedNs) : 0;
        hasValue = true;
        value = sample;
        valueNs = nowNs;
    }

    /** By which the counter rose between the last two samples; 0 before there are two, and after it began anew. */
    long difference()
    {
        return difference;
    }

    /** That per second. */
    long perSecond()
    {
        return perSecond;
    }
}
