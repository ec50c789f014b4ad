package io.plimsoll.transport.link;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.plimsoll.transport.auth.ServerIdentity;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The manager's side of the downlink: accepts agents' connections over TLS 1.3. Its event loops only move bytes; all
 * that agents say waits for {@link #poll}.
 * <p>
 * Strangers are bounded in number and in time: a connection counts as unauthenticated until the manager has sent
 * Welcome on it, or any frame that names an agent.
 */
public final class DownlinkServer extends LinkHub implements AutoCloseable
{
    private static final int BACKLOG = 1024;
    private static final long CLOSE_TIMEOUT_MS = 2_000;

    private final AtomicInteger unauthenticated = new AtomicInteger();
    private final Channel listener;
    private volatile SslContext tls;

    private DownlinkServer(final LinkOptions options, final ServerIdentity identity, final InetSocketAddress address)
        throws IOException
    {
        super(options, true, "plimsoll-downlink");
        tls = Tls.server(identity);
        final ChannelFuture bound = new ServerBootstrap()
            .group(group())
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(new Acceptor())
            .bind(address)
            .awaitUninterruptibly();
        if (!bound.isSuccess())
        {
            closeAll();
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

    @Override
    public void close()
    {
        // Whether that was enough or not, the loops are given up after their own time.
        listener.close().awaitUninterruptibly(CLOSE_TIMEOUT_MS);
        closeAll();
    }

    /** Sets up accepted connections; on their event loop. */
    private final class Acceptor extends ChannelInitializer<SocketChannel>
    {
        @Override
        protected void initChannel(final SocketChannel channel)
        {
            if (isFull() || unauthenticated.get() >= options().unauthenticatedMax())
            {
                counters().connectionsRefused.increment();
                channel.close();
                return;
            }
            counters().connectionsAccepted.increment();
            onConnection(channel);
            unauthenticated.incrementAndGet();
            final Link link = newLink();
            link.onAuthenticatedRun(unauthenticated::decrementAndGet);
            channel.closeFuture().addListener(closed -> link.onAuthenticated());
            secure(channel, tls, link);
        }
    }
}
