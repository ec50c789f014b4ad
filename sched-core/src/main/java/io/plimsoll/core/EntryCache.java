package io.plimsoll.core;

/**
 * Sessions as they stood in submissions, each with what came of reading it: most are written like one that was there a
 * short while ago. Only what no state has a say in is kept, and names of groups and slots, which stay what they are
 * once they are known. A cache of the deciding thread, bounded: what comes later takes the place of what was there.
 */
final class EntryCache
{
    /** Longer ones are read anew each time. */
    private static final int LENGTH_MAX = 512;
    /** Pairs of places; an entry may stand in either. */
    private static final int PAIR_BITS = 7;
    /** What follows the fixed part and is looked at to find an entry: the first amount, or that there are no others. */
    private static final int HASHED_BEYOND = 12;
    private static final long FACTOR = 0x9E37_79B9_7F4A_7C15L;

    private final SubmissionEntry[] entries = new SubmissionEntry[2 << PAIR_BITS];

    /** First place of the pair. The words do not wait for each other. */
    private static int place(final CommandBytes bytes, final int at, final int fixedEnd)
    {
        final int last = Math.min(fixedEnd + HASHED_BEYOND, bytes.length()) - Long.BYTES;
        long hash = 0;
        long factor = FACTOR;
        for (int from = at; from <= last; from += Long.BYTES)
        {
            hash += bytes.getLong(from) * factor;
            factor += FACTOR << 1;
        }
        hash ^= hash >>> 32;
        return (int)(hash * FACTOR >>> Long.SIZE - PAIR_BITS) << 1;
    }

    /**
     * What was read from the same bytes as stand at a place of a command; null if that is not known.
     *
     * @param fixedEnd where the fixed part of the session ends.
     */
    SubmissionEntry find(final CommandBytes bytes, final int at, final int fixedEnd)
    {
        final int place = place(bytes, at, fixedEnd);
        final SubmissionEntry first = entries[place];
        if (null != first && first.isWrittenAs(bytes, at))
        {
            return first;
        }
        final SubmissionEntry second = entries[place + 1];
        return null != second && second.isWrittenAs(bytes, at) ? second : null;
    }

    /** Keeps what was read without fault; returns it, or what is kept in its place. */
    SubmissionEntry keep(
        final SubmissionEntry read, final CommandBytes bytes, final int at, final int fixedEnd, final int length)
    {
        if (length < Long.BYTES || length > LENGTH_MAX || read.dependencyCount > 0 ||
            read.constraintLength > LENGTH_MAX)
        {
            return read;
        }
        final int place = place(bytes, at, fixedEnd);
        final SubmissionEntry older = entries[place + 1];
        entries[place + 1] = entries[place];
        entries[place] = null == older ? new SubmissionEntry(0, LENGTH_MAX, LENGTH_MAX) : older;
        entries[place].copyFrom(read);
        entries[place].writtenAs(bytes, at, length);
        return entries[place];
    }
}
