package io.plimsoll.transport.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.DirectBuffer;

/**
 * One connection, last in its channel's pipeline behind TLS: it cuts the stream into frames, puts them into the
 * endpoint's queue, and writes out what the outbox gathered. Everything runs on the channel's event loop, except
 * {@link #trySend} and {@link #close}.
 * <p>
 * Frames that the queue cannot take stay in the stream, and the socket is not read until there is room: TCP then slows
 * the other side down. So a frame is copied once, and nothing is dropped.
 */
final class Link extends ChannelInboundHandlerAdapter
{
    private static final int FRAME_LENGTH_MIN = Long.BYTES + Long.BYTES;
    private static final long CLOSE_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(5);

    private final long linkId;
    private final LinkHub hub;
    private final Outbox outbox;
    /** Whether it is in its loop's list of dirty links; whoever sets it puts it there. */
    private final AtomicBoolean isDirty = new AtomicBoolean();
    private Link previousDirty;
    private final AtomicReference<Runnable> onAuthenticatedRun = new AtomicReference<>();
    private volatile boolean isClosing;
    private volatile boolean isAuthenticated;
    private volatile String reason;
    private Channel channel;
    private LoopWork loop;
    private ByteBuf stream;
    private boolean isOpen;
    private boolean isOpenTold;
    private boolean isGone;
    private boolean isStalled;
    private long sinceNs = System.nanoTime();
    private long closingNs;

    Link(final long linkId, final LinkHub hub)
    {
        this.linkId = linkId;
        this.hub = hub;
        this.outbox = new Outbox(hub.options().outboxLengthMax());
    }

    long linkId()
    {
        return linkId;
    }

    LoopWork loop()
    {
        return loop;
    }

    /** Any thread. */
    boolean trySend(final long agentId, final DirectBuffer buffer, final int offset, final int length)
    {
        switch (outbox.tryAdd(channel.alloc(), agentId, buffer, offset, length))
        {
            case QUEUED ->
            {
                if (!isDirty.get() && isDirty.compareAndSet(false, true))
                {
                    loop.addDirty(this);
                }
                return true;
            }
            case OVERFLOW ->
            {
                hub.counters().outboxOverflows.increment();
                outbox.discard();
                reason(CloseReason.OUTBOX_OVERFLOW);
                loop.execute(this::closeNow);
                return false;
            }
            default ->
            {
                return false;
            }
        }
    }

    /** Before it is put into the list of dirty links. */
    void previousDirty(final Link previous)
    {
        previousDirty = previous;
    }

    /** Event loop: out of the list of dirty links. What is queued from now on puts it there again. */
    Link takeFromDirty()
    {
        final Link previous = previousDirty;
        previousDirty = null;
        isDirty.set(false);
        return previous;
    }

    /** Any thread. Closes once what was queued has been written. */
    void close(final String why)
    {
        reason(why);
        outbox.seal();
        isClosing = true;
        loop.execute(this::writeQueued);
    }

    boolean isAuthenticated()
    {
        return isAuthenticated;
    }

    /** Before the link is in use: what to do once, when it is authenticated or gone. */
    void onAuthenticatedRun(final Runnable task)
    {
        onAuthenticatedRun.set(task);
    }

    /** Any thread: the manager welcomed the agent. */
    void onAuthenticated()
    {
        isAuthenticated = true;
        final Runnable task = onAuthenticatedRun.getAndSet(null);
        if (null != task)
        {
            task.run();
        }
    }

    String peerHost()
    {
        return channel.remoteAddress() instanceof InetSocketAddress address ?
            withoutScope(address.getAddress()) : "";
    }

    @Override
    public void handlerAdded(final ChannelHandlerContext ctx)
    {
        channel = ctx.channel();
        loop = hub.loopOf(ctx.channel());
        loop.add(this);
    }

    @Override
    public void userEventTriggered(final ChannelHandlerContext ctx, final Object event)
    {
        if (event instanceof SslHandshakeCompletionEvent handshake)
        {
            if (!handshake.isSuccess())
            {
                hub.counters().handshakesFailed.increment();
                reason(CloseReasons.ofFailure(handshake.cause()));
                ctx.close();
            }
            else if (!Tls.PROTOCOL.equals(ctx.pipeline().get(SslHandler.class).applicationProtocol()))
            {
                hub.counters().handshakesFailed.increment();
                reason(CloseReason.NOT_AGENT_PORT);
                ctx.close();
            }
            else
            {
                isOpen = true;
                sinceNs = System.nanoTime();
                hub.onOpened(this);
                deliver();
            }
        }
    }

    @Override
    public void channelRead(final ChannelHandlerContext ctx, final Object message)
    {
        if (!isOpen || isClosing || isGone || !(message instanceof ByteBuf bytes))
        {
            ReferenceCountUtil.release(message);
            return;
        }
        hub.counters().bytesIn.add(bytes.readableBytes());
        stream = null == stream ?
            bytes : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), stream, bytes);
        deliver();
    }

    @Override
    public void channelWritabilityChanged(final ChannelHandlerContext ctx)
    {
        writeQueued();
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(final ChannelHandlerContext ctx)
    {
        onGone(CloseReason.BY_PEER);
    }

    @Override
    public void exceptionCaught(final ChannelHandlerContext ctx, final Throwable cause)
    {
        reason(CloseReasons.ofFailure(cause));
        ctx.close();
    }

    /** A connection attempt of the client failed before there was a channel to speak of. */
    void onConnectFailed(final Channel failed, final Throwable cause)
    {
        if (null == loop)
        {
            channel = failed;
            loop = hub.loopOf(failed);
        }
        hub.counters().connectsFailed.increment();
        onGone(CloseReasons.ofConnect(cause));
    }

    /** Writes while the socket takes it; goes on when it becomes writable again. */
    void writeQueued()
    {
        boolean hasWritten = false;
        while (channel.isWritable())
        {
            final ByteBuf chunk = outbox.take();
            if (null == chunk)
            {
                break;
            }
            final int length = chunk.readableBytes();
            hub.counters().bytesOut.add(length);
            channel.write(chunk).addListener(new Written(length));
            hasWritten = true;
        }
        if (hasWritten)
        {
            channel.flush();
        }
        if (isClosing && 0 == closingNs)
        {
            closingNs = System.nanoTime();
        }
        closeWhenWritten();
    }

    /** Goes on with what waits in the stream, after the queue was full. */
    boolean tryResume()
    {
        isStalled = false;
        deliver();
        if (isStalled)
        {
            return false;
        }
        if (!isGone)
        {
            channel.config().setAutoRead(true);
        }
        return true;
    }

    void checkTimeouts(final long nowNs)
    {
        final LinkOptions options = hub.options();
        if (isGone)
        {
            return;
        }
        if (0 != closingNs && nowNs - closingNs > CLOSE_TIMEOUT_NS)
        {
            closeNow();
        }
        else if (hub.isServer() && !isAuthenticated &&
            nowNs - sinceNs > TimeUnit.MILLISECONDS.toNanos(options.authenticationTimeoutMs()))
        {
            timeOut("no agent was welcomed");
        }
        else if (outbox.isEmpty())
        {
            sinceNs = isAuthenticated || !hub.isServer() ? nowNs : sinceNs;
        }
        else if (isOpen && nowNs - sinceNs > TimeUnit.MILLISECONDS.toNanos(options.stallTimeoutMs()))
        {
            timeOut("the peer takes no bytes");
        }
        else if (isOpen)
        {
            // Usually nothing to do: it catches what somebody queued and did not flush.
            writeQueued();
        }
    }

    private void timeOut(final String what)
    {
        hub.counters().timeouts.increment();
        reason(CloseReason.TIMED_OUT + ": " + what);
        closeNow();
    }

    private void closeNow()
    {
        isClosing = true;
        outbox.discard();
        channel.close();
    }

    private void closeWhenWritten()
    {
        if (isClosing && outbox.isEmpty() && channel.isActive())
        {
            // Behind everything written so far, and TLS says goodbye.
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    private void onGone(final String why)
    {
        if (!isGone)
        {
            isGone = true;
            reason(why);
            outbox.discard();
            loop.remove(this);
            hub.onGone(this, isOpen);
            deliver();
        }
    }

    /** Moves what there is to tell into the queue, in order, and waits its turn when that is full. */
    private void deliver()
    {
        if (isStalled)
        {
            return;
        }
        if (!tryDeliver())
        {
            isStalled = true;
            hub.counters().inboundStalls.increment();
            channel.config().setAutoRead(false);
            loop.addStalled(this);
        }
    }

    private boolean tryDeliver()
    {
        final InboundEvents events = hub.events();
        if (isOpen && !isOpenTold)
        {
            if (!events.tryOpened(linkId, String.valueOf(channel.remoteAddress())))
            {
                return false;
            }
            isOpenTold = true;
        }
        if (!tryDeliverFrames(events))
        {
            return false;
        }
        if (isGone)
        {
            dropStream();
            return !isOpen && hub.isServer() || events.tryClosed(linkId, reason);
        }
        return true;
    }

    private boolean tryDeliverFrames(final InboundEvents events)
    {
        if (null != stream && isClosing)
        {
            dropStream();
        }
        while (null != stream && stream.readableBytes() >= Outbox.LENGTH_FIELD)
        {
            final long length = stream.getUnsignedIntLE(stream.readerIndex());
            if (length < FRAME_LENGTH_MIN || length > LinkEndpoint.FRAME_LENGTH_MAX)
            {
                onBadFrame(length);
                return true;
            }
            if (stream.readableBytes() < Outbox.LENGTH_FIELD + length)
            {
                return true;
            }
            if (!events.tryFrame(linkId, stream, stream.readerIndex() + Outbox.LENGTH_FIELD, (int)length))
            {
                return false;
            }
            hub.counters().framesIn.increment();
            stream.skipBytes(Outbox.LENGTH_FIELD + (int)length);
        }
        if (null != stream && !stream.isReadable())
        {
            dropStream();
        }
        return true;
    }

    private void onBadFrame(final long length)
    {
        hub.counters().badFrames.increment();
        reason(CloseReason.BAD_FRAME + ": length " + length + ", allowed are " + FRAME_LENGTH_MIN + " to " +
            LinkEndpoint.FRAME_LENGTH_MAX);
        dropStream();
        closeNow();
    }

    private void dropStream()
    {
        if (null != stream)
        {
            stream.release();
            stream = null;
        }
    }

    /** The first reason is the cause, later ones are consequences. */
    private void reason(final String why)
    {
        if (null == reason)
        {
            reason = why;
        }
    }

    private static String withoutScope(final InetAddress address)
    {
        if (null == address)
        {
            return "";
        }
        final String literal = address.getHostAddress();
        final int scope = literal.indexOf('%');
        return scope < 0 ? literal : literal.substring(0, scope);
    }

    /** Gives room back when a chunk has been written, or was lost with its channel. */
    private final class Written implements ChannelFutureListener
    {
        private final int length;

        Written(final int length)
        {
            this.length = length;
        }

        @Override
        public void operationComplete(final ChannelFuture future)
        {
            outbox.onWritten(length);
            if (future.isSuccess())
            {
                sinceNs = System.nanoTime();
                closeWhenWritten();
            }
        }
    }
}
