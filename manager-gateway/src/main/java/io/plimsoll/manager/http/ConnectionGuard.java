package io.plimsoll.manager.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Stands between the HTTP codec and everything else of one connection: answers what is not HTTP, what has no or several
 * hosts and whoever is too slow, closes idle connections, and keeps to the maximum of connections. What passes it is a
 * well-formed request. Event loop only.
 */
final class ConnectionGuard extends ChannelDuplexHandler
{
    static final String NAME = "plimsoll.guard";

    private static final long TICK_MAX_MS = 1_000;
    private static final long LINGER_MS = 500;
    private static final int PORT_MAX = 65_535;

    private final HttpLimits limits;
    private final HttpMeters meters;
    private Future<?> tick;
    private Runnable closer;
    private Inbound inbound = Inbound.BETWEEN;
    private boolean decodedInThisRead;
    private int unanswered;
    private boolean answering;
    private boolean closing;
    private long sinceNs;

    ConnectionGuard(final HttpLimits limits, final HttpMeters meters)
    {
        this.limits = limits;
        this.meters = meters;
    }

    @Override
    public void handlerAdded(final ChannelHandlerContext ctx)
    {
        sinceNs = System.nanoTime();
        closer = () -> ctx.channel().eventLoop().execute(() -> ctx.close());
        if (meters.connections().incrementAndGet() > limits.connectionsMax())
        {
            final Runnable quietest = meters.quiet().takeQuietest();
            if (null == quietest)
            {
                closing = true;
                closer.run();
                return;
            }
            quietest.run();
        }
        meters.quiet().onOpened(closer);
        final long tickMs = Math.max(1, Math.min(TICK_MAX_MS, limits.headerTimeoutMs() / 4));
        tick = ctx.executor().scheduleWithFixedDelay(() -> onTick(ctx), tickMs, tickMs, TimeUnit.MILLISECONDS);
    }

    @Override
    public void handlerRemoved(final ChannelHandlerContext ctx)
    {
        meters.connections().decrementAndGet();
        meters.quiet().onClosed(closer);
        if (null != tick)
        {
            tick.cancel(false);
        }
    }

    @Override
    public void channelRead(final ChannelHandlerContext ctx, final Object message)
    {
        decodedInThisRead = true;
        if (closing)
        {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpObject object && object.decoderResult().isFailure())
        {
            final Problem problem = undecodable(object.decoderResult());
            ReferenceCountUtil.release(message);
            refuse(ctx, problem);
            return;
        }
        if (message instanceof HttpRequest request)
        {
            final Problem problem = checked(request);
            if (null != problem)
            {
                ReferenceCountUtil.release(message);
                refuse(ctx, problem);
                return;
            }
            unanswered++;
            inbound(Inbound.BODY);
            meters.quiet().onRequest(closer);
        }
        if (message instanceof LastHttpContent)
        {
            inbound(Inbound.BETWEEN);
            tellIfQuiet();
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void channelReadComplete(final ChannelHandlerContext ctx)
    {
        if (!decodedInThisRead && Inbound.BETWEEN == inbound)
        {
            inbound(Inbound.HEADERS);
        }
        decodedInThisRead = false;
        ctx.fireChannelReadComplete();
    }

    @Override
    public void write(final ChannelHandlerContext ctx, final Object message, final ChannelPromise promise)
    {
        final boolean informational = message instanceof HttpResponse response && response.status().code() < 200;
        if (message instanceof HttpResponse upgrade && HttpResponseStatus.SWITCHING_PROTOCOLS.equals(upgrade.status()))
        {
            inbound(Inbound.UPGRADED);
        }
        else if (!informational)
        {
            answering |= message instanceof HttpResponse;
            if (message instanceof LastHttpContent)
            {
                answering = false;
                unanswered = Math.max(0, unanswered - 1);
                sinceNs = Inbound.BETWEEN == inbound ? System.nanoTime() : sinceNs;
                tellIfQuiet();
            }
        }
        ctx.write(message, promise);
    }

    private void tellIfQuiet()
    {
        if (Inbound.BETWEEN == inbound && 0 == unanswered && !closing)
        {
            meters.quiet().onAnswered(closer);
        }
    }

    /** Who reads the body has let the sender wait; its time begins anew. */
    void onWaited()
    {
        sinceNs = System.nanoTime();
    }

    private void inbound(final Inbound next)
    {
        inbound = next;
        sinceNs = System.nanoTime();
    }

    private void onTick(final ChannelHandlerContext ctx)
    {
        if (closing)
        {
            return;
        }
        final long elapsedMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sinceNs);
        switch (inbound)
        {
            case UPGRADED ->
            {
                // Whoever speaks the other protocol looks after it.
            }
            case BETWEEN ->
            {
                if (0 == unanswered && elapsedMs > limits.idleTimeoutMs())
                {
                    closing = true;
                    ctx.close();
                }
            }
            case HEADERS -> slow(ctx, 0, elapsedMs, limits.headerTimeoutMs(), "headers");
            case BODY -> slow(ctx, 1, elapsedMs, limits.bodyTimeoutMs(), "body");
            default -> throw new IllegalStateException("inbound=" + inbound);
        }
    }

    /** Behind unanswered requests nothing may have been read, which is not the sender's fault. */
    private void slow(
        final ChannelHandlerContext ctx,
        final int unansweredMax,
        final long elapsedMs,
        final long timeoutMs,
        final String what)
    {
        if (unanswered > unansweredMax)
        {
            sinceNs = System.nanoTime();
        }
        else if (elapsedMs > timeoutMs)
        {
            refuse(ctx, new Problem(
                408, "too-slow", "the " + what + " of the request did not arrive within " + timeoutMs + " ms"));
        }
    }

    private static Problem checked(final HttpRequest request)
    {
        final String uri = request.uri();
        final HttpVersion version = request.protocolVersion();
        if (!HttpVersion.HTTP_1_1.equals(version) && !HttpVersion.HTTP_1_0.equals(version))
        {
            return new Problem(400, "bad-request", "this is " + version + " on a connection for HTTP/1.1");
        }
        if (uri.startsWith("http://") || uri.startsWith("https://"))
        {
            final int path = uri.indexOf('/', "https://".length());
            request.setUri(path < 0 ? "/" : uri.substring(path));
        }
        else if (!uri.startsWith("/"))
        {
            return new Problem(400, "bad-request", "the request target is neither a path nor a URL");
        }
        final List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
        if (hosts.size() > 1 || (hosts.isEmpty() && HttpVersion.HTTP_1_1.equals(version)))
        {
            return new Problem(
                400, "bad-request", "a request has exactly one Host header; this one has " + hosts.size());
        }
        return hosts.isEmpty() || isHost(hosts.get(0)) ?
            null : new Problem(400, "bad-request", "the Host header is neither HOST nor HOST:PORT");
    }

    private static boolean isHost(final String host)
    {
        for (int i = 0; i < host.length(); i++)
        {
            if (host.charAt(i) <= ' ' || host.charAt(i) >= 0x7F || "/?#@,".indexOf(host.charAt(i)) >= 0)
            {
                return false;
            }
        }
        final int colon = host.indexOf(':', host.lastIndexOf(']') + 1);
        if (colon < 0)
        {
            return true;
        }
        final long port = IdRanges.id(host.substring(colon + 1));
        return colon > 0 && port > 0 && port <= PORT_MAX;
    }

    private static Problem undecodable(final DecoderResult result)
    {
        final Throwable cause = result.cause();
        if (cause instanceof TooLongHttpLineException)
        {
            return new Problem(414, "request-line-too-long", "the request line is too long");
        }
        if (cause instanceof TooLongHttpHeaderException)
        {
            return new Problem(431, "headers-too-large", "the headers are too large");
        }
        return new Problem(400, "bad-request", "this is not HTTP as it should be: " + cause.getMessage());
    }

    /** Answers, unless this request has its answer or an earlier one has not, and closes. */
    private void refuse(final ChannelHandlerContext ctx, final Problem problem)
    {
        closing = true;
        final int own = Inbound.BODY == inbound ? 1 : 0;
        if (answering || unanswered != own)
        {
            ctx.close();
            return;
        }
        meters.record(null, problem.status(), 0);
        final String requestId = ctx.channel().id().asShortText();
        final ByteBuf content = Json.write(ctx.alloc(), json -> ProblemJson.write(json, problem, "", requestId));
        final DefaultFullHttpResponse response = new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(problem.status()), content);
        response.headers()
            .set(HttpHeaderNames.CONTENT_TYPE, "application/problem+json")
            .setInt(HttpHeaderNames.CONTENT_LENGTH, content.readableBytes())
            .set(Exchange.REQUEST_ID, requestId)
            .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        ctx.writeAndFlush(response).addListener(written -> linger(ctx));
    }

    /** The client gets a moment to read the answer, while what it still sends is dropped. */
    private static void linger(final ChannelHandlerContext ctx)
    {
        LastWord.endOutput(ctx);
        ctx.executor().schedule(() -> ctx.close(), LINGER_MS, TimeUnit.MILLISECONDS);
    }

    private enum Inbound
    {
        /** Between two requests. */
        BETWEEN,
        /** Some bytes of a request, but not all of its headers. */
        HEADERS,
        /** The headers, but not all of its body. */
        BODY,
        /** No requests any more: it has become a WebSocket. */
        UPGRADED
    }
}
