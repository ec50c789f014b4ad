package io.plimsoll.manager.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.concurrent.Future;
import io.plimsoll.manager.view.TerminalSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
 * One terminal of one client, over a WebSocket; docs/API.md has its frames. The client sends no more input than it was
 * allowed, and what it has not taken of the output holds up the command and nobody else. Event loop only; the agent's
 * side comes in through {@link Events}.
 */
final class TerminalSocket
{
    private static final byte STDIN = 0;
    private static final byte STDOUT = 1;
    private static final byte STDERR = 2;
    private static final int FRAME_LENGTH_MAX = 128 * 1024;
    private static final int WINDOW = 64 * 1024;
    private static final int NORMAL = 1000;
    private static final int POLICY = 1008;
    private static final int CLOSE_REASON_LENGTH_MAX = 100;
    private static final long WATCH_INTERVAL_MS = 1_000;
    private static final Logger LOGGER = LoggerFactory.getLogger(TerminalSocket.class);
    private static final WebsocketServerSpec SPEC =
        WebsocketServerSpec.builder().maxFramePayloadLength(FRAME_LENGTH_MAX).handlePing(true).build();

    private final Exchange exchange;
    private final Channel channel;
    private final HttpLimits limits;
    private final TerminalRoutes.Opener opener;
    private final Sinks.Empty<Void> done = Sinks.empty();
    private boolean atOnce;
    private TerminalSource.Stream stream;
    private Future<?> watch;
    private Future<?> linger;
    private boolean opened;
    private boolean started;
    private boolean inputEnded;
    private boolean ended;
    private TerminalPatience patience;

    TerminalSocket(final Exchange exchange, final HttpLimits limits, final TerminalRoutes.Opener opener)
    {
        this.exchange = exchange;
        channel = exchange.channel();
        this.limits = limits;
        this.opener = opener;
    }

    /** Waits for the client to say what it wants. */
    void open(final AtomicInteger streams)
    {
        StreamSlots.enter(streams, limits.streamsMax());
        exchange.onEnd(() ->
        {
            StreamSlots.leave(streams);
            gone();
        });
        exchange.upgrade(SPEC, this::begin);
    }

    /** There is nothing that the client could want. */
    void openAtOnce(final AtomicInteger streams)
    {
        atOnce = true;
        open(streams);
    }

    private Publisher<Void> begin(final WebsocketInbound in, final WebsocketOutbound out)
    {
        patience = new TerminalPatience(limits, System.nanoTime());
        exchange.onRevoked(why -> end(POLICY, why.code(), 0, why.detail()));
        final long intervalMs = Math.min(WATCH_INTERVAL_MS, limits.heartbeatIntervalMs());
        watch = channel.eventLoop().scheduleWithFixedDelay(
            this::watch, intervalMs, intervalMs, TimeUnit.MILLISECONDS);
        in.aggregateFrames(FRAME_LENGTH_MAX).receiveFrames().subscribe(new Frames());
        if (atOnce)
        {
            open(new TerminalSource.Request(List.of(), List.of(), "", "", false, false, 0, 0));
        }
        return done.asMono();
    }

    private void onFrame(final WebSocketFrame frame)
    {
        patience.onHeard(System.nanoTime());
        if (ended)
        {
            return;
        }
        try
        {
            if (frame instanceof BinaryWebSocketFrame)
            {
                onInput(frame.content());
            }
            else if (frame instanceof TextWebSocketFrame)
            {
                final byte[] text = new byte[frame.content().readableBytes()];
                frame.content().readBytes(text);
                onMessage(TerminalMessages.parse(text));
            }
            else if (frame instanceof PingWebSocketFrame ping)
            {
                Pongs.answer(channel, ping);
            }
        }
        catch (final RuntimeException ex)
        {
            final Problem problem = Rejections.problemOf(ex);
            end(POLICY, problem.code(), 0, problem.detail());
        }
    }

    private void onMessage(final TerminalMessages.Message message)
    {
        switch (message.type)
        {
            case "start" ->
            {
                if (opened)
                {
                    throw new Problem(400, "started-already", "the command was named before").asException();
                }
                open(message.request());
            }
            case "resize" ->
            {
                checkOpened();
                stream.size(message.rows, message.columns);
            }
            case "eof" ->
            {
                checkOpened();
                input(new byte[0], true);
            }
            default -> throw new Problem(
                400, "bad-message", "/type: given \"" + message.type + "\"; right is start, resize or eof")
                .asException();
        }
    }

    private void onInput(final ByteBuf content)
    {
        checkOpened();
        if (!content.isReadable() || STDIN != content.readByte())
        {
            throw new Problem(400, "bad-message", "a binary frame begins with 0, and input follows").asException();
        }
        final byte[] bytes = new byte[content.readableBytes()];
        content.readBytes(bytes);
        input(bytes, false);
    }

    private void input(final byte[] bytes, final boolean last)
    {
        if (inputEnded)
        {
            throw new Problem(400, "bad-message", "the input was ended before").asException();
        }
        inputEnded = last;
        if (!stream.input(bytes, last))
        {
            throw new Problem(400, "no-credit", "more input than was allowed; wait for credit").asException();
        }
    }

    private void checkOpened()
    {
        if (null == stream)
        {
            throw new Problem(400, "bad-message", "the first message is start").asException();
        }
    }

    private void open(final TerminalSource.Request request)
    {
        opened = true;
        patience.onOpened(System.nanoTime());
        stream = opener.open(request, WINDOW, new Events());
    }

    private void inputCredit(final int bytes)
    {
        if (ended)
        {
            return;
        }
        if (!started)
        {
            started = true;
            patience.onStarted();
            message("started", "bytes", bytes, "", "");
        }
        else
        {
            message("credit", "bytes", bytes, "", "");
        }
    }

    private void data(final boolean stderr, final byte[] content)
    {
        if (ended || 0 == content.length)
        {
            return;
        }
        patience.onQueued(System.nanoTime());
        final ByteBuf buffer = Unpooled.wrappedBuffer(new byte[]{stderr ? STDERR : STDOUT}, content);
        channel.writeAndFlush(new BinaryWebSocketFrame(buffer)).addListener(future ->
        {
            patience.onTaken(System.nanoTime());
            if (future.isSuccess() && !ended)
            {
                stream.request(stderr, content.length);
            }
        });
    }

    private void message(
        final String type, final String number, final int value, final String code, final String detail)
    {
        channel.writeAndFlush(new TextWebSocketFrame(Json.write(channel.alloc(), json ->
        {
            json.writeStartObject();
            json.writeStringField("type", type);
            if (!code.isEmpty())
            {
                json.writeStringField("code", code);
            }
            json.writeNumberField(number, value);
            if (!detail.isEmpty())
            {
                json.writeStringField("detail", detail);
            }
            json.writeEndObject();
        })));
    }

    private void end(final int status, final String code, final int exitCode, final String detail)
    {
        if (ended)
        {
            return;
        }
        release();
        message("end", "exitCode", exitCode, code, detail);
        final String reason = code.substring(0, Math.min(CLOSE_REASON_LENGTH_MAX, code.length()));
        // Not the framework's own way, which closes at once: what the client sends meanwhile would cost it the reason.
        channel.writeAndFlush(new CloseWebSocketFrame(status, reason));
        linger = channel.eventLoop().schedule(
            () ->
            {
                finish();
                channel.close();
            },
            patience.lingerNs(NORMAL == status),
            TimeUnit.NANOSECONDS);
    }

    /** The client has gone. */
    private void gone()
    {
        if (null != linger)
        {
            linger.cancel(false);
        }
        release();
        finish();
    }

    private void finish()
    {
        done.tryEmitEmpty();
        exchange.streamEnded();
    }

    private void release()
    {
        ended = true;
        if (null != watch)
        {
            watch.cancel(false);
        }
        if (null != stream)
        {
            stream.close();
        }
    }

    private void watch()
    {
        switch (patience.look(System.nanoTime()))
        {
            case NOT_STARTED -> end(
                POLICY,
                opened ? "no-answer" : "no-start",
                0,
                opened ? "the kernel's agent has not answered" : "the message start did not come");
            case SLOW -> drop("slow-reader", "the output was not read for too long");
            case SILENT -> drop("silent", "the client has not answered for too long");
            case PING -> channel.writeAndFlush(new PingWebSocketFrame());
            default ->
            {
                // All is well.
            }
        }
    }

    /** It is told why, if it should read once more in the next moment; the log says so in any case. */
    private void drop(final String code, final String detail)
    {
        LOGGER.info("terminal of {} dropped: {}", channel.remoteAddress(), detail);
        end(POLICY, code, 0, detail);
    }

    /** What the client sends, frame by frame. */
    private final class Frames extends BaseSubscriber<WebSocketFrame>
    {
        @Override
        protected void hookOnSubscribe(final Subscription subscription)
        {
            // Input is bounded by its credit, and nothing else may wait behind it.
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        protected void hookOnNext(final WebSocketFrame frame)
        {
            onFrame(frame);
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

    /** What the agent says; called on any thread, passes everything to the event loop. */
    private final class Events implements TerminalSource.Listener
    {
        @Override
        public void onInputCredit(final int bytes)
        {
            channel.eventLoop().execute(() -> inputCredit(bytes));
        }

        @Override
        public void onData(final boolean stderr, final byte[] content)
        {
            channel.eventLoop().execute(() -> data(stderr, content));
        }

        @Override
        public void onEnd(final TerminalSource.End how)
        {
            channel.eventLoop().execute(() -> end(NORMAL, how.code(), how.exitCode(), how.detail()));
        }
    }
}
