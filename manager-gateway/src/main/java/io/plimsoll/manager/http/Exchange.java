package io.plimsoll.manager.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AsciiString;
import io.plimsoll.manager.control.RequestOrigin;
import io.plimsoll.manager.egress.Handover;
import io.plimsoll.manager.identity.Caller;
import io.plimsoll.manager.trace.RequestSpan;
import io.plimsoll.transport.auth.RequestSignature;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;
import org.reactivestreams.Publisher;
import org.slf4j.MDC;
import reactor.core.publisher.MonoSink;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/**
 * One request on its way to its answer. Belongs to the event loop of its connection; what other threads complete comes
 * back through {@link #whenDone}.
 */
final class Exchange
{
    /** Under which log lines have the id of their request. */
    static final String LOG_KEY = "requestId";
    static final AsciiString REQUEST_ID = AsciiString.cached("x-request-id");

    private static final AsciiString PROBLEM_JSON = AsciiString.cached("application/problem+json");

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final MonoSink<Void> sink;
    private final Channel channel;
    private final HttpMeters meters;
    private final String requestId;
    private final RequestSpan span;
    private final long startNs = System.nanoTime();
    private Route route;
    private String pathParameter;
    private Map<String, String> query = Map.of();
    private byte[] body;
    private String expectedSha256;
    private Caller caller;
    private boolean answered;
    private boolean counted;
    private Runnable onEnd;
    private ObjIntConsumer<String> onAnswer;
    private Consumer<Problem> onRevoked;
    private String problemCode = "";

    Exchange(
        final HttpServerRequest request,
        final HttpServerResponse response,
        final MonoSink<Void> sink,
        final Channel channel,
        final HttpMeters meters,
        final String requestId,
        final RequestSpan span)
    {
        this.request = request;
        this.response = response;
        this.sink = sink;
        this.channel = channel;
        this.meters = meters;
        this.requestId = requestId;
        this.span = span;
        meters.exchanges().incrementAndGet();
        sink.onDispose(this::ended);
    }

    void routed(final Route matchedRoute, final String parameter, final Map<String, String> parameters)
    {
        route = matchedRoute;
        pathParameter = parameter;
        query = parameters;
    }

    void caller(final Caller holder)
    {
        caller = holder;
    }

    /** Who calls; null where no token is needed. */
    Caller caller()
    {
        return caller;
    }

    /** Account that submissions count for unless they say so. */
    int ownerId()
    {
        return caller.ownerId();
    }

    /** What its sender signed of the body that has yet to come: its SHA-256 in hex. */
    void expectContent(final String sha256)
    {
        expectedSha256 = sha256;
    }

    boolean expectsContent()
    {
        return null != expectedSha256;
    }

    /** Refuses a body that is not the one that was signed. */
    void checkContent(final String sha256)
    {
        if (null != expectedSha256 && !sha256.equals(expectedSha256))
        {
            throw new Problem(
                401, "content-wrong", "X-Content-SHA256: the body is not the one that was signed; its SHA-256 is " +
                    sha256).field("X-Content-SHA256").asException();
        }
    }

    void body(final byte[] bytes)
    {
        body = bytes;
    }

    /** Never null for a route that reads it. */
    byte[] body()
    {
        return body;
    }

    Route route()
    {
        return route;
    }

    String pathParameter()
    {
        return pathParameter;
    }

    HttpServerRequest request()
    {
        return request;
    }

    HttpServerResponse response()
    {
        return response;
    }

    Channel channel()
    {
        return channel;
    }

    String requestId()
    {
        return requestId;
    }

    /** What sessions that it makes are told to have come from. */
    RequestOrigin origin()
    {
        return new RequestOrigin(requestId, span.traceparent());
    }

    /** Runs something on behalf of this request: whatever it logs has the request's id. */
    void run(final Runnable action)
    {
        final String before = MDC.get(LOG_KEY);
        MDC.put(LOG_KEY, requestId);
        try
        {
            action.run();
        }
        finally
        {
            if (null == before)
            {
                MDC.remove(LOG_KEY);
            }
            else
            {
                MDC.put(LOG_KEY, before);
            }
        }
    }

    String header(final CharSequence name)
    {
        return request.requestHeaders().get(name);
    }

    /** All parameters of the query. */
    Map<String, String> query()
    {
        return query;
    }

    /** Parameter of the query, null if it is not there. */
    String text(final String name)
    {
        return query.get(name);
    }

    long number(final String name, final long absent, final long min, final long max)
    {
        final String text = query.get(name);
        if (null == text)
        {
            return absent;
        }
        final long number = "0".equals(text) ? 0 : IdRanges.id(text);
        if (number < min || number > max || (0 == number && !"0".equals(text)))
        {
            throw badParameter(name, "a whole number from " + min + (Long.MAX_VALUE == max ? " on" : " to " + max));
        }
        return number;
    }

    boolean flag(final String name)
    {
        final String text = query.get(name);
        if (null == text || "false".equals(text))
        {
            return false;
        }
        if (!"true".equals(text) && !text.isEmpty())
        {
            throw badParameter(name, "true or false");
        }
        return true;
    }

    ProblemException badParameter(final String name, final String right)
    {
        return new Problem(
            400, "bad-parameter", name + ": given \"" + cut(query.get(name)) + "\"; right is " + right)
            .field(name)
            .asException();
    }

    /** Runs an action on the event loop when a future is done, unless the client has gone by then. */
    <T> void whenDone(final CompletableFuture<T> future, final Consumer<T> action)
    {
        if (future.isDone())
        {
            done(future, action);
        }
        else
        {
            future.whenComplete(
                (value, thrown) -> Handover.execute(channel.eventLoop(), () -> done(future, action)));
        }
    }

    /** Called on the event loop once the answer is complete, or the client has gone; after what was set before. */
    void onEnd(final Runnable action)
    {
        final Runnable before = onEnd;
        onEnd = null == before ? action : () ->
        {
            before.run();
            action.run();
        };
    }

    /** Called on the event loop, at most once, when the caller may not go on; it must end what goes on. */
    void onRevoked(final Consumer<Problem> action)
    {
        onRevoked = action;
    }

    /** Whoever asked may not go on, and is told why as far as that can still be said. Event loop. */
    void revoke(final Problem why)
    {
        final Consumer<Problem> action = onRevoked;
        onRevoked = null;
        if (null != action)
        {
            run(() -> action.accept(why));
        }
    }

    void json(final int status, final Json.Document document)
    {
        answer(status, AsciiString.of(Route.JSON), Json.write(allocator(), document));
    }

    /** The client has what it asks for. */
    void notModified()
    {
        if (answered)
        {
            throw new IllegalStateException("answered twice: " + path());
        }
        answered = true;
        count(HttpResponseStatus.NOT_MODIFIED.code());
        response.status(HttpResponseStatus.NOT_MODIFIED).header(REQUEST_ID, requestId);
        response.send().subscribe(null, sink::error, sink::success);
    }

    void text(final int status, final String contentType, final String text)
    {
        answer(
            status, AsciiString.of(contentType), ByteBufUtil.encodeString(
                allocator(), java.nio.CharBuffer.wrap(text), StandardCharsets.UTF_8));
    }

    void fail(final Throwable thrown)
    {
        problem(Rejections.problemOf(thrown));
    }

    void problem(final Problem problem)
    {
        if (answered)
        {
            return;
        }
        problemCode = problem.code();
        if (0 != problem.retryAfterSeconds())
        {
            response.header(HttpHeaderNames.RETRY_AFTER, Integer.toString(problem.retryAfterSeconds()));
        }
        if (null != problem.allow())
        {
            response.header(HttpHeaderNames.ALLOW, problem.allow());
        }
        if (401 == problem.status())
        {
            response.header(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer, " + RequestSignature.SCHEME);
        }
        final ByteBuf document = Json.write(
            allocator(), json -> ProblemJson.write(json, problem, path(), requestId));
        answer(problem.status(), PROBLEM_JSON, document);
    }

    /** Sends the headers of a stream; the rest is up to the caller, which ends with {@link #streamEnded}. */
    void startStream(final String contentType)
    {
        answered = true;
        count(200);
        response.status(HttpResponseStatus.OK)
            .header(HttpHeaderNames.CONTENT_TYPE, contentType)
            .header(HttpHeaderNames.CACHE_CONTROL, "no-store")
            .header(REQUEST_ID, requestId);
        response.then().subscribe(null, sink::error);
    }

    /** Goes on as a WebSocket, until what the handler gives has ended; the caller says so with {@link #streamEnded}. */
    void upgrade(
        final WebsocketServerSpec spec,
        final BiFunction<WebsocketInbound, WebsocketOutbound, Publisher<Void>> handler)
    {
        answered = true;
        count(HttpResponseStatus.SWITCHING_PROTOCOLS.code());
        response.header(REQUEST_ID, requestId);
        // Done with the handshake already, and that is not the end.
        response.sendWebsocket(handler, spec).subscribe(null, sink::error);
    }

    void streamEnded()
    {
        sink.success();
    }

    boolean isAnswered()
    {
        return answered;
    }

    String path()
    {
        final String uri = request.uri();
        final int end = uri.indexOf('?');
        return end < 0 ? uri : uri.substring(0, end);
    }

    private <T> void done(final CompletableFuture<T> future, final Consumer<T> action)
    {
        if (answered || !channel.isActive())
        {
            return;
        }
        run(() ->
        {
            try
            {
                action.accept(future.getNow(null));
            }
            catch (final RuntimeException ex)
            {
                fail(ex);
            }
        });
    }

    private void answer(final int status, final AsciiString contentType, final ByteBuf content)
    {
        if (answered)
        {
            content.release();
            throw new IllegalStateException("answered twice: " + path());
        }
        answered = true;
        count(status);
        response.status(status)
            .header(HttpHeaderNames.CONTENT_TYPE, contentType)
            .header(REQUEST_ID, requestId);
        if (HttpMethod.HEAD.equals(request.method()))
        {
            response.header(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(content.readableBytes()));
        }
        response.sendObject(content).then().subscribe(null, sink::error, sink::success);
    }

    private ByteBufAllocator allocator()
    {
        return channel.alloc();
    }

    /** Called once with the status, and the code of the problem, if it is one, when it is answered. */
    void onAnswer(final ObjIntConsumer<String> action)
    {
        onAnswer = action;
    }

    private void count(final int status)
    {
        if (!counted)
        {
            if (null != onAnswer)
            {
                onAnswer.accept(problemCode, status);
            }
            counted = true;
            meters.record(route, status, System.nanoTime() - startNs);
            endSpan(status);
        }
    }

    private void endSpan(final int status)
    {
        span.end(request.method().name(), null == route ? "" : route.template(), status);
    }

    private void ended()
    {
        meters.exchanges().decrementAndGet();
        endSpan(0);
        final Runnable action = onEnd;
        if (null != action)
        {
            onEnd = null;
            action.run();
        }
    }

    private static String cut(final String text)
    {
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }
}
