package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.plimsoll.manager.view.EventFeed;
import java.util.List;

/**
 * Which events a reader wants; a null field does not filter. Immutable.
 *
 * @param sessionMark how the JSON of events of a session names it.
 * @param groupMark   likewise of a resource group.
 * @param ownerMark   likewise of an account.
 * @param kinds       types such as {@code session.state}, or the first words of them.
 */
record EventFilter(String sessionMark, String groupMark, String ownerMark, List<String> kinds)
{
    private static final int KINDS_MAX = 32;

    /** Of the parameters {@code session}, {@code group}, {@code owner} and {@code kind}. */
    static EventFilter of(final Exchange exchange)
    {
        final long sessionId = exchange.number("session", 0, 1, Long.MAX_VALUE);
        final String kinds = exchange.text("kind");
        if (null != kinds && !kinds.matches("[a-z.,-]+"))
        {
            throw exchange.badParameter("kind", "a list of types of events, such as session.state, or session for all");
        }
        return new EventFilter(
            0 == sessionId ? null : "\"sessionId\":" + sessionId,
            mark("group", exchange.text("group")),
            mark("owner", exchange.text("owner")),
            null == kinds ? null : List.of(kinds.split(",", KINDS_MAX)));
    }

    private static String mark(final String field, final String value)
    {
        if (null == value)
        {
            return null;
        }
        // As the writer of the events spells it.
        return '"' + field + "\":\"" + new String(
            JsonStringEncoder.getInstance().quoteAsString(value)) + '"';
    }

    boolean isWanted(final EventFeed.FeedEvent event)
    {
        return
            (null == kinds || isOfKind(event.type())) &&
            (null == groupMark || event.json().contains(groupMark)) &&
            (null == ownerMark || event.json().contains(ownerMark)) &&
            (null == sessionMark || isOfSession(event.json()));
    }

    private boolean isOfKind(final String type)
    {
        for (final String kind : kinds)
        {
            if (type.startsWith(kind) && (type.length() == kind.length() || '.' == type.charAt(kind.length())))
            {
                return true;
            }
        }
        return false;
    }

    private boolean isOfSession(final String json)
    {
        final int start = json.indexOf(sessionMark);
        final int end = start + sessionMark.length();
        return start >= 0 && (end >= json.length() || !Character.isDigit(json.charAt(end)));
    }
}
