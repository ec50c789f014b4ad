package io.plimsoll.core.pipeline;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Lets one thread wait for work that other threads make. A signal costs a fence and a read while nobody waits, and
 * only the first of many signals wakes.
 */
final class Wakeup
{
    private final AtomicReference<Thread> waiter = new AtomicReference<>();

    /** Any thread, after it has made its work visible. */
    void signal()
    {
        // The work must be visible before the waiter is looked for: it looks for work after it has entered itself.
        VarHandle.fullFence();
        final Thread thread = waiter.getPlain();
        if (null != thread && waiter.compareAndSet(thread, null))
        {
            LockSupport.unpark(thread);
        }
    }

    /** The waiting thread: returns after a signal, at the latest after the time given, at once if there is work. */
    void await(final BooleanSupplier ready, final long maxNs)
    {
        waiter.set(Thread.currentThread());
        if (!ready.getAsBoolean())
        {
            LockSupport.parkNanos(this, maxNs);
        }
        waiter.set(null);
    }
}
