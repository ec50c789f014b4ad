package io.plimsoll.manager.http;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.util.AsciiString;
import io.plimsoll.manager.trace.Tracing;
import io.plimsoll.transport.NearMatch;
import io.plimsoll.transport.auth.RequestSignature;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Takes each request through route, token, media types and body to its handler, in this order, and answers with a
 * problem where one of them does not fit. Runs on the event loop of the connection.
 */
final class ApiHandler
{
    private static final int PARAMETERS_MAX = 32;
    private static final int REQUEST_ID_LENGTH_MAX = 64;
    private static final AsciiString TRACE_PARENT = AsciiString.cached("traceparent");
    private static final AsciiString TRACE_STATE = AsciiString.cached("tracestate");

    private final Router router;
    private final Authenticator authenticator;
    private final AuditTrail trail;
    private final HttpLimits limits;
    private final HttpMeters meters;
    private final Tracing tracing;
    private final String requestIdPrefix = Integer.toHexString(new SecureRandom().nextInt()) + "-";
    private final AtomicLong requests = new AtomicLong();

    ApiHandler(
        final Router router,
        final Authenticator authenticator,
        final AuditTrail trail,
        final HttpLimits limits,
        final HttpMeters meters,
        final Tracing tracing)
    {
        this.tracing = tracing;
        this.trail = trail;
        this.router = router;
        this.authenticator = authenticator;
        this.limits = limits;
        this.meters = meters;
    }

    List<Route> routes()
    {
        return router.routes();
    }

    Publisher<Void> onRequest(final HttpServerRequest request, final HttpServerResponse response)
    {
        return Mono.create(sink -> begin(request, response, sink));
    }

    private void begin(
        final HttpServerRequest request, final HttpServerResponse response, final MonoSink<Void> sink)
    {
        final Channel channel = ((Connection)request).channel();
        final String requestId = requestId(request.requestHeaders().get(Exchange.REQUEST_ID));
        final HttpHeaders headers = request.requestHeaders();
        final Exchange exchange = new Exchange(
            request, response, sink, channel, meters, requestId,
            tracing.begin(requestId, headers.get(TRACE_PARENT), headers.get(TRACE_STATE)));
        exchange.run(() ->
        {
            try
            {
                accept(exchange);
            }
            catch (final RuntimeException ex)
            {
                exchange.fail(ex);
            }
        });
    }

    private void accept(final Exchange exchange)
    {
        final HttpServerRequest request = exchange.request();
        final String path = exchange.path();
        final Router.Match match = router.match(request.method().name(), path);
        final Route route = match.route();
        exchange.routed(
            route,
            null == match.parameter() ? null : decoded(match.parameter()),
            query(request.uri(), path.length(), route));
        if (!route.open())
        {
            exchange.caller(authenticator.authenticate(exchange));
            trail.watch(exchange);
            Permissions.check(route, exchange.caller());
            if (route.streaming())
            {
                authenticator.attend(exchange);
            }
        }
        final boolean lines = null != route.lines() && hasLines(exchange);
        checkAccept(exchange, lines ? Route.LINES : route.produces());
        if (route.streaming() && HttpVersion.HTTP_1_0.equals(request.version()))
        {
            throw new Problem(400, "needs-http-1.1", "streams need HTTP/1.1").asException();
        }
        if (lines)
        {
            checkEncoding(exchange.request().requestHeaders());
            if (exchange.expectsContent())
            {
                // What is signed is known to be right when it is whole, and lines are carried out as they come.
                collect(exchange, route.lines());
            }
            else
            {
                route.lines().handle(exchange);
            }
        }
        else if (route.body())
        {
            receive(exchange);
        }
        else
        {
            exchange.checkContent(RequestSignature.NO_CONTENT);
            route.handler().handle(exchange);
        }
    }

    private void receive(final Exchange exchange)
    {
        final HttpHeaders headers = exchange.request().requestHeaders();
        checkContentType(headers);
        collect(exchange, exchange.route().handler());
    }

    /** Has a handler answer once the whole body is there. */
    private void collect(final Exchange exchange, final RouteHandler handler)
    {
        final String length = exchange.header(HttpHeaderNames.CONTENT_LENGTH);
        final FixedLimits bounds = limits.now();
        if (null != length && IdRanges.id(length) > bounds.bodyBytesMax())
        {
            throw BodyCollector.tooLarge(bounds).asException();
        }
        final BodyCollector[] collector = new BodyCollector[1];
        collector[0] = new BodyCollector(
            bounds, meters.bodyBytes(), body -> exchange.run(() -> received(exchange, body, handler)), exchange::fail);
        exchange.onEnd(collector[0]::release);
        exchange.request().receive().subscribe(collector[0]);
    }

    private static void received(final Exchange exchange, final byte[] body, final RouteHandler handler)
    {
        exchange.body(body);
        try
        {
            if (exchange.expectsContent())
            {
                exchange.checkContent(RequestSignature.hash(body));
            }
            handler.handle(exchange);
        }
        catch (final RuntimeException ex)
        {
            exchange.fail(ex);
        }
    }

    private static boolean hasLines(final Exchange exchange)
    {
        final String type = exchange.header(HttpHeaderNames.CONTENT_TYPE);
        return null != type && Route.LINES.equalsIgnoreCase(mediaType(type)) && !isOtherCharset(type);
    }

    private static String mediaType(final String type)
    {
        final int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).trim();
    }

    private static boolean isOtherCharset(final String type)
    {
        final int end = type.indexOf(';');
        final String parameters = end < 0 ? "" : type.substring(end).toLowerCase(Locale.ROOT);
        return parameters.contains("charset=") && !parameters.contains("utf-8");
    }

    private static void checkEncoding(final HttpHeaders headers)
    {
        final String encoding = headers.get(HttpHeaderNames.CONTENT_ENCODING);
        if (null != encoding && !"identity".equalsIgnoreCase(encoding))
        {
            throw new Problem(
                415,
                "unsupported-encoding",
                "the body is encoded as " + encoding + "; send it without Content-Encoding")
                .asException();
        }
    }

    private static void checkContentType(final HttpHeaders headers)
    {
        checkEncoding(headers);
        final String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
        if (null != type && (!Route.JSON.equalsIgnoreCase(mediaType(type)) || isOtherCharset(type)))
        {
            throw new Problem(
                415,
                "unsupported-media-type",
                "the body is " + type + "; send JSON in UTF-8 with \"Content-Type: application/json\"").asException();
        }
    }

    private static void checkAccept(final Exchange exchange, final String produces)
    {
        final String accept = exchange.header(HttpHeaderNames.ACCEPT);
        if (null == accept || accept.isBlank() || accept.contains("*/*"))
        {
            return;
        }
        final String family = produces.substring(0, produces.indexOf('/') + 1) + "*";
        for (final String range : accept.split(",", PARAMETERS_MAX))
        {
            final int end = range.indexOf(';');
            final String type = (end < 0 ? range : range.substring(0, end)).trim();
            final boolean refused = end >= 0 && range.substring(end).matches(".*;\\s*q=0(\\.0*)?\\s*");
            if (!refused && (produces.equalsIgnoreCase(type) || family.equalsIgnoreCase(type)))
            {
                return;
            }
        }
        throw new Problem(
            406, "not-acceptable", "this answers with " + produces + ", which the Accept header rules out")
            .asException();
    }

    private static Map<String, String> query(final String uri, final int pathLength, final Route route)
    {
        if (uri.length() <= pathLength)
        {
            return Map.of();
        }
        final Map<String, List<String>> given = parameters(uri);
        final Map<String, String> query = new LinkedHashMap<>();
        for (final Map.Entry<String, List<String>> parameter : given.entrySet())
        {
            final String name = parameter.getKey();
            if (!route.parameters().contains(name))
            {
                throw unknownParameter(name, route);
            }
            if (parameter.getValue().size() > 1)
            {
                throw new Problem(400, "bad-parameter", name + ": given more than once; give it once")
                    .field(name)
                    .asException();
            }
            final String value = parameter.getValue().get(0);
            if (value.indexOf('\0') >= 0)
            {
                throw new Problem(400, "bad-parameter", name + ": has a NUL in it").field(name).asException();
            }
            query.put(name, value);
        }
        return query;
    }

    private static ProblemException unknownParameter(final String name, final Route route)
    {
        final List<String> known = route.parameters().stream().sorted().toList();
        final List<String> near = NearMatch.find(name, known);
        final String list = known.isEmpty() ? "none" : String.join(" ", known);
        return new Problem(
            400,
            "unknown-parameter",
            name + ": there is no such parameter here; there is " + list + NearMatch.hint(near))
            .field(name)
            .with("nearest", near)
            .asException();
    }

    private static Map<String, List<String>> parameters(final String uri)
    {
        try
        {
            return QueryStringDecoder.builder().maxParams(PARAMETERS_MAX).build(uri).parameters();
        }
        catch (final IllegalArgumentException ex)
        {
            throw new Problem(400, "bad-parameter", "the query cannot be decoded: " + ex.getMessage()).asException();
        }
    }

    private static String decoded(final String segment)
    {
        try
        {
            final String decoded = QueryStringDecoder.decodeComponent(segment.replace("+", "%2B"));
            // Nothing has such a name, and no database takes it for text.
            if (decoded.indexOf('\0') < 0)
            {
                return decoded;
            }
        }
        catch (final IllegalArgumentException ex)
        {
            throw new Problem(400, "bad-path", "the path cannot be decoded: " + ex.getMessage()).asException();
        }
        throw new Problem(400, "bad-path", "the path has a NUL in it").asException();
    }

    private String requestId(final String given)
    {
        if (null == given || given.isEmpty() || given.length() > REQUEST_ID_LENGTH_MAX)
        {
            return requestIdPrefix + Long.toHexString(requests.incrementAndGet());
        }
        for (int i = 0; i < given.length(); i++)
        {
            final char c = given.charAt(i);
            final boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                '-' == c || '_' == c || '.' == c;
            if (!plain)
            {
                return requestIdPrefix + Long.toHexString(requests.incrementAndGet());
            }
        }
        return given;
    }
}
