package io.plimsoll.ops.e2e;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for other processes, by polling with a deadline that is far beyond what a busy machine needs. */
public final class Await
{
    private static final long POLL_NS = 20_000_000;

    private Await()
    {
    }

    /** Until the condition holds; an exception counts as not yet. */
    public static void until(
        final Duration timeout, final Supplier<String> description, final Callable<Boolean> condition)
    {
        final long deadlineNs = System.nanoTime() + timeout.toNanos();
        Exception last = null;
        do
        {
            try
            {
                if (condition.call())
                {
                    return;
                }
                last = null;
            }
            catch (final Exception ex)
            {
                last = ex;
            }
            LockSupport.parkNanos(POLL_NS);
        }
        while (System.nanoTime() < deadlineNs);
        throw new AssertionError("not within " + timeout + ": " + description.get(), last);
    }

    /** Until the condition holds; an exception counts as not yet. */
    public static void until(final Duration timeout, final String description, final Callable<Boolean> condition)
    {
        until(timeout, () -> description, condition);
    }

    /** Lets real time go by where the passing of time is what is tested, as in an outage of a given length. */
    public static void elapse(final Duration duration)
    {
        final long deadlineNs = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() < deadlineNs)
        {
            LockSupport.parkNanos(Math.min(POLL_NS, deadlineNs - System.nanoTime()));
        }
    }
}
