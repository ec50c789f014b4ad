package io.plimsoll.loadtest.simulate;

import java.util.PriorityQueue;

/** What will happen, by time; at one instant by phase, and in a phase in the order in which it was foreseen. */
final class Timeline
{
    private final PriorityQueue<Entry> entries = new PriorityQueue<>();
    private long nextNumber;

    /**
     * Foresees something.
     *
     * @param atNs   from the start.
     * @param phase  of the instant.
     * @param action to take then.
     */
    void add(final long atNs, final Phase phase, final Runnable action)
    {
        entries.add(new Entry(atNs, phase, nextNumber++, action));
    }

    /** When the next thing happens, {@link VirtualCore#NEVER} if none does. */
    long nextNs()
    {
        return entries.isEmpty() ? VirtualCore.NEVER : entries.peek().atNs();
    }

    /** Lets the next thing happen. */
    void step()
    {
        entries.remove().action().run();
    }

    /** Parts of an instant, in order. */
    enum Phase
    {
        /** A kernel that was just placed starts. */
        START,
        /** Sessions are handed in; none is placed before the next phase. */
        SUBMIT,
        /** Machines come. */
        JOIN,
        /** Kernels end, in the order in which they were started. */
        END,
        /** What ended together is looked at. */
        ENDED,
        /** Users cancel. */
        CANCEL,
        /** Machines fail. */
        FAIL
    }

    private record Entry(long atNs, Phase phase, long number, Runnable action) implements Comparable<Entry>
    {
        @Override
        public int compareTo(final Entry other)
        {
            final int byTime = Long.compare(atNs, other.atNs);
            final int byPhase = 0 == byTime ? phase.compareTo(other.phase) : byTime;
            return 0 == byPhase ? Long.compare(number, other.number) : byPhase;
        }
    }
}
