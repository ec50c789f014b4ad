package io.plimsoll.manager.http;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What the HTTP API counts about itself, and the bounds that all connections share. Any thread. */
final class HttpMeters
{
    private static final String UNROUTED = "none";

    private final HttpLimits limits;
    private final RouteMeter unrouted = new RouteMeter(UNROUTED, UNROUTED);
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger streams = new AtomicInteger();
    private final AtomicInteger exchanges = new AtomicInteger();
    private final AtomicLong bodyBytes = new AtomicLong();
    private final QuietConnections quiet = new QuietConnections();

    /**
     * Nothing counted.
     *
     * @param limits that are shown beside what they bound.
     */
    HttpMeters(final HttpLimits limits)
    {
        this.limits = limits;
    }

    /** Null route: the request was refused before it had one. */
    void record(final Route route, final int status, final long durationNs)
    {
        (null == route ? unrouted : route.meter()).record(status, durationNs);
    }

    AtomicInteger connections()
    {
        return connections;
    }

    QuietConnections quiet()
    {
        return quiet;
    }

    AtomicInteger streams()
    {
        return streams;
    }

    /** Requests that have not been answered to the end. */
    AtomicInteger exchanges()
    {
        return exchanges;
    }

    AtomicLong bodyBytes()
    {
        return bodyBytes;
    }

    void append(final StringBuilder text, final List<Route> routes)
    {
        text.append("# HELP plimsoll_http_requests_total Requests answered\n");
        text.append("# TYPE plimsoll_http_requests_total counter\n");
        unrouted.appendCounts(text);
        routes.forEach(route -> route.meter().appendCounts(text));
        text.append("# HELP plimsoll_http_request_duration_seconds From the headers to the end of the answer\n");
        text.append("# TYPE plimsoll_http_request_duration_seconds histogram\n");
        unrouted.appendDurations(text);
        routes.forEach(route -> route.meter().appendDurations(text));
        gauge(text, "http_connections", "Open connections", connections.get());
        gauge(text, "http_connections_max", "Connections that may be open", limits.connectionsMax());
        gauge(text, "http_streams", "Open log and event streams", streams.get());
        gauge(text, "http_exchanges", "Requests being answered", exchanges.get());
        gauge(text, "http_body_bytes", "Bytes of request bodies held", bodyBytes.get());
    }

    static void gauge(final StringBuilder text, final String name, final String help, final long value)
    {
        text.append("# HELP plimsoll_").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE plimsoll_").append(name).append(" gauge\n");
        text.append("plimsoll_").append(name).append(' ').append(value).append('\n');
    }
}
