package io.plimsoll.agent;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.agrona.concurrent.IdleStrategy;

/**
 * Waits for the supervisors of kernels, which wake it at once, and looks after the links now and then: soon while there
 * has been work of late, later when there has been none. It never spins: a wake-up costs some ten microseconds, and on
 * two cores what an agent wastes its kernels miss. One thread.
 */
final class AgentIdleStrategy implements IdleStrategy
{
    private static final long BUSY_NS = 100_000L;
    private static final long CALM_NS = 250_000L;
    private static final long QUIET_NS = 500_000L;
    private static final int CALM_AFTER = 20;
    private static final int QUIET_AFTER = 4_000;

    private LongConsumer waiter = LockSupport::parkNanos;
    private int idleCycles;

    /** How to wait for so many nanoseconds, or less if there is something to do. */
    void waiter(final LongConsumer newWaiter)
    {
        waiter = newWaiter;
    }

    @Override
    public void idle(final int workCount)
    {
        if (workCount > 0)
        {
            reset();
        }
        else
        {
            idle();
        }
    }

    @Override
    public void idle()
    {
        idleCycles = Math.min(QUIET_AFTER, idleCycles + 1);
        waiter.accept(idleCycles < CALM_AFTER ? BUSY_NS : idleCycles < QUIET_AFTER ? CALM_NS : QUIET_NS);
    }

    @Override
    public void reset()
    {
        idleCycles = 0;
    }
}
