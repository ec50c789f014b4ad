package io.plimsoll.agent.runtime;

import java.util.List;
import java.util.Locale;

/**
 * Scheduling class of kernels that have whole cores; see sched(7).
 *
 * @param policy   number of it.
 * @param priority of real-time policies, from 1 to 99; else 0.
 */
public record Scheduling(int policy, int priority)
{
    /** As everything else. */
    public static final Scheduling OTHER = new Scheduling(0, 0);
    private static final List<String> NAMES = List.of("other", "fifo", "rr");
    private static final int FIFO = 1;
    private static final int RR = 2;
    private static final int PRIORITY_MAX = 99;

    /**
     * Reads one.
     *
     * @param text as {@code other}, {@code fifo:10} or {@code rr:10}.
     * @return it.
     * @throws IllegalArgumentException for people, if it is none.
     */
    public static Scheduling parse(final String text)
    {
        final String[] parts = text.toLowerCase(Locale.ROOT).split(":", 2);
        final int policy = NAMES.indexOf(parts[0]);
        final boolean realTime = FIFO == policy || RR == policy;
        if (policy < 0 || realTime != (2 == parts.length))
        {
            throw new IllegalArgumentException("use other, fifo:N or rr:N; found '" + text + "'");
        }
        final int priority = realTime && parts[1].matches("[0-9]{1,2}") ? Integer.parseInt(parts[1]) : 0;
        if (realTime && (priority < 1 || priority > PRIORITY_MAX))
        {
            throw new IllegalArgumentException("the priority is from 1 to 99; found '" + text + "'");
        }
        return new Scheduling(policy, priority);
    }

    /** Whether it goes before everything that is not. */
    boolean isRealTime()
    {
        return FIFO == policy || RR == policy;
    }

    @Override
    public String toString()
    {
        return NAMES.get(policy) + (isRealTime() ? ":" + priority : "");
    }
}
