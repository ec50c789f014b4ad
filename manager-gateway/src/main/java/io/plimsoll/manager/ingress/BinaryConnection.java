package io.plimsoll.manager.ingress;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Result;
import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.control.BulkSubmission;
import io.plimsoll.manager.control.OverloadedException;
import io.plimsoll.manager.control.PatientSubmitter;
import io.plimsoll.manager.control.PreparedSession;
import io.plimsoll.manager.control.RequestOrigin;
import io.plimsoll.manager.control.SubmissionChunk;
import io.plimsoll.manager.control.SubmitReply;
import io.plimsoll.manager.database.DatabaseUnavailableException;
import io.plimsoll.manager.egress.SessionWatcher;
import io.plimsoll.manager.http.FailureGuard;
import io.plimsoll.manager.http.IngressRules;
import io.plimsoll.manager.http.LastWord;
import io.plimsoll.manager.http.RequestRates;
import io.plimsoll.manager.identity.Caller;
import io.plimsoll.manager.identity.Role;
import io.plimsoll.manager.trace.RequestSpan;
import io.plimsoll.manager.view.SessionView;
import io.plimsoll.transport.client.ClientFrames;
import io.plimsoll.transport.client.sbe.HelloDecoder;
import io.plimsoll.transport.client.sbe.MessageHeaderDecoder;
import io.plimsoll.transport.client.sbe.PingDecoder;
import io.plimsoll.transport.client.sbe.PongDecoder;
import io.plimsoll.transport.client.sbe.SubmitDecoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One submitter: first its token, then submissions, as many unanswered ones as it has credits for. Each answer gives
 * the credit back; while the ring is full, or the share of the account in it is taken, there are no answers, and so no
 * credits either. Whatever is no message of the protocol gets a last word and closes the connection; a session that is
 * wrong is refused alone. Event loop only.
 */
final class BinaryConnection extends SimpleChannelInboundHandler<ByteBuf> implements BulkSubmission.Loop
{
    private static final Logger LOGGER = LoggerFactory.getLogger(BinaryConnection.class);
    private static final int RETRY_AFTER_SECONDS = 1;
    private static final int CREATED = 201;
    /** Name of the spans of its submissions. */
    private static final String SPAN = "submit";

    private final ManagerServices services;
    private final IngressLimits limits;
    private final IngressRules rules;
    private final RequestRates rates;
    /** Says why the connection of somebody is not admitted; null: it is. */
    private final BiFunction<Channel, Caller, String> admission;
    /** Of all connections. */
    private final FailureGuard failures;
    /** Counts those that were cut off because they did not take their answers, of all connections. */
    private final AtomicLong slowReaders;
    private final AnswerPatience patience;
    private final SubmitReader reader = new SubmitReader();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final IngressPublisher publisher = new IngressPublisher();
    private ChannelHandlerContext context;
    private PatientSubmitter submitter;
    private Future<?> watch;
    /** Of the requests that its submissions are: the id of the connection, and their own number. */
    private final String requestIdPrefix =
        "bin-" + Long.toHexString(ThreadLocalRandom.current().nextLong(1L << 40, 1L << 44)) + "-";
    private String token;
    /** Null until the token is known. */
    private Caller caller;
    private int unanswered;
    private int watched;
    private long openedNs;
    private long heardNs;
    private boolean isFlushing;
    private boolean isClosing;
    private volatile boolean isGone;

    BinaryConnection(
        final ManagerServices services,
        final IngressLimits limits,
        final RequestRates rates,
        final BiFunction<Channel, Caller, String> admission,
        final FailureGuard failures,
        final AtomicLong slowReaders)
    {
        super(false);
        this.slowReaders = slowReaders;
        patience = new AnswerPatience(limits.stuckTimeoutMs());
        this.admission = admission;
        this.failures = failures;
        this.services = services;
        this.limits = limits;
        this.rates = rates;
        rules = new IngressRules(services);
    }

    @Override
    public void handlerAdded(final ChannelHandlerContext added)
    {
        context = added;
        submitter = new PatientSubmitter(services.control(), this, System::nanoTime);
        openedNs = System.nanoTime();
        heardNs = openedNs;
        final long shortestMs =
            Math.min(limits.helloTimeoutMs(), Math.min(limits.idleTimeoutMs(), limits.stuckTimeoutMs()));
        final long tickMs = Math.max(1, shortestMs / 4);
        watch = added.executor().scheduleWithFixedDelay(this::tick, tickMs, tickMs, TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelInactive(final ChannelHandlerContext closed)
    {
        isGone = true;
        watch.cancel(false);
        submitter.close();
        if (watched > 0)
        {
            services.control().onWatcherGone();
        }
    }

    private void tick()
    {
        final long nowNs = System.nanoTime();
        if (null == caller && nowNs - openedNs > TimeUnit.MILLISECONDS.toNanos(limits.helloTimeoutMs()))
        {
            refuse("too-slow", "no token came within " + limits.helloTimeoutMs() + " ms");
        }
        else if (!context.channel().isWritable() && isStuck(nowNs))
        {
            drop("no answer was taken for " + limits.stuckTimeoutMs() + " ms, and more wait than are kept");
        }
        else if (context.channel().isWritable() &&
            nowNs - heardNs > TimeUnit.MILLISECONDS.toNanos(limits.idleTimeoutMs()))
        {
            refuse("silent", "nothing was heard for " + limits.idleTimeoutMs() + " ms; send Ping");
        }
        else if (null != caller)
        {
            recognise();
        }
    }

    private boolean isStuck(final long nowNs)
    {
        final ChannelOutboundBuffer waiting = context.channel().unsafe().outboundBuffer();
        return null != waiting && patience.isStuck(nowNs, waiting.current(), waiting.currentProgress());
    }

    /** Whoever does not take its answers is told so, if it ever reads that, and so is whoever runs the manager. */
    private void drop(final String detail)
    {
        if (!isClosing)
        {
            slowReaders.incrementAndGet();
            LOGGER.info(
                "submitter {} of keypair {} dropped: {}", context.channel().remoteAddress(),
                null == caller || !caller.isKeypair() ? "-" : caller.accessKey(), detail);
            refuse("slow-reader", detail);
        }
    }

    @Override
    public void exceptionCaught(final ChannelHandlerContext failed, final Throwable cause)
    {
        if (cause instanceof DecoderException)
        {
            refuse("bad-frame", "a frame has at most " + ClientFrames.FRAME_LENGTH_MAX + " bytes, " +
                ClientFrames.HELLO_LENGTH_MAX + " before the token");
        }
        else
        {
            failed.close();
        }
    }

    @Override
    public void channelWritabilityChanged(final ChannelHandlerContext changed)
    {
        // Who does not read its answers is not read from, and what it says meanwhile cannot be heard.
        final boolean isWritable = changed.channel().isWritable();
        final long nowNs = System.nanoTime();
        if (isWritable)
        {
            heardNs = nowNs;
        }
        else
        {
            patience.onFull(nowNs);
        }
        changed.channel().config().setAutoRead(isWritable);
    }

    @Override
    protected void channelRead0(final ChannelHandlerContext read, final ByteBuf frame)
    {
        heardNs = System.nanoTime();
        final UnsafeBuffer buffer = ClientFrames.copy(frame);
        if (isClosing)
        {
            return;
        }
        try
        {
            ClientFrames.wrap(header, buffer);
            onMessage(buffer);
        }
        catch (final IndexOutOfBoundsException | IllegalArgumentException | IllegalStateException ex)
        {
            refuse("bad-frame", "this is no message of the protocol: " + ex.getMessage());
        }
    }

    private void onMessage(final UnsafeBuffer buffer)
    {
        final int templateId = header.templateId();
        if (null == caller)
        {
            if (HelloDecoder.TEMPLATE_ID != templateId)
            {
                throw new IllegalArgumentException("templateId=" + templateId + " before Hello");
            }
            hello(new HelloDecoder().wrapAndApplyHeader(buffer, 0, header));
            return;
        }
        switch (templateId)
        {
            case SubmitDecoder.TEMPLATE_ID -> submit(buffer);
            case PingDecoder.TEMPLATE_ID -> send(publisher.pong(
                new PingDecoder().wrapAndApplyHeader(buffer, 0, header).number()));
            case PongDecoder.TEMPLATE_ID ->
            {
                // Heard.
            }
            default -> throw new IllegalArgumentException("templateId=" + templateId);
        }
    }

    private void hello(final HelloDecoder hello)
    {
        token = hello.token();
        hello.client();
        final String accessKey = FailureGuard.accessKey(token);
        if (accessKey.isEmpty() || !isLockedOut(accessKey))
        {
            recognise();
        }
        if (isClosing)
        {
            return;
        }
        failures.succeeded(from(), accessKey);
        final String objection = admission.apply(context.channel(), caller);
        if (null != objection)
        {
            refuse("too-many-connections", objection);
            return;
        }
        send(publisher.welcome(
            limits.credits(), (int)limits.idleTimeoutMs(), services.info().get().term(),
            services.info().get().clusterId()));
        // Hands on, and so has answered, what came together with the token: only now.
        context.pipeline().replace(
            ClientFrames.DECODER, ClientFrames.DECODER, ClientFrames.decoder(ClientFrames.FRAME_LENGTH_MAX));
    }

    /** Looks who it is, again from time to time, because tokens can be taken back and roles change. */
    private void recognise()
    {
        try
        {
            caller = services.tokens().callerOf(token);
            if (null == caller)
            {
                refuseToken(FailureGuard.accessKey(token));
            }
            else if (!caller.access().isOpenTo(address()))
            {
                refuse("network-not-allowed", "this keypair may not call from here");
            }
            else if (Role.MONITOR == caller.role())
            {
                refuse("not-allowed", "a monitor changes nothing");
            }
        }
        catch (final DatabaseUnavailableException ex)
        {
            if (null == caller)
            {
                refuse("database-unavailable", "who this is cannot be told now; try again");
            }
        }
    }

    private void refuseToken(final String accessKey)
    {
        if (!isLockedOut(accessKey))
        {
            failures.failed(System.nanoTime(), from(), accessKey);
            refuse("token-wrong", "the token is not one of this manager");
        }
    }

    /** Whether too many have failed in a row; then it has been said. */
    private boolean isLockedOut(final String accessKey)
    {
        final int seconds = failures.lockedSeconds(System.nanoTime(), from(), accessKey);
        if (seconds > 0)
        {
            refuse("locked-out", "too many failures in a row from " + from() + "; try again in " + seconds + " s");
        }
        return seconds > 0;
    }

    private String from()
    {
        final InetAddress address = address();
        return null == address ? "" : address.getHostAddress();
    }

    private InetAddress address()
    {
        return context.channel().remoteAddress() instanceof final InetSocketAddress socket ? socket.getAddress() : null;
    }

    /* Submissions. */

    private void submit(final UnsafeBuffer buffer)
    {
        if (unanswered >= limits.credits())
        {
            refuse("no-credit", "more than " + limits.credits() + " submissions are unanswered");
            return;
        }
        unanswered++;
        final SubmitReader.Read read = reader.read(buffer, header);
        final String requestId = requestIdPrefix + read.correlationId();
        final RequestSpan span = services.tracing().begin(requestId, null, null);
        try
        {
            rates.require(caller);
            final PreparedSession session = rules.prepare(
                reader.request(read.fields(), rules, caller), caller);
            final boolean isWatched = read.watch();
            final int count = session.count();
            if (isWatched && watched + count > limits.watchedMax())
            {
                throw new OverloadedException("too-many-watched", RETRY_AFTER_SECONDS);
            }
            watched += isWatched ? count : 0;
            final SubmissionChunk chunk = new SubmissionChunk();
            chunk.tryAdd(session);
            chunk.keyed(read.keyHi(), read.keyLo(), read.body());
            chunk.from(new RequestOrigin(requestId, span.traceparent()));
            final IngressWatcher watcher = isWatched ? new IngressWatcher(read.correlationId()) : null;
            submitter.submit(
                chunk,
                watcher,
                System.nanoTime() + PatientSubmitter.PATIENCE_NS,
                (reply, error) ->
                    answered(read.correlationId(), isWatched ? count : 0, watcher, span, reply, error));
        }
        catch (final RuntimeException ex)
        {
            rejected(read.correlationId(), span, ex);
        }
    }

    private void answered(
        final long correlationId,
        final int watches,
        final IngressWatcher watcher,
        final RequestSpan span,
        final SubmitReply reply,
        final Throwable error)
    {
        if (null != error)
        {
            watched -= watches;
            rejected(correlationId, span, error);
            return;
        }
        span.end(SPAN, CREATED);
        unanswered--;
        send(publisher.accepted(correlationId, reply));
        if (watches > 0 && reply.repeated())
        {
            // What happened between the two connections nobody was told.
            for (long id = reply.firstId(); id < reply.firstId() + reply.count(); id++)
            {
                tellState(correlationId, id);
            }
        }
        if (null != watcher)
        {
            watcher.onAnswered();
        }
    }

    private void tellState(final long correlationId, final long id)
    {
        final SessionView session = services.view().session(id);
        if (null == session)
        {
            ended(correlationId, id, 0, "FORGOTTEN", Result.UNDEFINED, -1);
            return;
        }
        final LifeState state = session.state();
        switch (state)
        {
            case PENDING ->
            {
                // Still to come.
            }
            case TERMINATED, CANCELLED, ERROR ->
                ended(correlationId, id, session.attempt(), state.name(), session.result(), session.exitCode());
            default -> send(publisher.assigned(correlationId, id, session.attempt()));
        }
    }

    private void ended(
        final long correlationId,
        final long id,
        final int attempt,
        final String state,
        final Result result,
        final int exitCode)
    {
        watched--;
        send(publisher.ended(correlationId, id, attempt, exitCode, state, result.name()));
    }

    private void rejected(final long correlationId, final RequestSpan span, final Throwable error)
    {
        unanswered--;
        final IngressRules.Refusal refusal = IngressRules.refusal(error);
        span.end(SPAN, refusal.status());
        send(publisher.rejected(correlationId, refusal));
    }

    /* Writing. */

    @Override
    public void schedule(final Runnable action, final long delayNs)
    {
        if (!isGone)
        {
            context.executor().schedule(
                () ->
                {
                    if (!isGone && !isClosing)
                    {
                        action.run();
                    }
                },
                delayNs, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void execute(final Runnable action)
    {
        if (!isGone)
        {
            context.executor().execute(() ->
            {
                if (!isGone && !isClosing)
                {
                    action.run();
                }
            });
        }
    }

    private void send(final IngressPublisher.Message message)
    {
        ClientFrames.write(context.channel(), message.buffer(), message.length());
        if (context.channel().bytesBeforeWritable() > limits.unreadBytesMax())
        {
            drop("more than " + limits.unreadBytesMax() + " bytes of answers wait to be taken");
        }
        else if (!isFlushing)
        {
            isFlushing = true;
            context.executor().execute(() ->
            {
                isFlushing = false;
                context.flush();
            });
        }
    }

    private void refuse(final String code, final String detail)
    {
        if (!isClosing)
        {
            isClosing = true;
            final IngressPublisher.Message message = publisher.refused(code, detail);
            ClientFrames.write(context.channel(), message.buffer(), message.length());
            context.channel().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> LastWord.endOutput(context));
            context.executor().schedule(() -> context.close(), limits.helloTimeoutMs() / 4, TimeUnit.MILLISECONDS);
        }
    }

    /**
     * Takes what the egress thread tells over to the event loop. The answer may be on its way there behind the first
     * notices, when the command was journalled before this thread had come to wait for it; the submitter is promised
     * the answer first, so they are kept until then.
     */
    private final class IngressWatcher implements SessionWatcher
    {
        private final long correlationId;
        /** What came before the answer, in order; null once it has been given. Event loop only. */
        private List<Runnable> early = new ArrayList<>();

        IngressWatcher(final long correlationId)
        {
            this.correlationId = correlationId;
        }

        @Override
        public boolean isGone()
        {
            return isGone;
        }

        @Override
        public void onAssigned(final long sessionId, final int attempt)
        {
            tell(() -> send(publisher.assigned(correlationId, sessionId, attempt)));
        }

        @Override
        public void onEnded(
            final long sessionId, final int attempt, final LifeState state, final Result result, final int exitCode)
        {
            tell(() -> ended(correlationId, sessionId, attempt, state.name(), result, exitCode));
        }

        private void tell(final Runnable notice)
        {
            execute(() ->
            {
                if (null == early)
                {
                    notice.run();
                }
                else
                {
                    early.add(notice);
                }
            });
        }

        private void onAnswered()
        {
            final List<Runnable> notices = early;
            early = null;
            notices.forEach(Runnable::run);
        }
    }
}
