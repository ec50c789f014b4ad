package io.plimsoll.agent;

import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.IdleStrategy;

/**
 * Parks briefly while there has been work of late, longer when there has been none: what comes in waits for about one
 * park. It never spins, since on two cores that would be at the cost of the kernels.
 */
final class AgentIdleStrategy implements IdleStrategy
{
    private static final long PARK_BUSY_NS = 50_000L;
    private static final long PARK_CALM_NS = 200_000L;
    private static final long PARK_QUIET_NS = 500_000L;
    private static final int CALM_AFTER = 200;
    private static final int QUIET_AFTER = 5_000;

    private int idleCycles;

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
        LockSupport.parkNanos(
            idleCycles < CALM_AFTER ? PARK_BUSY_NS : idleCycles < QUIET_AFTER ? PARK_CALM_NS : PARK_QUIET_NS);
    }

    @Override
    public void reset()
    {
        idleCycles = 0;
    }
}
