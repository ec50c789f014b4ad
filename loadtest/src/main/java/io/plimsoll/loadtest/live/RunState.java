package io.plimsoll.loadtest.live;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** Whether it goes on, and why not. Any thread. */
final class RunState
{
    private final AtomicReference<RuntimeException> failure = new AtomicReference<>();
    private final AtomicLong doubtful = new AtomicLong();
    private volatile boolean isStopped;
    private volatile boolean isInterrupted;
    private volatile boolean isAbandoned;
    private volatile long interruptedNs;

    /** Nothing new is to be submitted. */
    void stop()
    {
        isStopped = true;
    }

    /** Somebody wants it to end now. */
    void interrupt()
    {
        interruptedNs = System.nanoTime();
        isInterrupted = true;
        isStopped = true;
    }

    /** Nobody waits for answers any more. */
    void abandon()
    {
        isAbandoned = true;
        isStopped = true;
    }

    void fail(final RuntimeException error)
    {
        failure.compareAndSet(null, error);
        abandon();
    }

    /** Sessions were sent, and nobody knows whether they were accepted. */
    void onDoubt(final long sessions)
    {
        doubtful.addAndGet(sessions);
    }

    boolean isStopped()
    {
        return isStopped;
    }

    boolean isInterrupted()
    {
        return isInterrupted;
    }

    /** How long ago somebody wanted it to end; 0: nobody did. */
    long sinceInterruptNs()
    {
        return isInterrupted ? System.nanoTime() - interruptedNs : 0;
    }

    boolean isAbandoned()
    {
        return isAbandoned;
    }

    /** Whether what has not ended had not the time to. */
    boolean isStoppedEarly()
    {
        return isInterrupted || null != failure.get();
    }

    RuntimeException failure()
    {
        return failure.get();
    }

    long doubtful()
    {
        return doubtful.get();
    }
}
