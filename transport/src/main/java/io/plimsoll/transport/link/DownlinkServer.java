package io.plimsoll.transport.link;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.plimsoll.transport.auth.ServerIdentity;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.DirectBuffer;

/**
 * The manager's side of the downlink: accepts agents' connections over TLS 1.3. Its event loops only move bytes; all
 * that agents say waits for {@link #poll}.
 * <p>
 * Strangers are bounded in number and in time: a connection counts as unauthenticated until the manager has sent
 * Welcome on it, or any frame that names an agent.
 */
public final class DownlinkServer implements LinkEndpoint, AutoCloseable
{
    private static final int BACKLOG = 1024;

    private final LinkHub hub;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger unauthenticated = new AtomicInteger();
    private final Channel listener;
    private volatile SslContext tls;

    private DownlinkServer(final LinkOptions options, final ServerIdentity identity, final InetSocketAddress address)
        throws IOException
    {
        tls = Tls.server(identity);
        hub = new LinkHub(options, true, "plimsoll-downlink");
        final ChannelFuture bound = new ServerBootstrap()
            .group(hub.group())
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(new Acceptor())
            .bind(address)
            .awaitUninterruptibly();
        if (!bound.isSuccess())
        {
            hub.close();
            throw new IOException(
                "cannot listen for agents on " + address.getHostString() + ":" + address.getPort() + ": " +
                bound.cause().getMessage(), bound.cause());
        }
        listener = bound.channel();
    }

    /**
     * Starts to listen.
     *
     * @param options  bounds.
     * @param identity shown to agents.
     * @param address  to listen on; port 0: a free one.
     * @return the server, listening.
     * @throws IOException if it cannot listen there.
     */
    public static DownlinkServer launch(
        final LinkOptions options, final ServerIdentity identity, final InetSocketAddress address) throws IOException
    {
        return new DownlinkServer(options, identity, address);
    }

    /** Port that it listens on. */
    public int port()
    {
        return ((InetSocketAddress)listener.localAddress()).getPort();
    }

    /** Shows another certificate of the same authority from now on; links that stand stay. Any thread. */
    public void identity(final ServerIdentity identity)
    {
        tls = Tls.server(identity);
    }

    /** What happened. */
    public LinkCounters counters()
    {
        return hub.counters();
    }

    @Override
    public int poll(final LinkListener to, final int limit)
    {
        return hub.poll(to, limit);
    }

    @Override
    public boolean trySend(
        final long linkId, final long agentId, final DirectBuffer buffer, final int offset, final int length)
    {
        return hub.trySend(linkId, agentId, buffer, offset, length);
    }

    @Override
    public void flush()
    {
        hub.flush();
    }

    @Override
    public void closeLink(final long linkId, final String reason)
    {
        hub.closeLink(linkId, reason);
    }

    @Override
    public void close()
    {
        listener.close().awaitUninterruptibly();
        hub.close();
    }

    /** Sets up accepted connections; on their event loop. */
    private final class Acceptor extends ChannelInitializer<SocketChannel>
    {
        @Override
        protected void initChannel(final SocketChannel channel)
        {
            final LinkOptions options = hub.options();
            if (connections.get() >= options.linksMax() || unauthenticated.get() >= options.unauthenticatedMax())
            {
                hub.counters().connectionsRefused.increment();
                channel.close();
                return;
            }
            hub.counters().connectionsAccepted.increment();
            connections.incrementAndGet();
            unauthenticated.incrementAndGet();
            final Link link = hub.newLink();
            link.onAuthenticatedRun(unauthenticated::decrementAndGet);
            channel.closeFuture().addListener(closed ->
            {
                connections.decrementAndGet();
                link.onAuthenticated();
            });
            KeepAlive.apply(channel);
            final SslHandler handshake = tls.newHandler(channel.alloc());
            handshake.setHandshakeTimeoutMillis(options.handshakeTimeoutMs());
            channel.pipeline().addLast(handshake, link);
        }
    }
}
