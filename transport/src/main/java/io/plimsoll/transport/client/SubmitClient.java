package io.plimsoll.transport.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLException;

/**
 * Submits sessions to one manager over one connection, many at a time. Calls from any thread return at once; what they
 * lead to is told on the thread of the client. No more is sent than the manager has given credits for; the rest waits
 * here, up to a bound, and each call has a deadline.
 * <p>
 * When the connection breaks it is made again, and what had no answer is sent again under its key, so that nothing is
 * submitted twice; sessions that are being watched are asked for in the same way. Only a refusal of the token ends
 * that.
 */
public final class SubmitClient implements AutoCloseable
{
    private static final long TICK_MS = 50;
    private static final long BACKOFF_MIN_MS = 20;
    private static final long BACKOFF_MAX_MS = 2_000;
    private static final int CONNECT_TIMEOUT_MS = 5_000;
    private static final long CLOSE_TIMEOUT_MS = 5_000;
    /** Half as long as the manager keeps them. */
    private static final long KEY_LIFE_NS = TimeUnit.HOURS.toNanos(12);

    private final SubmitClientOptions options;
    private final MultiThreadIoEventLoopGroup group;
    private final EventLoop loop;
    private final SslContext tls;
    private final long keyHi = new SecureRandom().nextLong() | 1;
    private final AtomicLong correlationIds = new AtomicLong();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicLong resent = new AtomicLong();
    /** Not sent on the present connection yet. */
    private final ArrayDeque<Call> waiting = new ArrayDeque<>();
    /** Unanswered, sent or not, oldest first, which is by deadline. */
    private final Map<Long, Call> unanswered = new LinkedHashMap<>();
    private final Map<Long, Call> watched = new HashMap<>();
    private SubmitConnection connection;
    private Channel channel;
    private int credits;
    private long backoffMs = BACKOFF_MIN_MS;
    private boolean isFlushing;
    private Throwable failure;
    /** What broke the last connection, or kept one from being made; empty once the manager has answered. */
    private String trouble = "";
    private volatile boolean closed;

    private SubmitClient(final SubmitClientOptions options)
    {
        this.options = options;
        try
        {
            tls = null == options.trustFile() ? null : tls(options);
        }
        catch (final SSLException | IllegalArgumentException ex)
        {
            throw new IllegalArgumentException(
                "trustFile=" + options.trustFile() + " certificateFile=" + options.certificateFile() + " keyFile=" +
                    options.keyFile() + ": " + ex.getMessage(), ex);
        }
        group = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("plimsoll-submit", true), NioIoHandler.newFactory());
        loop = group.next();
    }

    private static SslContext tls(final SubmitClientOptions options) throws SSLException
    {
        final SslContextBuilder builder = SslContextBuilder.forClient().trustManager(options.trustFile().toFile());
        return null == options.certificateFile() ? builder.build() :
            builder.keyManager(options.certificateFile().toFile(), options.keyFile().toFile()).build();
    }

    /**
     * Makes a client, which connects on its own.
     *
     * @param options where to.
     * @return the client.
     * @throws IllegalArgumentException if the trusted certificates cannot be read.
     */
    public static SubmitClient launch(final SubmitClientOptions options)
    {
        final SubmitClient client = new SubmitClient(options);
        client.loop.execute(client::connect);
        client.loop.scheduleWithFixedDelay(client::tick, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
        return client;
    }

    /** Submits a session and asks no more of it; see {@link #submit(ClientSession, SessionListener)}. */
    public CompletableFuture<Submitted> submit(final ClientSession session)
    {
        return submit(session, null);
    }

    /**
     * Submits a session.
     *
     * @param session  to submit.
     * @param listener is told of what becomes of it; null: nobody.
     * @return completes when it is journalled; fails with {@link SubmitRejectedException}, with TimeoutException when
     *     there is no answer in time (it may have been accepted all the same), or with IllegalStateException when the
     *     client is closed.
     * @throws IllegalArgumentException if it fits no frame.
     */
    public CompletableFuture<Submitted> submit(final ClientSession session, final SessionListener listener)
    {
        if (calls.incrementAndGet() > options.callsMax())
        {
            calls.decrementAndGet();
            return CompletableFuture.failedFuture(new SubmitRejectedException(
                429, "too-many-calls", "", options.callsMax() + " calls wait for their answer already", 1));
        }
        boolean taken = false;
        try
        {
            final long correlationId = correlationIds.incrementAndGet();
            final Call call = new Call(
                correlationId,
                SubmitFrame.of(session, correlationId, keyHi, correlationId, null != listener),
                listener,
                System.nanoTime() + options.callTimeoutNs());
            loop.execute(() -> enqueue(call));
            taken = true;
            return call.future;
        }
        finally
        {
            if (!taken)
            {
                calls.decrementAndGet();
            }
        }
    }

    /** How often a submission was sent again because the connection had broken before its answer. Any thread. */
    public long resent()
    {
        return resent.get();
    }

    /**
     * Fails what is unanswered and lets go of everything. Any thread: one that is being told of an answer or an end
     * does not wait for itself, others wait for 5 seconds at the most, as a listener may not return. What is left then
     * is let go of when it does.
     */
    @Override
    public void close()
    {
        close(CLOSE_TIMEOUT_MS);
    }

    /** Whether all has ended by the time that this returns. */
    boolean close(final long timeoutMs)
    {
        if (!closed)
        {
            closed = true;
            loop.execute(() -> fail(new IllegalStateException("the client is closed")));
            group.shutdownGracefully(0, timeoutMs, TimeUnit.MILLISECONDS);
        }
        return !loop.inEventLoop() && group.terminationFuture().awaitUninterruptibly(timeoutMs);
    }

    /* Calls. */

    private void enqueue(final Call call)
    {
        if (null != failure)
        {
            calls.decrementAndGet();
            call.future.completeExceptionally(failure);
            return;
        }
        unanswered.put(call.correlationId, call);
        waiting.add(call);
        send();
    }

    private void send()
    {
        while (credits > 0 && !waiting.isEmpty() && channel.isWritable())
        {
            final Call call = waiting.poll();
            if (call.isOwed())
            {
                credits--;
                if (call.isSent && !call.isAnswered)
                {
                    call.isResent = true;
                    resent.incrementAndGet();
                }
                call.isSent = true;
                ClientFrames.write(channel, call.frame.buffer(), call.frame.buffer().capacity());
                flushSoon();
            }
        }
    }

    /** Once for all that this turn of the loop writes. */
    private void flushSoon()
    {
        if (!isFlushing)
        {
            isFlushing = true;
            final Channel current = channel;
            loop.execute(() ->
            {
                isFlushing = false;
                current.flush();
            });
        }
    }

    private void tick()
    {
        final long nowNs = System.nanoTime();
        final List<Call> late = new ArrayList<>();
        for (final Call call : unanswered.values())
        {
            if (nowNs - call.deadlineNs < 0)
            {
                break;
            }
            late.add(call);
        }
        late.forEach(call -> answered(call, null, new TimeoutException(
            "no answer in time; it may have been accepted all the same: correlationId=" + call.correlationId +
                (trouble.isEmpty() ? "" : "; the connection: " + trouble))));
        if (null != connection && connection.isSilent(nowNs))
        {
            channel.close();
        }
    }

    private void answered(final Call call, final Submitted reply, final Throwable error)
    {
        if (null != unanswered.remove(call.correlationId))
        {
            calls.decrementAndGet();
            call.isAnswered = true;
            if (null != reply && null != call.listener)
            {
                watched.put(call.correlationId, call);
                call.accepted(reply);
            }
            if (null == error)
            {
                call.future.complete(reply);
            }
            else
            {
                call.future.completeExceptionally(error);
            }
        }
    }

    /* What the connection tells. */

    void onWelcome(final int given)
    {
        backoffMs = BACKOFF_MIN_MS;
        trouble = "";
        credits = given;
        waiting.clear();
        forgetOld();
        // Those that are watched have been accepted: their keys are known, and the answer is what they have become.
        waiting.addAll(watched.values());
        waiting.addAll(unanswered.values());
        send();
    }

    /** A key that the manager may have forgotten would make a new session. */
    private void forgetOld()
    {
        final long nowNs = System.nanoTime();
        for (final Call call : List.copyOf(watched.values()))
        {
            if (nowNs - call.acceptedNs > KEY_LIFE_NS)
            {
                for (long id = call.firstId; watched.containsKey(call.correlationId); id++)
                {
                    onEnded(call.correlationId, id, "FORGOTTEN", "UNDEFINED", -1);
                }
            }
        }
    }

    void onAccepted(final long correlationId, final Submitted reply, final int given)
    {
        credits += given;
        final Call call = unanswered.get(correlationId);
        if (null != call)
        {
            answered(call, reply, null);
        }
        send();
    }

    void onRejected(final long correlationId, final SubmitRejectedException error, final int given)
    {
        credits += given;
        final Call call = unanswered.get(correlationId);
        if (null == call)
        {
            if (watched.containsKey(correlationId))
            {
                // It was asked for again and could not be told yet.
                again(watched.get(correlationId), Math.max(BACKOFF_MAX_MS, error.retryAfterMs()));
            }
        }
        else if (call.isResent && error.retryAfterMs() > 0)
        {
            // It may have been accepted when it was sent first: that it is not taken now says nothing of then.
            again(call, error.retryAfterMs());
        }
        else
        {
            answered(call, null, error);
        }
        send();
    }

    private void again(final Call call, final long delayMs)
    {
        loop.schedule(
            () ->
            {
                waiting.add(call);
                send();
            },
            delayMs, TimeUnit.MILLISECONDS);
    }

    void onAssigned(final long correlationId, final long sessionId, final int attempt)
    {
        final Call call = watched.get(correlationId);
        if (null != call)
        {
            call.listener.onAssigned(sessionId, attempt);
        }
    }

    void onEnded(
        final long correlationId, final long sessionId, final String state, final String result, final int exitCode)
    {
        final Call call = watched.get(correlationId);
        if (null != call && call.ended.add(sessionId))
        {
            call.remaining--;
            if (0 == call.remaining)
            {
                watched.remove(correlationId);
            }
            call.listener.onEnded(sessionId, state, result, exitCode);
        }
    }

    void onWritable()
    {
        send();
    }

    /** The manager does not want this client: there is no point in coming back. */
    void onRefused(final SubmitRejectedException error)
    {
        if (401 == error.status() || 403 == error.status())
        {
            fail(error);
        }
        else
        {
            trouble = error.getMessage();
        }
    }

    /** Why a connection is about to end; tried again, since certificates and managers change. */
    void onTrouble(final Throwable cause)
    {
        Throwable first = cause;
        while (null != first.getCause())
        {
            first = first.getCause();
        }
        trouble = null == first.getMessage() ? first.toString() : first.getMessage();
    }

    void onDisconnected(final SubmitConnection ended)
    {
        if (connection == ended)
        {
            connection = null;
            credits = 0;
            reconnect();
        }
    }

    /* Connecting. */

    private void connect()
    {
        if (null != failure || closed)
        {
            return;
        }
        final SubmitConnection next = new SubmitConnection(this, options.token());
        final ChannelFuture connecting = new Bootstrap()
            .group(loop)
            .channel(NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MS)
            .handler(new ChannelInitializer<SocketChannel>()
            {
                @Override
                protected void initChannel(final SocketChannel socket)
                {
                    if (null != tls)
                    {
                        socket.pipeline().addLast(verified(tls.newHandler(
                            socket.alloc(), options.host(), options.port())));
                    }
                    socket.pipeline().addLast(
                        ClientFrames.DECODER, ClientFrames.decoder(ClientFrames.FRAME_LENGTH_MAX));
                    socket.pipeline().addLast(next);
                }
            })
            .connect(options.host(), options.port());
        connecting.addListener(done ->
        {
            if (!done.isSuccess())
            {
                onTrouble(done.cause());
                reconnect();
            }
            else
            {
                connection = next;
                channel = connecting.channel();
                if (!channel.isActive())
                {
                    onDisconnected(next);
                }
            }
        });
    }

    private static SslHandler verified(final SslHandler handler)
    {
        final var parameters = handler.engine().getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        handler.engine().setSSLParameters(parameters);
        return handler;
    }

    private void reconnect()
    {
        if (null == failure && !closed)
        {
            loop.schedule(this::connect, backoffMs, TimeUnit.MILLISECONDS);
            backoffMs = Math.min(BACKOFF_MAX_MS, 2 * backoffMs);
        }
    }

    private void fail(final Throwable error)
    {
        failure = error;
        List.copyOf(unanswered.values()).forEach(call -> answered(call, null, error));
        waiting.clear();
        watched.clear();
        if (null != channel)
        {
            channel.close();
        }
    }

    /** A submission that is not over yet. */
    private static final class Call
    {
        private final CompletableFuture<Submitted> future = new CompletableFuture<>();
        private final long correlationId;
        private final SubmitFrame frame;
        private final SessionListener listener;
        private final long deadlineNs;
        private final Set<Long> ended = new HashSet<>();
        private long firstId;
        private long acceptedNs;
        private long remaining = -1;
        private boolean isSent;
        /** Whether the answer to it may have been lost with a connection. */
        private boolean isResent;
        private boolean isAnswered;

        Call(
            final long correlationId,
            final SubmitFrame frame,
            final SessionListener listener,
            final long deadlineNs)
        {
            this.correlationId = correlationId;
            this.frame = frame;
            this.listener = listener;
            this.deadlineNs = deadlineNs;
        }

        void accepted(final Submitted reply)
        {
            firstId = reply.firstId();
            remaining = reply.count();
            acceptedNs = System.nanoTime();
        }

        /** Whether it is worth sending: it has no answer, or what follows it is still to come. */
        boolean isOwed()
        {
            return !isAnswered || remaining > 0;
        }
    }
}
