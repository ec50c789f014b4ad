package io.plimsoll.manager.bed;

import java.util.concurrent.TimeUnit;

/** Time that passes when the test says so. */
public final class SettableClock
{
    private static final long EPOCH_START_NS = 1_700_000_000_000_000_000L;

    private long nowNs = 1_000_000_000L;

    public long monotonicNs()
    {
        return nowNs;
    }

    public long epochNs()
    {
        return EPOCH_START_NS + nowNs;
    }

    public void advance(final long amount, final TimeUnit unit)
    {
        nowNs += unit.toNanos(amount);
    }
}
