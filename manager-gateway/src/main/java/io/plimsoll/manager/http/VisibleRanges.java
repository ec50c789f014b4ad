package io.plimsoll.manager.http;

import io.plimsoll.manager.view.IdRange;
import io.plimsoll.manager.view.LiveView;
import io.plimsoll.manager.view.SessionFilter;
import io.plimsoll.manager.view.SessionPage;
import io.plimsoll.manager.view.SessionView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
     * Looks, a part at a time so that the event loop has time for others between. Each session is looked at once,
     * however often the ranges name it.
     *
     * @param view     of the sessions.
     * @param owners   whose sessions are there; null: all.
     * @param given    ranges.
     * @param exchange on whose event loop it is called.
     */
    static CompletableFuture<VisibleRanges> of(
        final LiveView view, final IntPredicate owners, final List<IdRange> given, final Exchange exchange)
    {
        if (null == owners)
        {
            return CompletableFuture.completedFuture(new VisibleRanges(given, 0));
        }
        final Search search = new Search(view, owners, merged(given), exchange);
        search.step();
        return search.result;
    }

    /** The same ids, each once, in order. */
    static List<IdRange> merged(final List<IdRange> given)
    {
        final List<IdRange> sorted = new ArrayList<>(given);
        sorted.sort(Comparator.comparingLong(IdRange::firstId));
        final List<IdRange> merged = new ArrayList<>();
        for (final IdRange range : sorted)
        {
            final int last = merged.size() - 1;
            if (last >= 0 && range.firstId() - 1 <= merged.get(last).lastId())
            {
                final IdRange before = merged.get(last);
                merged.set(last, new IdRange(before.firstId(), Math.max(before.lastId(), range.lastId())));
            }
            else
            {
                merged.add(range);
            }
        }
        return merged;
    }

    /** Adds an id above all others. */
    static void add(final List<IdRange> ranges, final long id)
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

    /** Of one request. */
    private static final class Search
    {
        private final LiveView view;
        private final IntPredicate owners;
        private final List<IdRange> given;
        private final Exchange exchange;
        private final List<IdRange> visible = new ArrayList<>();
        private final CompletableFuture<VisibleRanges> result = new CompletableFuture<>();
        private int at;
        private long cursor;
        private long hidden;

        Search(
            final LiveView view, final IntPredicate owners, final List<IdRange> given, final Exchange exchange)
        {
            this.view = view;
            this.owners = owners;
            this.given = given;
            this.exchange = exchange;
            cursor = given.isEmpty() ? 0 : given.get(0).firstId();
            given.forEach(range -> hidden += range.lastId() - range.firstId() + 1);
        }

        void step()
        {
            for (int looks = 0; at < given.size() && looks < PAGE_MAX; looks++)
            {
                final SessionPage page =
                    view.sessions(SessionFilter.of(owners, given.get(at).lastId()), cursor, PAGE_MAX);
                for (final SessionView session : page.sessions())
                {
                    add(visible, session.id());
                    hidden--;
                }
                looks += (int)Math.min(PAGE_MAX, given.get(at).lastId() - cursor);
                cursor = page.nextCursor();
                if (0 == cursor && ++at < given.size())
                {
                    cursor = given.get(at).firstId();
                }
                else if (0 != cursor)
                {
                    break;
                }
            }
            if (at == given.size())
            {
                result.complete(new VisibleRanges(visible, hidden));
            }
            else if (exchange.channel().isActive())
            {
                exchange.channel().eventLoop().execute(this::step);
            }
        }
    }
}
