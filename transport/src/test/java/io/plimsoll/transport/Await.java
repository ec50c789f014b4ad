package io.plimsoll.transport;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what other threads do: polls until it has happened, and fails after a time that means it never will. */
public final class Await
{
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(120);
    private static final long PAUSE_NS = TimeUnit.MICROSECONDS.toNanos(100);

    private Await()
    {
    }

    public static void until(final String what, final BooleanSupplier condition)
    {
        final long beginNs = System.nanoTime();
        while (!condition.getAsBoolean())
        {
            if (System.nanoTime() - beginNs > DEADLINE_NS)
            {
                throw new AssertionError("still not so: " + what);
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
    }
}
