package io.plimsoll.agent.runtime;

import java.util.Arrays;

/**
 * Brings together what a container in a terminal writes as it comes in on two ways. The engine's log has all of it,
 * each byte once, but a line only when that has ended; its attach has it at once, but only what is written while
 * somebody is attached. Both are the same text, so whichever comes first is kept, and what the other brings of it later
 * is not.
 * <p>
 * Where they disagree, as behind an agent or engine that was away in between, the log is right: its line is kept
 * whole, and the rest of the two is found in each other again at the ends of lines. So nothing is missing, and what was
 * written just then may be there twice. The engine's log writes U+FFFD for each byte that is not UTF-8; that counts as
 * equal. Not thread-safe.
 */
final class ScreenTail
{
    /** Of either, beyond the other. */
    static final int LENGTH_MAX = 1024 * 1024;
    private static final byte[] NOTHING = new byte[0];
    private static final byte[] REPLACED = {(byte)0xef, (byte)0xbf, (byte)0xbd};
    private static final int MISMATCH = -1;

    /** Kept already, and not in the log yet. */
    private byte[] ahead = NOTHING;
    private int aheadStart;
    private int aheadEnd;
    /** Kept from the log, and not shown yet. */
    private byte[] behind = NOTHING;
    private boolean isLive;
    private boolean isFresh;
    /** Where the last match has come to in what is ahead. */
    private int shown;

    /** Begins anew with what is kept beyond the log. */
    void reset(final byte[] kept)
    {
        ahead = kept;
        aheadStart = 0;
        aheadEnd = kept.length;
        behind = NOTHING;
    }

    /** Whether somebody is attached from here on; what was written in between comes from the log alone. */
    void live(final boolean attached)
    {
        isLive = attached;
        isFresh = true;
        behind = NOTHING;
    }

    /** How much is kept that the log has not told yet. */
    int aheadLength()
    {
        return aheadEnd - aheadStart;
    }

    /**
     * Whether an entry has to wait for what is shown: it may be the rest of a line of which the beginning is known, and
     * it is not to stand in the middle of another one.
     */
    boolean isHalf(final byte[] entry, final int offset)
    {
        return isLive && aheadLength() > 0 && aheadLength() < LENGTH_MAX && '\n' != ahead[aheadEnd - 1] &&
            MISMATCH == matched(entry, offset, aheadStart, aheadEnd) &&
            MISMATCH == foundEnd(entry, offset);
    }

    /** Behind the line that was shown with an entry whole or with the end of it; MISMATCH: it is none of them. */
    private int foundEnd(final byte[] entry, final int offset)
    {
        for (int start = aheadStart, end = lineEnd(start); end >= 0; start = end, end = lineEnd(start))
        {
            if (entry.length == matched(entry, offset, start, end) && shown == end)
            {
                return end;
            }
        }
        final int end = lineEnd(aheadStart);
        return end >= 0 && isEndOf(entry, offset, end) && entry.length - offset <= end - aheadStart ? end : MISMATCH;
    }

    /**
     * Takes an entry of the log.
     *
     * @param entry  with it.
     * @param offset at which it begins there.
     * @return what is to be kept of it; may be empty.
     */
    byte[] ofLog(final byte[] entry, final int offset)
    {
        final int length = matched(entry, offset, aheadStart, aheadEnd);
        if (MISMATCH != length)
        {
            // Up to where the shorter of both ends.
            final byte[] rest = Arrays.copyOfRange(entry, length, entry.length);
            drop(rest.length > 0 ? aheadEnd : shown);
            behind = isLive && behind.length + rest.length <= LENGTH_MAX ? joined(behind, rest) : NOTHING;
            return rest;
        }
        final int found = foundEnd(entry, offset);
        if (MISMATCH != found)
        {
            // What is before it was shown in pieces, and came from the log whole.
            drop(found);
            return NOTHING;
        }
        final int end = lineEnd(aheadStart);
        if (end >= 0 && isEndOf(entry, offset, end))
        {
            drop(end);
            return Arrays.copyOfRange(entry, offset, entry.length);
        }
        if (aheadLength() > LENGTH_MAX)
        {
            drop(aheadEnd);
        }
        return Arrays.copyOfRange(entry, offset, entry.length);
    }

    /**
     * Takes what is shown.
     *
     * @param chunk of it.
     * @return what is to be kept of it; may be empty.
     */
    byte[] ofScreen(final byte[] chunk)
    {
        int from = 0;
        if (behind.length > 0)
        {
            final byte[] expected = behind;
            from = common(chunk, expected);
            if (MISMATCH == from)
            {
                behind = NOTHING;
                from = isFresh && endsWith(expected, chunk) ? chunk.length : 0;
            }
        }
        isFresh = false;
        append(chunk, from);
        return 0 == from ? chunk : Arrays.copyOfRange(chunk, from, chunk.length);
    }

    /** How far an entry and what is kept between two places are the same, up to the end of one; MISMATCH: not so. */
    private int matched(final byte[] entry, final int offset, final int start, final int end)
    {
        int at = offset;
        int kept = start;
        while (at < entry.length && kept < end)
        {
            final int width = width(entry, at, ahead[kept]);
            if (0 == width)
            {
                return MISMATCH;
            }
            at += width;
            kept++;
        }
        shown = kept;
        return at;
    }

    /** How many bytes of the log stand for one that is shown; 0: not these. */
    private static int width(final byte[] log, final int at, final byte shown)
    {
        if (log[at] == shown)
        {
            return 1;
        }
        return shown < 0 && at + REPLACED.length <= log.length &&
            Arrays.equals(log, at, at + REPLACED.length, REPLACED, 0, REPLACED.length) ? REPLACED.length : 0;
    }

    /** Length of what a chunk has of what is expected, which is shortened by it. */
    private int common(final byte[] chunk, final byte[] expected)
    {
        int at = 0;
        int from = 0;
        while (at < expected.length && from < chunk.length)
        {
            final int width = width(expected, at, chunk[from]);
            if (0 == width)
            {
                return MISMATCH;
            }
            at += width;
            from++;
        }
        behind = Arrays.copyOfRange(expected, at, expected.length);
        return from;
    }

    private boolean isEndOf(final byte[] entry, final int offset, final int lineEnd)
    {
        final int length = Math.min(entry.length - offset, lineEnd - aheadStart);
        return length > 0 && Arrays.equals(
            entry, entry.length - length, entry.length, ahead, lineEnd - length, lineEnd);
    }

    private static boolean endsWith(final byte[] whole, final byte[] end)
    {
        return end.length <= whole.length &&
            Arrays.equals(whole, whole.length - end.length, whole.length, end, 0, end.length);
    }

    /** Behind the next line feed of what is kept; negative: there is none. */
    private int lineEnd(final int start)
    {
        for (int i = start; i < aheadEnd; i++)
        {
            if ('\n' == ahead[i])
            {
                return i + 1;
            }
        }
        return MISMATCH;
    }

    private void drop(final int until)
    {
        aheadStart = until;
        if (aheadStart == aheadEnd)
        {
            aheadStart = 0;
            aheadEnd = 0;
        }
    }

    private void append(final byte[] chunk, final int from)
    {
        final int length = chunk.length - from;
        if (aheadEnd + length > ahead.length)
        {
            final int kept = aheadLength();
            final byte[] larger = new byte[Math.max(2 * (kept + length), 256)];
            System.arraycopy(ahead, aheadStart, larger, 0, kept);
            ahead = larger;
            aheadStart = 0;
            aheadEnd = kept;
        }
        System.arraycopy(chunk, from, ahead, aheadEnd, length);
        aheadEnd += length;
    }

    private static byte[] joined(final byte[] first, final byte[] second)
    {
        final byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
