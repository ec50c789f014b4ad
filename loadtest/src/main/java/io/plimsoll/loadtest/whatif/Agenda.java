package io.plimsoll.loadtest.whatif;

import java.util.PriorityQueue;

/**
 * What will follow, by time. At one instant: what is new first, in the order in which it was foreseen; then what
 * happens at the very time at which the record has it, in the order of the record, causes among it.
 */
final class Agenda
{
    private final PriorityQueue<Entry> entries = new PriorityQueue<>();
    private long nextNumber;

    /**
     * Foresees something.
     *
     * @param atNs     epoch nanoseconds.
     * @param sequence of it in the record, if it is there at this very time; otherwise 0.
     * @param action   to take then.
     */
    void add(final long atNs, final long sequence, final Runnable action)
    {
        entries.add(new Entry(atNs, sequence, nextNumber++, action));
    }

    /** When the next thing is due; Long.MAX_VALUE: nothing is. */
    long nextNs()
    {
        return entries.isEmpty() ? Long.MAX_VALUE : entries.peek().atNs;
    }

    /** Whether the next thing comes before a record. */
    boolean isBefore(final long atNs, final long sequence)
    {
        final Entry next = entries.peek();
        return null != next && (next.atNs < atNs || next.atNs == atNs && next.sequence < sequence);
    }

    /** Lets the next thing happen. */
    void step()
    {
        entries.remove().action.run();
    }

    private record Entry(long atNs, long sequence, long number, Runnable action) implements Comparable<Entry>
    {
        @Override
        public int compareTo(final Entry other)
        {
            final int byTime = Long.compare(atNs, other.atNs);
            final int bySequence = 0 == byTime ? Long.compare(sequence, other.sequence) : byTime;
            return 0 == bySequence ? Long.compare(number, other.number) : bySequence;
        }
    }
}
