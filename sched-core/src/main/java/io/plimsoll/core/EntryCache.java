package io.plimsoll.core;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Sessions as they stood in submissions, each with what came of reading it: most are written like one that was there a
 * short while ago. Only what no state has a say in is kept, and names of groups and slots, which stay what they are
 * once they are known. A cache of the deciding thread, bounded: what comes later takes the place of what was there.
 */
final class EntryCache
{
    /** Longer ones are read anew each time. */
    private static final int LENGTH_MAX = 512;
    private static final int SIZE_BITS = 8;
    /** What follows the fixed part and is looked at to find an entry: the first amount, or that there are no others. */
    private static final int HASHED_BEYOND = 12;

    private final SubmissionEntry[] entries = new SubmissionEntry[1 << SIZE_BITS];
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);

    private static int place(final DirectBuffer buffer, final int offset, final int fixedEnd, final int end)
    {
        long hash = 0;
        for (int at = offset; at + Long.BYTES <= Math.min(fixedEnd + HASHED_BEYOND, end); at += Long.BYTES)
        {
            hash = (hash ^ buffer.getLong(at)) * 0x9E37_79B9_7F4A_7C15L;
            hash ^= hash >>> 32;
        }
        return (int)(hash & (1 << SIZE_BITS) - 1);
    }

    /**
     * What was read from the same bytes as stand at an offset; null if that is not known.
     *
     * @param fixedEnd where the fixed part of the session ends.
     * @param end      of the command.
     */
    SubmissionEntry find(final DirectBuffer buffer, final int offset, final int fixedEnd, final int end)
    {
        final SubmissionEntry entry = entries[place(buffer, offset, fixedEnd, end)];
        if (null == entry || entry.written.capacity() > end - offset)
        {
            return null;
        }
        view.wrap(buffer, offset, entry.written.capacity());
        return view.equals(entry.written) ? entry : null;
    }

    /** Keeps what was read without fault; returns it, or what is kept in its place. */
    SubmissionEntry keep(
        final SubmissionEntry read,
        final DirectBuffer buffer,
        final int offset,
        final int fixedEnd,
        final int end,
        final int length)
    {
        if (length > LENGTH_MAX || read.dependencyCount > 0 || read.constraintLength > LENGTH_MAX)
        {
            return read;
        }
        final int place = place(buffer, offset, fixedEnd, end);
        if (null == entries[place])
        {
            entries[place] = new SubmissionEntry(0, LENGTH_MAX, LENGTH_MAX);
        }
        entries[place].copyFrom(read);
        entries[place].writtenAs(buffer, offset, length);
        return entries[place];
    }
}
