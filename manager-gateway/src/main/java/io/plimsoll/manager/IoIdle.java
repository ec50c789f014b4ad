package io.plimsoll.manager;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;

/**
 * How the thread of the agents' side waits. Nobody can wake it, since what comes in waits in rings, so it looks again
 * after a short sleep while there has been work of late, and after a longer one when the cluster rests. A look costs
 * more the more agents there are (each has an image of its own), so the sleep is also some times as long as the last
 * look in vain. It never spins: on two cores that takes from those who have work.
 */
final class IoIdle implements IdleStrategy
{
    static final long SHORT_SLEEP_NS = TimeUnit.MICROSECONDS.toNanos(50);
    static final long LONG_SLEEP_NS = TimeUnit.MILLISECONDS.toNanos(1);
    static final int SHORT_SLEEPS = 5_000;

    private static final int YIELDS = 2;
    private static final int SLEEP_PER_LOOK = 5;

    private final NanoClock clock;
    private int idleCycles;
    private long lookBeganNs;

    IoIdle(final NanoClock clock)
    {
        this.clock = clock;
        lookBeganNs = clock.nanoTime();
    }

    @Override
    public void idle(final int workCount)
    {
        if (workCount > 0)
        {
            idleCycles = 0;
            lookBeganNs = clock.nanoTime();
        }
        else
        {
            idle();
        }
    }

    @Override
    public void idle()
    {
        if (idleCycles < YIELDS)
        {
            Thread.yield();
        }
        else
        {
            LockSupport.parkNanos(sleepNs(clock.nanoTime() - lookBeganNs));
        }
        idleCycles = Math.min(idleCycles + 1, SHORT_SLEEPS);
        lookBeganNs = clock.nanoTime();
    }

    /** How long to sleep after a look in vain. */
    long sleepNs(final long lookNs)
    {
        return idleCycles >= SHORT_SLEEPS ?
            LONG_SLEEP_NS : Math.min(LONG_SLEEP_NS, Math.max(SHORT_SLEEP_NS, SLEEP_PER_LOOK * lookNs));
    }

    @Override
    public void reset()
    {
        idleCycles = 0;
    }
}
