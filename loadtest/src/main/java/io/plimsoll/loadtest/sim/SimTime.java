package io.plimsoll.loadtest.sim;

/** The one clock of a simulation: nanoseconds since its start, moved by nobody but the simulation. */
final class SimTime
{
    private static final long EPOCH_START_NS = 1_700_000_000_000_000_000L;

    private long nowNs = 1_000_000_000L;

    long nowNs()
    {
        return nowNs;
    }

    long epochNs()
    {
        return EPOCH_START_NS + nowNs;
    }

    void advance(final long durationNs)
    {
        nowNs += durationNs;
    }
}
