package io.plimsoll.transport.link;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;

/**
 * What both sides of the downlink have in common: the links, their number, their event loops, how TLS is put before
 * them, and the queue of what came in. A side adds how its connections come about.
 */
abstract sealed class LinkHub implements LinkEndpoint permits DownlinkClient, DownlinkServer
{
    private static final AtomicLong LAST_LINK_ID = new AtomicLong();
    private static final int TEMPLATE_ID_OFFSET = Short.BYTES;
    private static final int WELCOME_TEMPLATE_ID = 10;
    private static final int MESSAGE_LENGTH_MIN = 8;
    private static final int MESSAGE_LENGTH_MAX = LinkEndpoint.FRAME_LENGTH_MAX - Long.BYTES;
    private static final long SHUTDOWN_TIMEOUT_MS = 2_000;
    private static final long GOODBYE_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(2);
    private static final long GOODBYE_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final LinkOptions options;
    private final boolean isServer;
    private final LinkCounters counters = new LinkCounters();
    private final InboundEvents events;
    private final EventLoopGroup group;
    private final List<LoopWork> loops = new ArrayList<>();
    private final Map<Long, Link> links = new ConcurrentHashMap<>();
    private final AtomicInteger connections = new AtomicInteger();

    LinkHub(final LinkOptions options, final boolean isServer, final String threadName)
    {
        this.options = options;
        this.isServer = isServer;
        this.events = new InboundEvents(options.inboundLength());
        this.group = new MultiThreadIoEventLoopGroup(
            options.threads(), new DefaultThreadFactory(threadName, true), NioIoHandler.newFactory());
        for (final EventExecutor executor : group)
        {
            loops.add(new LoopWork((EventLoop)executor));
        }
    }

    LinkOptions options()
    {
        return options;
    }

    boolean isServer()
    {
        return isServer;
    }

    /** What happened. Any thread. */
    public final LinkCounters counters()
    {
        return counters;
    }

    InboundEvents events()
    {
        return events;
    }

    EventLoopGroup group()
    {
        return group;
    }

    Link newLink()
    {
        return new Link(LAST_LINK_ID.incrementAndGet(), this);
    }

    /** Whether there are as many connections as there may be, links or not yet. */
    boolean isFull()
    {
        return connections.get() >= options.linksMax();
    }

    void onConnection(final Channel channel)
    {
        connections.incrementAndGet();
        channel.closeFuture().addListener(closed -> connections.decrementAndGet());
    }

    /** Sets up a connection; on its event loop. */
    void secure(final SocketChannel channel, final SslContext tls, final Link link)
    {
        KeepAlive.apply(channel);
        final SslHandler handshake = tls.newHandler(channel.alloc());
        handshake.setHandshakeTimeoutMillis(options.handshakeTimeoutMs());
        channel.pipeline().addLast(handshake, link);
    }

    Link link(final long linkId)
    {
        return links.get(linkId);
    }

    LoopWork loopOf(final Channel channel)
    {
        for (final LoopWork loop : loops)
        {
            if (loop.eventLoop() == channel.eventLoop())
            {
                return loop;
            }
        }
        throw new IllegalStateException("channel of another group: " + channel);
    }

    void onOpened(final Link link)
    {
        links.put(link.linkId(), link);
        counters.linksOpened.increment();
    }

    void onGone(final Link link, final boolean wasOpen)
    {
        if (wasOpen)
        {
            links.remove(link.linkId());
            counters.linksClosed.increment();
        }
    }

    @Override
    public final int poll(final LinkListener listener, final int limit)
    {
        final int count = events.poll(listener, limit);
        for (int i = 0; i < loops.size(); i++)
        {
            final LoopWork loop = loops.get(i);
            if (loop.hasStalled() && events.hasRoom())
            {
                loop.resumeStalled();
            }
        }
        return count;
    }

    @Override
    public final boolean trySend(
        final long linkId, final long agentId, final DirectBuffer buffer, final int offset, final int length)
    {
        if (length < MESSAGE_LENGTH_MIN || length > MESSAGE_LENGTH_MAX)
        {
            throw new IllegalArgumentException(
                "length=" + length + ": a message has " + MESSAGE_LENGTH_MIN + " to " + MESSAGE_LENGTH_MAX + " bytes");
        }
        final Link link = links.get(linkId);
        if (null == link || !link.trySend(agentId, buffer, offset, length))
        {
            return false;
        }
        counters.framesOut.increment();
        if (!link.isAuthenticated() && isServer && isFromWelcomeOn(agentId, buffer, offset))
        {
            link.onAuthenticated();
        }
        return true;
    }

    @Override
    public final void flush()
    {
        for (int i = 0; i < loops.size(); i++)
        {
            loops.get(i).flush();
        }
    }

    @Override
    public final void closeLink(final long linkId, final String reason)
    {
        final Link link = links.get(linkId);
        if (null != link)
        {
            link.close(reason);
        }
    }

    /** Says goodbye on all links, gives that a moment, and ends the event loops. */
    final void closeAll()
    {
        for (final Link link : links.values())
        {
            link.close(CloseReason.ENDPOINT_CLOSED);
        }
        final long beginNs = System.nanoTime();
        while (!links.isEmpty() && System.nanoTime() - beginNs < GOODBYE_TIMEOUT_NS)
        {
            LockSupport.parkNanos(GOODBYE_PAUSE_NS);
        }
        for (final LoopWork loop : loops)
        {
            loop.close();
        }
        group.shutdownGracefully(0, SHUTDOWN_TIMEOUT_MS, TimeUnit.MILLISECONDS)
            .awaitUninterruptibly(2 * SHUTDOWN_TIMEOUT_MS);
    }

    /** What the manager sends once it knows the agent: before that only a refusal goes out. */
    private static boolean isFromWelcomeOn(final long agentId, final DirectBuffer buffer, final int offset)
    {
        // The upper half is a channel, which strangers have too.
        return 0 != (int)agentId ||
            WELCOME_TEMPLATE_ID == (buffer.getShort(offset + TEMPLATE_ID_OFFSET) & 0xFFFF);
    }
}
