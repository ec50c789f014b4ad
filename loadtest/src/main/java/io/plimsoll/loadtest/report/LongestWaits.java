package io.plimsoll.loadtest.report;

import io.plimsoll.core.sbe.LifeState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * The sessions that waited longest, of those whose wait ended in the range or had not ended behind it. Of a job array
 * only the element that waited longest.
 */
final class LongestWaits implements ReportListener
{
    static final int COUNT = 20;

    private static final Comparator<Wait> SHORTEST_FIRST =
        Comparator.comparingLong(Wait::lengthNs).thenComparing(Comparator.comparingLong(Wait::id).reversed());

    private final ReportRange range;
    private final PriorityQueue<Wait> longest = new PriorityQueue<>(SHORTEST_FIRST);
    private final Map<Long, Wait> byRow = new HashMap<>();

    LongestWaits(final ReportRange range)
    {
        this.range = range;
    }

    /** A wait. */
    static final class Wait
    {
        final long rowId;
        final long sessionId;
        final BookedSession session;
        final long sinceNs;
        final long untilNs;
        /** What came of it; PENDING: it goes on behind the range. */
        final LifeState end;

        Wait(
            final long rowId,
            final long sessionId,
            final BookedSession session,
            final long sinceNs,
            final long untilNs,
            final LifeState end)
        {
            this.rowId = rowId;
            this.sessionId = sessionId;
            this.session = session;
            this.sinceNs = sinceNs;
            this.untilNs = untilNs;
            this.end = end;
        }

        long lengthNs()
        {
            return untilNs - sinceNs;
        }

        private long id()
        {
            return sessionId;
        }
    }

    @Override
    public void onWaited(
        final BookedSession session, final BookedSession row, final LifeState next, final long nowNs)
    {
        if (range.covers(nowNs))
        {
            offer(new Wait(row.id, session.id, session, session.waitingSinceNs, nowNs, next));
        }
    }

    /** All that still waits at the end of the range. */
    void onEnd(final List<BookedSession> open)
    {
        for (final BookedSession row : open)
        {
            if (LifeState.PENDING == row.state && row.waitingSinceNs < range.toNs())
            {
                offer(new Wait(
                    row.id, row.isArray() ? row.firstWaiting() : row.id, row, row.waitingSinceNs, range.toNs(),
                    LifeState.PENDING));
            }
        }
    }

    private void offer(final Wait wait)
    {
        final Wait known = byRow.get(wait.rowId);
        if (null != known && SHORTEST_FIRST.compare(known, wait) >= 0 || wait.lengthNs() <= 0)
        {
            return;
        }
        if (null == known && COUNT == longest.size() && SHORTEST_FIRST.compare(wait, longest.peek()) < 0)
        {
            return;
        }
        if (null != known)
        {
            longest.remove(known);
        }
        longest.add(wait);
        byRow.put(wait.rowId, wait);
        if (longest.size() > COUNT)
        {
            byRow.remove(longest.remove().rowId);
        }
    }

    /** The longest first. */
    List<Wait> waits()
    {
        final List<Wait> waits = new ArrayList<>(longest);
        waits.sort(SHORTEST_FIRST.reversed());
        return waits;
    }
}
