package io.plimsoll.agent;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for real processes by looking again and again, until a deadline that only a defect reaches. */
public final class Await
{
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(120);
    private static final long PARK_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private Await()
    {
    }

    public static void until(final Supplier<String> what, final BooleanSupplier condition)
    {
        final long deadlineNs = System.nanoTime() + DEADLINE_NS;
        while (!condition.getAsBoolean())
        {
            if (System.nanoTime() - deadlineNs > 0)
            {
                throw new AssertionError("still waiting for " + what.get());
            }
            LockSupport.parkNanos(PARK_NS);
        }
    }

    public static void until(final String what, final BooleanSupplier condition)
    {
        until(() -> what, condition);
    }
}
