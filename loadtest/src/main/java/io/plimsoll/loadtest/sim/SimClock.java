package io.plimsoll.loadtest.sim;

/** The clock of one machine: begins anywhere, goes a little too fast or too slow, and tells the day as it likes. */
final class SimClock
{
    private static final long EPOCH_START_NS = 1_700_000_000_000_000_000L;
    private static final long MILLION = 1_000_000L;

    private final SimTime time;
    private long sinceNs;
    private long readingNs;
    private long driftPpm;
    private long jumpedNs;

    SimClock(final SimTime time, final long readingNs)
    {
        this.time = time;
        this.readingNs = readingNs;
        sinceNs = time.nowNs();
    }

    /** Monotonic. */
    long nowNs()
    {
        final long elapsedNs = time.nowNs() - sinceNs;
        return readingNs + elapsedNs + elapsedNs / MILLION * driftPpm;
    }

    /** Of the day. */
    long epochNs()
    {
        return EPOCH_START_NS + time.nowNs() + jumpedNs;
    }

    void drift(final long ppm)
    {
        readingNs = nowNs();
        sinceNs = time.nowNs();
        driftPpm = ppm;
    }

    void jump(final long byNs)
    {
        jumpedNs += byNs;
    }
}
