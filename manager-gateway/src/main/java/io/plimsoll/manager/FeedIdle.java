package io.plimsoll.manager;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.IdleStrategy;

/** Waits until somebody wakes it: a feed without subscribers costs nothing. One thread waits, any thread wakes. */
final class FeedIdle implements IdleStrategy, Runnable
{
    /** Only a bound: every reason to work wakes. */
    private static final long WAIT_MAX_NS = TimeUnit.MILLISECONDS.toNanos(200);

    private volatile Thread waiting;
    private volatile boolean woken;

    @Override
    public void idle(final int workCount)
    {
        if (0 == workCount)
        {
            idle();
        }
    }

    @Override
    public void idle()
    {
        waiting = Thread.currentThread();
        // Looked at after the thread is known, so that a wake-up in between is not lost.
        if (!woken)
        {
            LockSupport.parkNanos(WAIT_MAX_NS);
        }
        waiting = null;
        woken = false;
    }

    @Override
    public void reset()
    {
        // Nothing builds up.
    }

    @Override
    public void run()
    {
        if (!woken)
        {
            woken = true;
            LockSupport.unpark(waiting);
        }
    }
}
