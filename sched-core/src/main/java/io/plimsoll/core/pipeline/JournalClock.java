package io.plimsoll.core.pipeline;

import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;

/**
 * Time as the journal has it, read once a cycle: that of the day, except that it never falls. When the clock of the day
 * was set back, be it by hours, time goes on at half the pace until that has caught up: standing still, no timer would
 * expire for as long. Of the core's thread.
 */
final class JournalClock
{
    private static final int PACE_DIVISOR = 2;

    private final EpochNanoClock epochClock;
    private final NanoClock nanoClock;
    private long nowNs;
    private long readNs;

    /**
     * Begins.
     *
     * @param epochClock  tells the day.
     * @param nanoClock   measures.
     * @param timestampNs below which it does not go.
     */
    JournalClock(final EpochNanoClock epochClock, final NanoClock nanoClock, final long timestampNs)
    {
        this.epochClock = epochClock;
        this.nanoClock = nanoClock;
        nowNs = timestampNs;
        readNs = nanoClock.nanoTime();
    }

    long nowNs()
    {
        final long elapsedNs = nanoClock.nanoTime() - readNs;
        final long epochNs = epochClock.nanoTime();
        if (epochNs >= nowNs)
        {
            nowNs = epochNs;
            readNs += elapsedNs;
        }
        else if (elapsedNs >= PACE_DIVISOR)
        {
            // What is too short to be divided counts with what follows.
            nowNs += elapsedNs / PACE_DIVISOR;
            readNs += elapsedNs;
        }
        return nowNs;
    }
}
