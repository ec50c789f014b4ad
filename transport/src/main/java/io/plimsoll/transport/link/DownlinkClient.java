package io.plimsoll.transport.link;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;

/**
 * The agent's side of the downlink: connects to the manager over TLS 1.3 and trusts exactly the authority that it was
 * given. One client serves one agent or many, each with links of its own. Names are resolved on its event loop.
 */
public final class DownlinkClient extends LinkHub implements LinkConnector
{
    private final SslContext tls;
    private volatile boolean isClosed;

    /**
     * Starts the client's event loop.
     *
     * @param options  bounds.
     * @param caSha256 SHA-256 of the authority's certificate, 64 hex digits.
     */
    public DownlinkClient(final LinkOptions options, final String caSha256)
    {
        super(options, false, "plimsoll-downlink-client");
        tls = Tls.client(caSha256);
    }

    @Override
    public long tryConnect(final String host, final int port)
    {
        if (isClosed || isFull())
        {
            return NO_LINK;
        }
        final Link link = newLink();
        final ChannelFuture connecting = new Bootstrap()
            .group(group())
            .channel(NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, options().connectTimeoutMs())
            .handler(new Connector(link))
            .connect(host, port);
        onConnection(connecting.channel());
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
        final Link link = link(linkId);
        return null == link ? "" : link.peerHost();
    }

    @Override
    public void close()
    {
        isClosed = true;
        closeAll();
    }

    /** On the event loop of the connection. */
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
            secure(channel, tls, link);
        }
    }
}
