package io.plimsoll.journal;

import org.agrona.collections.LongArrayList;

/** Remembers where every so-many-th record stands, so that a reader need not walk from the start of a segment. */
final class SequenceIndex
{
    private static final int SPACING = 1024;

    private final LongArrayList sequences = new LongArrayList();
    private final LongArrayList positions = new LongArrayList();
    private long nextSequence;

    /** Writer or restore: a record that stands at that position of its segment, or the first behind it. */
    void onRecord(final long sequence, final long position)
    {
        if (sequence >= nextSequence)
        {
            add(sequence, position);
            nextSequence = sequence + SPACING;
        }
    }

    /**
     * Any thread: the last remembered sequence at or below one.
     *
     * @param sequence      sought.
     * @param firstSequence of the segment in which it must be.
     * @param found         takes sequence and position.
     * @return false if there is none.
     */
    synchronized boolean find(final long sequence, final long firstSequence, final long[] found)
    {
        int low = 0;
        int high = sequences.size() - 1;
        while (low <= high)
        {
            final int middle = (low + high) >>> 1;
            if (sequences.getLong(middle) <= sequence)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }
        if (high < 0 || sequences.getLong(high) < firstSequence)
        {
            return false;
        }
        found[0] = sequences.getLong(high);
        found[1] = positions.getLong(high);
        return true;
    }

    private synchronized void add(final long sequence, final long position)
    {
        sequences.addLong(sequence);
        positions.addLong(position);
    }
}
