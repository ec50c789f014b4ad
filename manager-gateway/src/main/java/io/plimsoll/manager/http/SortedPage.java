package io.plimsoll.manager.http;

import io.plimsoll.manager.view.LiveView;
import io.plimsoll.manager.view.SessionFilter;
import io.plimsoll.manager.view.SessionPage;
import io.plimsoll.manager.view.SessionView;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;

/**
 * Finds the first sessions in an order for which the view has no index: it looks at all that match, a part at a time so
 * that the event loop has time for others between, and keeps no more than a page. Of one request.
 */
final class SortedPage
{
    private static final int PART = 500;

    private final LiveView view;
    private final SessionFilter filter;
    private final PageOrder order;
    private final int limit;
    /** The last one on top. */
    private final PriorityQueue<SessionView> kept;
    private final CompletableFuture<SessionPage> result = new CompletableFuture<>();
    private boolean isCut;

    SortedPage(final LiveView view, final SessionFilter filter, final PageOrder order, final int limit)
    {
        this.view = view;
        this.filter = filter;
        this.order = order;
        this.limit = limit;
        kept = new PriorityQueue<>(order.comparator().reversed());
    }

    /** Event loop. The next cursor is 1 if there is more, and else 0. */
    CompletableFuture<SessionPage> run(final Exchange exchange)
    {
        step(exchange, 0);
        return result;
    }

    private void step(final Exchange exchange, final long cursor)
    {
        final SessionPage part = view.sessions(filter, cursor, PART);
        for (final SessionView session : part.sessions())
        {
            if (order.isNext(session))
            {
                kept.add(session);
                if (kept.size() > limit)
                {
                    kept.poll();
                    isCut = true;
                }
            }
        }
        if (0 == part.nextCursor())
        {
            final List<SessionView> sorted = new ArrayList<>(kept);
            sorted.sort(order.comparator());
            result.complete(new SessionPage(sorted, isCut ? 1 : 0));
        }
        else if (exchange.channel().isActive())
        {
            exchange.channel().eventLoop().execute(() -> step(exchange, part.nextCursor()));
        }
    }
}
