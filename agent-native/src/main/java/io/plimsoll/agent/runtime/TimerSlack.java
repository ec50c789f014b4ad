package io.plimsoll.agent.runtime;

/**
 * How late the system may wake the calling thread, usually 50 µs: half as long again as an agent at work waits. Its
 * kernels do not inherit what the agent sets for itself.
 */
public final class TimerSlack
{
    private static final long SHARP_NS = 1_000;
    private static final long DEFAULT = 0;

    private TimerSlack()
    {
    }

    /** Wakes the calling thread on time; where that cannot be had, all goes on a little later. */
    public static void sharpen()
    {
        Libc.prctl(Libc.PR_SET_TIMERSLACK, SHARP_NS, 0, 0, 0);
    }

    /** As the system would have it, for children that are born now. */
    static void relax()
    {
        Libc.prctl(Libc.PR_SET_TIMERSLACK, DEFAULT, 0, 0, 0);
    }
}
