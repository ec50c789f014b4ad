package io.plimsoll.transport.uplink;

import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.SleepingIdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;

/**
 * What a thread does when there is nothing to do, by name:
 * <ul>
 *   <li>{@code backoff}: spins and yields briefly, then parks for up to 200 µs; Agrona's own default of 1 ms shows in
 *       every round trip at low rates;</li>
 *   <li>{@code sleep-N}: parks for N µs; least load, latency of about N plus 50 µs;</li>
 *   <li>{@code yield}: one processor per thread, microseconds;</li>
 *   <li>{@code spin}: the same, and harmful with fewer processors than spinning threads.</li>
 * </ul>
 */
public final class IdleStrategies
{
    /** The default. */
    public static final String BACKOFF = "backoff";
    private static final String SLEEP = "sleep-";
    private static final long SPINS = 20;
    private static final long YIELDS = 20;
    private static final long PARK_MIN_NS = TimeUnit.MICROSECONDS.toNanos(10);
    private static final long PARK_MAX_NS = TimeUnit.MICROSECONDS.toNanos(200);

    private IdleStrategies()
    {
    }

    /**
     * Makes a strategy; each thread needs its own.
     *
     * @param name see above.
     * @return the strategy.
     * @throws IllegalArgumentException that lists the names.
     */
    public static IdleStrategy of(final String name)
    {
        if (name.startsWith(SLEEP) && name.substring(SLEEP.length()).matches("[1-9][0-9]{0,5}"))
        {
            return new SleepingIdleStrategy(
                TimeUnit.MICROSECONDS.toNanos(Long.parseLong(name.substring(SLEEP.length()))));
        }
        return switch (name)
        {
            case BACKOFF -> new BackoffIdleStrategy(SPINS, YIELDS, PARK_MIN_NS, PARK_MAX_NS);
            case "yield" -> new YieldingIdleStrategy();
            case "spin" -> new BusySpinIdleStrategy();
            default -> throw new IllegalArgumentException(
                name + " is not an idle strategy: use backoff, sleep-N (N microseconds), yield or spin");
        };
    }
}
