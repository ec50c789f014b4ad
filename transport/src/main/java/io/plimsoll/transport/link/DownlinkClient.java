package io.plimsoll.transport.link;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.DirectBuffer;

/**
 * The agent's side of the downlink: connects to the manager over TLS 1.3 and trusts exactly the authority that it was
 * given. One client serves one agent or many, each with links of its own. Names are resolved on its event loop.
 */
public final class DownlinkClient implements LinkConnector
{
    private final LinkHub hub;
    private final SslContext tls;
    private final AtomicInteger connections = new AtomicInteger();
    private volatile boolean isClosed;

    /**
     * Starts the client's event loop.
     *
     * @param options  bounds.
     * @param caSha256 SHA-256 of the authority's certificate, 64 hex digits.
     */
    public DownlinkClient(final LinkOptions options, final String caSha256)
    {
        tls = Tls.client(caSha256);
        hub = new LinkHub(options, false, "plimsoll-downlink-client");
    }

    @Override
    public long tryConnect(final String host, final int port)
    {
        if (isClosed || connections.get() >= hub.options().linksMax())
        {
            return NO_LINK;
        }
        connections.incrementAndGet();
        final Link link = hub.newLink();
        final ChannelFuture connecting = new Bootstrap()
            .group(hub.group())
            .channel(NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, hub.options().connectTimeoutMs())
            .handler(new Connector(link))
            .connect(host, port);
        connecting.channel().closeFuture().addListener(closed -> connections.decrementAndGet());
        connecting.addListener(connected ->
        {
            if (!connected.isSuccess())
            {
                link.onConnectFailed(connecting.channel(), connected.cause());
            }
        });
        return link.linkId();
    }

    @Override
    public String peerHost(final long linkId)
    {
        final Link link = hub.link(linkId);
        return null == link ? "" : link.peerHost();
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
        isClosed = true;
        hub.close();
    }

    /** Sets up a connection; on its event loop. */
    private final class Connector extends ChannelInitializer<SocketChannel>
    {
        private final Link link;

        Connector(final Link link)
        {
            this.link = link;
        }

        @Override
        protected void initChannel(final SocketChannel channel)
        {
            KeepAlive.apply(channel);
            final SslHandler handshake = tls.newHandler(channel.alloc());
            handshake.setHandshakeTimeoutMillis(hub.options().handshakeTimeoutMs());
            channel.pipeline().addLast(handshake, link);
        }
    }
}
