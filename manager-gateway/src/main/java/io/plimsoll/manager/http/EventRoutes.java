package io.plimsoll.manager.http;

import io.plimsoll.manager.ManagerServices;
import java.util.List;
import java.util.Set;
import java.util.function.LongPredicate;

/** The stream of events. Event loops only. */
final class EventRoutes
{
    private static final Set<String> PARAMETERS = Set.of("since", "session", "group", "owner", "kind");

    private final ManagerServices services;
    private final HttpLimits limits;
    private final HttpMeters meters;
    private final Visibility visibility;

    EventRoutes(final ManagerServices services, final HttpLimits limits, final HttpMeters meters)
    {
        this.services = services;
        this.limits = limits;
        this.meters = meters;
        visibility = new Visibility(services);
    }

    List<Route> routes()
    {
        return List.of(Route.stream("/v1/events", Route.EVENTS, PARAMETERS, this::events));
    }

    /** Those of no session are for everybody. */
    private LongPredicate visible(final Exchange exchange)
    {
        return Visibility.seesAll(exchange.caller()) ?
            null : id -> visibility.sees(exchange.caller(), services.view().ownerEver(id));
    }

    private void events(final Exchange exchange)
    {
        final String lastEventId = exchange.header("last-event-id");
        final String text = null == lastEventId ? exchange.text("since") : lastEventId;
        final EventPosition position = null == text ? EventPosition.NOW : EventPosition.parse(text);
        if (null == position)
        {
            final String field = null == lastEventId ? "since" : "Last-Event-ID";
            throw new Problem(
                400,
                "bad-parameter",
                field + ": right is a journal sequence such as 4711, the id of an event such as 4711.0, or 0 for all" +
                    " that is kept").field(field).asException();
        }
        new EventStream(exchange, limits, position, EventFilter.of(exchange), visible(exchange))
            .open(services.events(), meters.streams());
    }
}
