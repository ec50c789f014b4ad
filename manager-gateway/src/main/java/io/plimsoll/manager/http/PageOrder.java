package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.plimsoll.manager.history.PastQuery;
import io.plimsoll.manager.view.SessionPage;
import io.plimsoll.manager.view.SessionView;
import java.io.IOException;
import java.util.Comparator;

/**
 * In which order sessions are listed, and where the next page begins. A cursor of an order by id is the next id; one by
 * priority is the last session that was shown, as {@code priority.id}. Immutable.
 */
final class PageOrder
{
    static final PageOrder BY_ID = new PageOrder(false, null);
    private static final long PRIORITY_MAX = 100;

    private final boolean highestFirst;
    private final Comparator<SessionView> comparator;
    private long afterPriority = -1;
    private long afterId;

    private PageOrder(final boolean highestFirst, final Comparator<SessionView> comparator)
    {
        this.highestFirst = highestFirst;
        this.comparator = comparator;
    }

    /** Of equal priority, by ascending id. */
    static PageOrder byPriority(final Exchange exchange, final boolean highestFirst)
    {
        final Comparator<SessionView> byPriority = Comparator.comparingInt(SessionView::priority);
        final PageOrder order = new PageOrder(
            highestFirst, (highestFirst ? byPriority.reversed() : byPriority).thenComparingLong(SessionView::id));
        final String cursor = exchange.text("cursor");
        if (null != cursor)
        {
            final int dot = cursor.indexOf('.');
            final String priority = dot < 0 ? "" : cursor.substring(0, dot);
            order.afterPriority = "0".equals(priority) ? 0 : IdRanges.id(priority);
            order.afterId = IdRanges.id(cursor.substring(dot + 1));
            final boolean isPriority = "0".equals(priority) || order.afterPriority > 0;
            if (!isPriority || order.afterPriority > PRIORITY_MAX || order.afterId < 1)
            {
                throw exchange.badParameter("cursor", "nextCursor of the page before, in the same order");
            }
        }
        return order;
    }

    boolean isHighestFirst()
    {
        return highestFirst;
    }

    /** Where the page before ended. */
    PastQuery.After after()
    {
        return afterPriority < 0 ? new PastQuery.After(0, 0) : new PastQuery.After((int)afterPriority, afterId);
    }

    Comparator<SessionView> comparator()
    {
        return comparator;
    }

    /** Whether a session comes after what pages before have shown. */
    boolean isNext(final SessionView session)
    {
        if (afterPriority < 0)
        {
            return true;
        }
        final long difference = highestFirst ? afterPriority - session.priority() : session.priority() - afterPriority;
        return difference > 0 || 0 == difference && session.id() > afterId;
    }

    /** Of a page of which so many sessions were written. */
    void writeCursor(final JsonGenerator json, final SessionPage page, final int written) throws IOException
    {
        final boolean isCut = written < page.sessions().size();
        if (null == comparator)
        {
            JsonFields.longOrNull(
                json, "nextCursor", isCut ? page.sessions().get(written).id() : page.nextCursor(), 0);
        }
        else if (0 == written || !isCut && 0 == page.nextCursor())
        {
            json.writeNullField("nextCursor");
        }
        else
        {
            final SessionView last = page.sessions().get(written - 1);
            json.writeStringField("nextCursor", last.priority() + "." + last.id());
        }
    }
}
