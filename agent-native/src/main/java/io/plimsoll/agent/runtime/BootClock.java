package io.plimsoll.agent.runtime;

import com.sun.jna.Memory;
import org.agrona.concurrent.NanoClock;

/**
 * Nanoseconds since the machine started, sleep included: the time of {@code /proc/uptime}, by which supervisors
 * judge leases. The usual nano clock stands still while a machine is suspended, and would take a lease for valid that
 * has long run out. One instance for each thread.
 */
public final class BootClock implements NanoClock
{
    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final int TIMESPEC_LENGTH = 16;

    private final Memory timespec = new Memory(TIMESPEC_LENGTH);

    @Override
    public long nanoTime()
    {
        if (0 != Libc.clock_gettime(Libc.CLOCK_BOOTTIME, timespec))
        {
            throw new IllegalStateException("no boot clock");
        }
        return timespec.getLong(0) * NS_PER_SECOND + timespec.getLong(Long.BYTES);
    }
}
