package io.plimsoll.manager.http;

import io.plimsoll.manager.view.IdRange;
import io.plimsoll.manager.view.LiveView;
import io.plimsoll.manager.view.SessionFilter;
import io.plimsoll.manager.view.SessionPage;
import io.plimsoll.manager.view.SessionView;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * What of given ranges of ids somebody may touch.
 *
 * @param ranges of sessions that are there for it.
 * @param hidden how many ids are left out.
 */
record VisibleRanges(List<IdRange> ranges, long hidden)
{
    private static final int PAGE_MAX = 1_000;

    /**
     * Looks.
     *
     * @param view   of the sessions.
     * @param owners whose sessions are there; null: all.
     * @param given  ranges.
     */
    static VisibleRanges of(final LiveView view, final IntPredicate owners, final List<IdRange> given)
    {
        if (null == owners)
        {
            return new VisibleRanges(given, 0);
        }
        final SessionFilter filter = SessionFilter.of(owners);
        final List<IdRange> visible = new ArrayList<>();
        long hidden = 0;
        for (final IdRange range : given)
        {
            hidden += range.lastId() - range.firstId() + 1;
            long cursor = range.firstId();
            while (0 != cursor && cursor <= range.lastId())
            {
                final SessionPage page = view.sessions(filter, cursor, PAGE_MAX);
                for (final SessionView session : page.sessions())
                {
                    if (session.id() <= range.lastId())
                    {
                        hidden--;
                        add(visible, session.id());
                    }
                }
                cursor = page.nextCursor();
            }
        }
        return new VisibleRanges(visible, hidden);
    }

    private static void add(final List<IdRange> ranges, final long id)
    {
        final int last = ranges.size() - 1;
        if (last >= 0 && ranges.get(last).lastId() == id - 1)
        {
            ranges.set(last, new IdRange(ranges.get(last).firstId(), id));
        }
        else
        {
            ranges.add(new IdRange(id, id));
        }
    }
}
