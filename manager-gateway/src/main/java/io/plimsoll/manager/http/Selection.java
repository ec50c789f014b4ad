package io.plimsoll.manager.http;

import io.plimsoll.manager.view.IdRange;
import io.plimsoll.manager.view.LiveView;
import io.plimsoll.manager.view.SessionFilter;
import io.plimsoll.manager.view.SessionPage;
import io.plimsoll.manager.view.SessionView;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Finds the sessions that match a filter, a page at a time so that the event loop has time for others between. Of one
 * request.
 */
final class Selection
{
    private static final int PAGE = 500;

    private final LiveView view;
    private final SessionFilter filter;
    private final long limit;
    private final List<IdRange> ranges = new ArrayList<>();
    private final CompletableFuture<Found> result = new CompletableFuture<>();
    private long found;

    Selection(final LiveView view, final SessionFilter filter, final long limit)
    {
        this.view = view;
        this.filter = filter;
        this.limit = limit;
    }

    /**
     * What was found.
     *
     * @param ranges of their ids, as few as there can be.
     * @param isCut  whether there were more than were to be found.
     */
    record Found(List<IdRange> ranges, boolean isCut)
    {
    }

    /** Event loop. */
    CompletableFuture<Found> run(final Exchange exchange)
    {
        step(exchange, 0);
        return result;
    }

    private void step(final Exchange exchange, final long cursor)
    {
        final SessionPage page = view.sessions(filter, cursor, (int)Math.min(PAGE, limit - found));
        for (final SessionView session : page.sessions())
        {
            add(session.id());
        }
        found += page.sessions().size();
        if (0 == page.nextCursor() || found == limit)
        {
            result.complete(new Found(ranges, 0 != page.nextCursor()));
        }
        else if (exchange.channel().isActive())
        {
            exchange.channel().eventLoop().execute(() -> step(exchange, page.nextCursor()));
        }
    }

    private void add(final long id)
    {
        final IdRange last = ranges.isEmpty() ? null : ranges.get(ranges.size() - 1);
        if (null != last && id == last.lastId() + 1)
        {
            ranges.set(ranges.size() - 1, new IdRange(last.firstId(), id));
        }
        else
        {
            ranges.add(new IdRange(id, id));
        }
    }
}
