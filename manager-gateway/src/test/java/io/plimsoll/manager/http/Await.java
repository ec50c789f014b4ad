package io.plimsoll.manager.http;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what other threads do, with a deadline. */
final class Await
{
    private static final long DEADLINE_NS = Duration.ofSeconds(120).toNanos();

    private Await()
    {
    }

    static void until(final String what, final BooleanSupplier condition)
    {
        until(() -> what, condition);
    }

    static void until(final Supplier<String> what, final BooleanSupplier condition)
    {
        final long startNs = System.nanoTime();
        while (!condition.getAsBoolean())
        {
            if (System.nanoTime() - startNs > DEADLINE_NS)
            {
                throw new AssertionError("did not come: " + what.get());
            }
            Thread.yield();
        }
    }

    static <T> T notNull(final String what, final Supplier<T> supplier)
    {
        until(what, () -> null != supplier.get());
        return supplier.get();
    }
}
