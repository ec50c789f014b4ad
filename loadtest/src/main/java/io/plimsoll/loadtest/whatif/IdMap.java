package io.plimsoll.loadtest.whatif;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * Which session is which: ids of the record, and those that the same submissions got this time. Up to the fork they are
 * the same.
 */
final class IdMap
{
    /** Of a session that the record does not have. */
    static final long NONE = 0;

    /** By recorded id, and by ours: both rise with every submission. */
    private final List<Run> byRecorded = new ArrayList<>();
    private final List<Run> byOurs = new ArrayList<>();
    /** First and last recorded ids of those that a change removed, rising. */
    private final List<long[]> removed = new ArrayList<>();
    private List<Run> expected = List.of();
    private long lastSame;
    private boolean shifted;

    /** All ids up to one are the same. */
    void same(final long lastId)
    {
        lastSame = Math.max(lastSame, lastId);
    }

    /** Whether any id is another. */
    boolean isShifted()
    {
        return shifted;
    }

    void shifted()
    {
        shifted = true;
    }

    /** The next submission is of these sessions, in this order; their ids are not known yet. */
    void expect(final List<Run> runs)
    {
        expected = runs;
    }

    /** The submission was taken, and this is the first of its ids. */
    void onAccepted(final long firstId, final long count)
    {
        long id = firstId;
        for (final Run run : expected)
        {
            final Run known = new Run(
                run.batch,
                run.recordedFirst,
                id,
                1 == expected.size() ? count : run.count,
                run.copy,
                run.duration,
                run.added);
            add(known);
            id += known.count;
        }
        expected = List.of();
    }

    /** Sessions that were submitted: {@code recordedFirst} is {@link #NONE} for new ones. */
    private void add(final Run run)
    {
        if (NONE != run.recordedFirst && !run.copy)
        {
            byRecorded.add(run);
        }
        byOurs.add(run);
        shifted |= run.recordedFirst != run.ourFirst || run.copy;
    }

    /** Recorded sessions are not there this time because a change says so. */
    void removed(final long first, final long count)
    {
        removed.add(new long[]{first, first + count - 1});
        shifted = true;
    }

    /** Whether a change has removed a recorded session. */
    boolean isRemoved(final long recorded)
    {
        int low = 0;
        int high = removed.size() - 1;
        while (low <= high)
        {
            final int middle = (low + high) >>> 1;
            final long[] range = removed.get(middle);
            if (recorded < range[0])
            {
                high = middle - 1;
            }
            else if (recorded > range[1])
            {
                low = middle + 1;
            }
            else
            {
                return true;
            }
        }
        return false;
    }

    /** Our id of a recorded session, {@link #NONE} if there is none. */
    long ours(final long recorded)
    {
        if (recorded <= lastSame)
        {
            return recorded;
        }
        int low = 0;
        int high = byRecorded.size() - 1;
        while (low <= high)
        {
            final int middle = (low + high) >>> 1;
            final Run run = byRecorded.get(middle);
            if (recorded < run.recordedFirst)
            {
                high = middle - 1;
            }
            else if (recorded >= run.recordedFirst + run.count)
            {
                low = middle + 1;
            }
            else
            {
                return run.ourFirst + recorded - run.recordedFirst;
            }
        }
        return NONE;
    }

    /** The submission that our session came of, null up to the fork. */
    Run run(final long ours)
    {
        final int index = indexOfOurs(ours);
        return index < 0 ? null : byOurs.get(index);
    }

    private int indexOfOurs(final long ours)
    {
        int low = 0;
        int high = byOurs.size() - 1;
        while (low <= high)
        {
            final int middle = (low + high) >>> 1;
            final Run run = byOurs.get(middle);
            if (ours < run.ourFirst)
            {
                high = middle - 1;
            }
            else if (ours >= run.ourFirst + run.count)
            {
                low = middle + 1;
            }
            else
            {
                return middle;
            }
        }
        return -1;
    }

    /** The recorded session that one of ours is or copies, {@link #NONE} if there is none. */
    long recorded(final long ours)
    {
        if (ours <= lastSame)
        {
            return ours;
        }
        final Run run = run(ours);
        return null == run || NONE == run.recordedFirst ? NONE : run.recordedFirst + ours - run.ourFirst;
    }

    /** Index of the first submission that may hold a recorded session or a later one. */
    private int firstOfBatch(final long recorded)
    {
        int low = 0;
        int high = byRecorded.size();
        while (low < high)
        {
            final int middle = (low + high) >>> 1;
            final Run run = byRecorded.get(middle);
            if (run.recordedFirst + run.count <= recorded)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        if (low == byRecorded.size())
        {
            return byOurs.size();
        }
        return indexOfOurs(byRecorded.get(low).ourFirst);
    }

    /** Our ids for recorded ones, copies included, as pairs of first and last. */
    List<long[]> ours(final long firstRecorded, final long lastRecorded)
    {
        final List<long[]> ranges = new ArrayList<>();
        if (firstRecorded <= lastSame)
        {
            ranges.add(new long[]{firstRecorded, Math.min(lastRecorded, lastSame)});
        }
        long batch = Long.MAX_VALUE;
        for (int i = firstOfBatch(firstRecorded); i < byOurs.size() && byOurs.get(i).batch <= batch; i++)
        {
            final Run run = byOurs.get(i);
            final long first = Math.max(firstRecorded, run.recordedFirst);
            final long last = Math.min(lastRecorded, run.recordedFirst + run.count - 1);
            if (NONE != run.recordedFirst && first <= last)
            {
                final long shift = run.ourFirst - run.recordedFirst;
                ranges.add(new long[]{first + shift, last + shift});
            }
            if (NONE != run.recordedFirst && run.recordedFirst > lastRecorded && Long.MAX_VALUE == batch)
            {
                // Copies come at the end of their batch.
                batch = run.batch;
            }
        }
        ranges.sort((left, right) -> Long.compare(left[0], right[0]));
        return ranges;
    }

    /**
     * Sessions with consecutive ids.
     *
     * @param batch         sequence of the submission in the record.
     * @param recordedFirst id of the first in the record; {@link #NONE}: not there.
     * @param ourFirst      our id of it.
     * @param count         of them.
     * @param copy          whether they are there in addition to those of the record.
     * @param duration      by which their run time is multiplied; null: as it is.
     * @param added         what they do, if a change has added them; otherwise null.
     */
    record Run(
        long batch,
        long recordedFirst,
        long ourFirst,
        long count,
        boolean copy,
        BigDecimal duration,
        AddedSession added)
    {
    }
}
