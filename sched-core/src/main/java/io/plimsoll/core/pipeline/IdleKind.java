package io.plimsoll.core.pipeline;

import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;

import java.util.function.Supplier;

/** How a stage waits when it has nothing to do. */
public enum IdleKind
{
    /** Parks until work or a deadline comes: the least CPU, a wake-up of some microseconds. */
    BLOCKING,
    /** Spins, yields, then parks for up to a millisecond at a time. */
    BACKOFF,
    /** Yields for ever: fast where cores are free. */
    YIELDING,
    /** Spins for ever: only with more cores than busy threads. */
    SPIN;

    IdleStrategy newStrategy(final Supplier<IdleStrategy> blocking)
    {
        return switch (this)
        {
            case BLOCKING -> blocking.get();
            case BACKOFF -> new BackoffIdleStrategy(100, 10, 1_000, 1_000_000);
            case YIELDING -> YieldingIdleStrategy.INSTANCE;
            case SPIN -> BusySpinIdleStrategy.INSTANCE;
        };
    }
}
