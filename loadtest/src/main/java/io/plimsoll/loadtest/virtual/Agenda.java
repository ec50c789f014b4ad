package io.plimsoll.loadtest.virtual;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/** What will happen, by time; at one instant by kind, and of one kind in the order in which it was foreseen. */
final class Agenda
{
    /** Nothing will. */
    static final long NEVER = Long.MAX_VALUE;

    private static final double SECOND_NS = 1e9;

    private final PriorityQueue<Entry> entries = new PriorityQueue<>();
    private long nextNumber;
    private int runs;

    /**
     * Foresees something.
     *
     * @param atNs    when.
     * @param kind    of it.
     * @param subject of it.
     */
    void add(final long atNs, final Kind kind, final Object subject)
    {
        entries.add(new Entry(atNs, kind, nextNumber++, subject));
        runs += kind.isOfKernels ? 1 : 0;
    }

    /** A time in nanoseconds; of one that is too long, one that is never reached. */
    static long nanos(final double seconds)
    {
        return (long)Math.min(seconds * SECOND_NS, Long.MAX_VALUE >> 2);
    }

    long nextNs()
    {
        return entries.isEmpty() ? NEVER : entries.peek().atNs;
    }

    Entry poll()
    {
        final Entry entry = entries.remove();
        runs -= entry.kind.isOfKernels ? 1 : 0;
        return entry;
    }

    /** Takes all ends of kernels of an instant, if these are next. */
    List<Entry> ends(final long atNs)
    {
        final List<Entry> ends = new ArrayList<>();
        while (nextNs() == atNs && Kind.END == entries.peek().kind)
        {
            ends.add(poll());
        }
        return ends;
    }

    Kind nextKind()
    {
        return entries.peek().kind;
    }

    /** Whether kernels will start or end. */
    boolean hasKernels()
    {
        return runs > 0;
    }

    /** Parts of an instant, in order. */
    enum Kind
    {
        START(true),
        KILL(true),
        REPAIR(false),
        END(true),
        FAIL(false);

        private final boolean isOfKernels;

        Kind(final boolean isOfKernels)
        {
            this.isOfKernels = isOfKernels;
        }
    }

    /** One of them. */
    record Entry(long atNs, Kind kind, long number, Object subject) implements Comparable<Entry>
    {
        @Override
        public int compareTo(final Entry other)
        {
            final int byTime = Long.compare(atNs, other.atNs);
            final int byKind = 0 == byTime ? kind.compareTo(other.kind) : byTime;
            return 0 == byKind ? Long.compare(number, other.number) : byKind;
        }
    }
}
