package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.plimsoll.manager.view.EventFeed;
import java.util.List;

/**
 * Which events a reader wants; a null field does not filter. Immutable.
 *
 * @param sessionId   one of the sessions that an event is of; 0: any.
 * @param groupMark   likewise of a resource group.
 * @param ownerMark   likewise of an account.
 * @param kinds       types such as {@code session.state}, or the first words of them.
 */
record EventFilter(long sessionId, String groupMark, String ownerMark, List<String> kinds)
{
    private static final int KINDS_MAX = 32;
    private static final String OWNER_MARK = "\"owner\":";

    /** Of the parameters {@code session}, {@code group}, {@code owner} and {@code kind}. */
    static EventFilter of(final Exchange exchange)
    {
        final long sessionId = exchange.number("session", 0, 1, Long.MAX_VALUE);
        final String kinds = exchange.text("kind");
        return new EventFilter(
            sessionId,
            mark("group", exchange.text("group")),
            mark("owner", exchange.text("owner")),
            null == kinds ? null : kinds(exchange, kinds));
    }

    private static List<String> kinds(final Exchange exchange, final String text)
    {
        final List<String> kinds = List.of(text.split(",", KINDS_MAX));
        for (final String kind : kinds)
        {
            if (EventFeed.TYPES.stream().noneMatch(type -> isOfKind(type, kind)))
            {
                throw exchange.badParameter(
                    "kind", "a list of types of events, or of their first words, of " +
                        String.join(" ", EventFeed.TYPES));
            }
        }
        return kinds;
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
            (null == kinds || kinds.stream().anyMatch(kind -> isOfKind(event.type(), kind))) &&
            (null == groupMark || event.json().contains(groupMark)) &&
            (null == ownerMark || event.json().contains(ownerMark)) &&
            (0 == sessionId || EventSessions.of(event.json()).contains(sessionId));
    }

    /** Whether it matters to this reader whose an event is that it might want, and nobody knows that any more. */
    boolean isUndecided(final EventFeed.FeedEvent event, final boolean seesAll)
    {
        return
            (!seesAll || null != groupMark || null != ownerMark) &&
            (null == kinds || kinds.stream().anyMatch(kind -> isOfKind(event.type(), kind))) &&
            !event.json().contains(OWNER_MARK) &&
            EventSessions.of(event.json()).isWanted(sessionId);
    }

    private static boolean isOfKind(final String type, final String kind)
    {
        return type.startsWith(kind) && (type.length() == kind.length() || '.' == type.charAt(kind.length()));
    }
}
