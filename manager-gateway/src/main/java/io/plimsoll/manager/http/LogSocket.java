package io.plimsoll.manager.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Sinks;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/**
 * Output over a WebSocket; docs/API.md has its frames. It says where the bytes that follow stand, so that a reader that
 * was cut off can go on from there. Event loop only.
 */
final class LogSocket implements LogReply
{
    private static final Logger LOGGER = LoggerFactory.getLogger(LogSocket.class);
    private static final int FRAME_LENGTH_MAX = 1_024;
    private static final int NORMAL = 1000;
    private static final int POLICY = 1008;
    private static final int CANNOT = 1011;
    private static final int CLOSE_REASON_LENGTH_MAX = 100;
    private static final long WATCH_INTERVAL_MS = 1_000;
    private static final WebsocketServerSpec SPEC =
        WebsocketServerSpec.builder().maxFramePayloadLength(FRAME_LENGTH_MAX).handlePing(true).build();

    private final Exchange exchange;
    private final Channel channel;
    private final HttpLimits limits;
    private final LongConsumer onTaken;
    private final Runnable onStuck;
    private final Sinks.Empty<Void> done = Sinks.empty();
    private TerminalPatience patience;
    private Future<?> watch;
    private Future<?> linger;
    private boolean isOpen;
    private boolean ended;
    private int atAttempt;
    private long atOffset;

    /**
     * Not open yet.
     *
     * @param exchange that asks for it.
     * @param limits   of patience.
     * @param onTaken  called with bytes that have gone to the socket.
     * @param onStuck  called once when the reader has stopped; must {@link #drop}.
     */
    LogSocket(final Exchange exchange, final HttpLimits limits, final LongConsumer onTaken, final Runnable onStuck)
    {
        this.exchange = exchange;
        channel = exchange.channel();
        this.limits = limits;
        this.onTaken = onTaken;
        this.onStuck = onStuck;
    }

    @Override
    public void begin(final Runnable ready)
    {
        exchange.upgrade(SPEC, (in, out) -> opened(in, out, ready));
    }

    private Publisher<Void> opened(final WebsocketInbound in, final WebsocketOutbound out, final Runnable ready)
    {
        isOpen = true;
        patience = TerminalPatience.ofReader(limits, System.nanoTime());
        final long intervalMs = Math.max(
            1, Math.min(WATCH_INTERVAL_MS, Math.min(limits.heartbeatIntervalMs(), limits.stuckReaderTimeoutMs() / 4)));
        watch = channel.eventLoop().scheduleWithFixedDelay(
            this::watch, intervalMs, intervalMs, TimeUnit.MILLISECONDS);
        in.aggregateFrames(FRAME_LENGTH_MAX).receiveFrames().subscribe(new Frames());
        ready.run();
        return done.asMono();
    }

    @Override
    public boolean isStarted()
    {
        return isOpen;
    }

    @Override
    public boolean isEnded()
    {
        return ended;
    }

    @Override
    public void start()
    {
        // The answer to the upgrade has said that already.
    }

    @Override
    public void write(final int attempt, final long offset, final byte[] content)
    {
        if (ended)
        {
            return;
        }
        if (attempt != atAttempt || offset != atOffset)
        {
            atAttempt = attempt;
            atOffset = offset;
            channel.write(new TextWebSocketFrame(Json.write(channel.alloc(), json ->
            {
                json.writeStartObject();
                json.writeStringField("type", "position");
                json.writeNumberField("attempt", attempt);
                json.writeNumberField("offset", offset);
                json.writeEndObject();
            })));
        }
        atOffset += content.length;
        patience.onQueued(System.nanoTime());
        channel.writeAndFlush(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(content))).addListener(future ->
        {
            patience.onTaken(System.nanoTime());
            if (future.isSuccess() && !ended)
            {
                onTaken.accept(content.length);
            }
        });
    }

    @Override
    public void end()
    {
        close(NORMAL, "complete", "");
    }

    @Override
    public void fail(final Problem problem)
    {
        close(CANNOT, problem.code(), problem.detail());
    }

    @Override
    public void drop()
    {
        if (ended)
        {
            // Told to go for a reason of its own.
            return;
        }
        LOGGER.info("reader of logs {} dropped: it has not read for too long", channel.remoteAddress());
        close(POLICY, "slow-reader", "the output was not read for too long");
    }

    private void close(final int status, final String code, final String detail)
    {
        if (ended)
        {
            return;
        }
        stop();
        channel.write(new TextWebSocketFrame(Json.write(channel.alloc(), json ->
        {
            json.writeStartObject();
            json.writeStringField("type", "end");
            json.writeStringField("code", code);
            if (!detail.isEmpty())
            {
                json.writeStringField("detail", detail);
            }
            json.writeEndObject();
        })));
        // Not the framework's own way, which closes at once: what the client sends meanwhile would cost it the reason.
        channel.writeAndFlush(new CloseWebSocketFrame(
            status, code.substring(0, Math.min(CLOSE_REASON_LENGTH_MAX, code.length()))));
        linger = channel.eventLoop().schedule(
            () ->
            {
                finish();
                channel.close();
            },
            patience.lingerNs(NORMAL == status),
            TimeUnit.NANOSECONDS);
    }

    @Override
    public void stop()
    {
        ended = true;
        if (null != watch)
        {
            watch.cancel(false);
        }
    }

    /** The client has gone. */
    private void gone()
    {
        if (null != linger)
        {
            linger.cancel(false);
        }
        stop();
        finish();
    }

    private void finish()
    {
        done.tryEmitEmpty();
        exchange.streamEnded();
    }

    private void watch()
    {
        switch (patience.look(System.nanoTime()))
        {
            case SLOW -> onStuck.run();
            case SILENT ->
            {
                LOGGER.info("reader of logs {} dropped: it has not answered for too long", channel.remoteAddress());
                close(POLICY, "silent", "the client has not answered for too long");
                onStuck.run();
            }
            case PING -> channel.writeAndFlush(new PingWebSocketFrame());
            default ->
            {
                // All is well.
            }
        }
    }

    /** There is nothing that a reader has to say. */
    private final class Frames extends BaseSubscriber<WebSocketFrame>
    {
        @Override
        protected void hookOnSubscribe(final Subscription subscription)
        {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        protected void hookOnNext(final WebSocketFrame frame)
        {
            patience.onHeard(System.nanoTime());
            if (frame instanceof TextWebSocketFrame || frame instanceof BinaryWebSocketFrame)
            {
                close(POLICY, "bad-message", "a reader of logs has nothing to say");
                onStuck.run();
            }
            else if (frame instanceof PingWebSocketFrame ping && !ended)
            {
                Pongs.answer(channel, ping);
            }
        }

        @Override
        protected void hookOnComplete()
        {
            gone();
        }

        @Override
        protected void hookOnError(final Throwable thrown)
        {
            gone();
        }
    }
}
