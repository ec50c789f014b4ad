package io.plimsoll.manager;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.IdleStrategy;

/**
 * How the thread of the agents' side waits. Nobody can wake it, since what comes in waits in rings, so it looks again
 * after a short sleep while there has been work of late, and after a longer one when the cluster rests. It never spins:
 * on two cores that takes from those who have work.
 */
final class IoIdle implements IdleStrategy
{
    private static final int YIELDS = 2;
    private static final int SHORT_SLEEPS = 5_000;
    private static final long SHORT_SLEEP_NS = TimeUnit.MICROSECONDS.toNanos(50);
    private static final long LONG_SLEEP_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private int idleCycles;

    @Override
    public void idle(final int workCount)
    {
        if (workCount > 0)
        {
            idleCycles = 0;
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
            LockSupport.parkNanos(idleCycles < SHORT_SLEEPS ? SHORT_SLEEP_NS : LONG_SLEEP_NS);
        }
        idleCycles = Math.min(idleCycles + 1, SHORT_SLEEPS);
    }

    @Override
    public void reset()
    {
        idleCycles = 0;
    }
}
