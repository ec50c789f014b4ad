package io.plimsoll.loadtest.sim;

/** The true time of a simulation: nanoseconds since its start, moved by nobody but the simulation. */
final class SimTime
{
    static final long MILLISECOND_NS = 1_000_000L;
    static final long SECOND_NS = 1_000_000_000L;

    private long nowNs = SECOND_NS;

    long nowNs()
    {
        return nowNs;
    }

    void advance(final long durationNs)
    {
        nowNs += durationNs;
    }
}
