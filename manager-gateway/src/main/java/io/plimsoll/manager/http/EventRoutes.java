package io.plimsoll.manager.http;

import io.plimsoll.manager.ManagerServices;
import java.util.List;
import java.util.Set;

/** The stream of events. Event loops only. */
final class EventRoutes
{
    private final ManagerServices services;
    private final HttpLimits limits;
    private final HttpMeters meters;

    EventRoutes(final ManagerServices services, final HttpLimits limits, final HttpMeters meters)
    {
        this.services = services;
        this.limits = limits;
        this.meters = meters;
    }

    List<Route> routes()
    {
        return List.of(Route.stream("/v1/events", Route.EVENTS, Set.of("since", "session"), this::events));
    }

    private void events(final Exchange exchange)
    {
        final String lastEventId = exchange.header("last-event-id");
        final String text = null == lastEventId ? exchange.text("since") : lastEventId;
        final EventPosition position = null == text ? EventPosition.NOW : EventPosition.parse(text);
        if (null == position)
        {
            throw new Problem(
                400,
                "bad-parameter",
                "since: right is a journal sequence such as 4711, the id of an event such as 4711.0, or 0 for all" +
                    " that is kept").field("since").asException();
        }
        final long sessionId = exchange.number("session", 0, 1, Long.MAX_VALUE);
        new EventStream(exchange, limits, position, sessionId).open(services.events(), meters.streams());
    }
}
