package io.plimsoll.manager.http;

import java.util.Set;

/**
 * One operation of the API.
 *
 * @param method     such as {@code GET}.
 * @param template   such as <code>/v1/sessions/{id}</code>; the only parameter of a path is a whole segment.
 * @param parameters names that its query may have.
 * @param produces   media type of its regular answer.
 * @param open       whether it answers without a token.
 * @param body       whether its body is read; JSON.
 * @param streaming  whether its answer is a stream, which HEAD and HTTP/1.0 cannot have.
 * @param meter      counts it.
 * @param handler    that answers.
 * @param lines      that answers when the body is NDJSON, and reads it itself; null: it may not be.
 */
record Route(
    String method,
    String template,
    Set<String> parameters,
    String produces,
    boolean open,
    boolean body,
    boolean streaming,
    RouteMeter meter,
    RouteHandler handler,
    RouteHandler lines)
{
    static final String JSON = "application/json";
    static final String LINES = "application/x-ndjson";
    static final String TEXT = "text/plain";
    static final String EVENTS = "text/event-stream";

    static Route get(final String template, final Set<String> parameters, final RouteHandler handler)
    {
        return of("GET", template, parameters, JSON, Kind.PLAIN, handler);
    }

    static Route openGet(final String template, final String produces, final RouteHandler handler)
    {
        return of("GET", template, Set.of(), produces, Kind.OPEN, handler);
    }

    static Route stream(
        final String template, final String produces, final Set<String> parameters, final RouteHandler handler)
    {
        return of("GET", template, parameters, produces, Kind.STREAM, handler);
    }

    static Route post(final String template, final RouteHandler handler)
    {
        return of("POST", template, Set.of(), JSON, Kind.BODY, handler);
    }

    /** One that reads JSON, or NDJSON as it comes. */
    static Route postLines(final String template, final RouteHandler handler, final RouteHandler lines)
    {
        final Route route = post(template, handler);
        return new Route(
            route.method, template, route.parameters, JSON, false, true, false, route.meter, handler, lines);
    }

    /** One that reads a body, whatever its method. */
    static Route change(final String method, final String template, final RouteHandler handler)
    {
        return of(method, template, Set.of(), JSON, Kind.BODY, handler);
    }

    static Route change(
        final String method, final String template, final Set<String> parameters, final RouteHandler handler)
    {
        return of(method, template, parameters, JSON, Kind.BODY, handler);
    }

    static Route action(
        final String method, final String template, final Set<String> parameters, final RouteHandler handler)
    {
        return of(method, template, parameters, JSON, Kind.PLAIN, handler);
    }

    static Route action(final String method, final String template, final RouteHandler handler)
    {
        return of(method, template, Set.of(), JSON, Kind.PLAIN, handler);
    }

    private static Route of(
        final String method,
        final String template,
        final Set<String> parameters,
        final String produces,
        final Kind kind,
        final RouteHandler handler)
    {
        return new Route(
            method,
            template,
            parameters,
            produces,
            Kind.OPEN == kind,
            Kind.BODY == kind,
            Kind.STREAM == kind,
            new RouteMeter(method, template),
            handler,
            null);
    }

    private enum Kind
    {
        PLAIN,
        OPEN,
        BODY,
        STREAM
    }
}
