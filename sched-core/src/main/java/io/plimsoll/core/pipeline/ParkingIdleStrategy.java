package io.plimsoll.core.pipeline;

import org.agrona.concurrent.IdleStrategy;

import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Spins for a moment, yields for a moment, then parks until a {@link Wakeup} or a deadline. The short spin keeps a
 * conversation (one request after the other) from paying for a wake-up each time.
 */
final class ParkingIdleStrategy implements IdleStrategy
{
    private static final int SPINS = 64;
    private static final int YIELDS = 4;

    private final Wakeup wakeup;
    private final BooleanSupplier ready;
    private final LongSupplier waitNs;
    private int idles;

    ParkingIdleStrategy(final Wakeup wakeup, final BooleanSupplier ready, final LongSupplier waitNs)
    {
        this.wakeup = wakeup;
        this.ready = ready;
        this.waitNs = waitNs;
    }

    @Override
    public void idle(final int workCount)
    {
        if (workCount > 0)
        {
            idles = 0;
        }
        else
        {
            idle();
        }
    }

    @Override
    public void idle()
    {
        if (idles < SPINS)
        {
            idles++;
            Thread.onSpinWait();
        }
        else if (idles < SPINS + YIELDS)
        {
            idles++;
            Thread.yield();
        }
        else
        {
            final long maxNs = waitNs.getAsLong();
            if (maxNs > 0)
            {
                wakeup.await(ready, maxNs);
            }
        }
    }

    @Override
    public void reset()
    {
        idles = 0;
    }

    @Override
    public String alias()
    {
        return "blocking";
    }
}
