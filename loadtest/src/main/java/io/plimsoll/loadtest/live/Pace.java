package io.plimsoll.loadtest.live;

import java.util.concurrent.locks.LockSupport;

/** Waits for the time at which something is due, to some microseconds. */
public final class Pace
{
    private static final long SPIN_NS = 50_000;

    private Pace()
    {
    }

    /**
     * Returns when it is time, or when the thread is interrupted.
     *
     * @param dueNs of {@link System#nanoTime}.
     */
    public static void awaitDue(final long dueNs)
    {
        long leftNs = dueNs - System.nanoTime();
        while (leftNs > 0 && !Thread.currentThread().isInterrupted())
        {
            if (leftNs > SPIN_NS)
            {
                LockSupport.parkNanos(leftNs - SPIN_NS);
            }
            else
            {
                Thread.yield();
            }
            leftNs = dueNs - System.nanoTime();
        }
    }
}
