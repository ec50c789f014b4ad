package io.plimsoll.manager.ingress;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.plimsoll.manager.Gateway;
import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.http.FailureGuard;
import io.plimsoll.manager.http.RequestRates;
import io.plimsoll.manager.identity.Caller;
import io.plimsoll.transport.client.ClientFrames;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.collections.Object2IntCounterMap;

/** Listens for submitters on the binary ingress. One event loop; see {@link BinaryConnection} for what is said. */
public final class BinaryGateway implements Gateway
{
    private static final int BACKLOG = 256;
    private static final int CLOSE_TIMEOUT_MS = 5_000;
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(256 << 10, 1 << 20);

    private final EventLoopGroup group;
    private final Channel listener;
    private final int port;
    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final FailureGuard failures = new FailureGuard();
    private final AtomicLong slowReaders = new AtomicLong();
    /** Connections that have shown no token, the longest there first. Event loop only. */
    private final Set<Channel> strangers = new LinkedHashSet<>();
    private final IngressLimits limits;
    private final RequestRates rates;
    /** Connections whose token was known, with the access key of its keypair, if it is of one. Event loop only. */
    private final Map<Channel, String> known = new HashMap<>();
    private final Object2IntCounterMap<String> knownByKeypair = new Object2IntCounterMap<>(0);

    private BinaryGateway(
        final ManagerServices services,
        final InetSocketAddress address,
        final SslContext tls,
        final IngressLimits limits,
        final RequestRates rates)
    {
        this.limits = limits;
        this.rates = rates;
        group = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("plimsoll-ingress", true), NioIoHandler.newFactory());
        final ChannelFuture bound = new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .childHandler(new ChannelInitializer<SocketChannel>()
            {
                @Override
                protected void initChannel(final SocketChannel channel)
                {
                    accept(channel, services, tls);
                }
            })
            .bind(address)
            .awaitUninterruptibly();
        if (!bound.isSuccess())
        {
            group.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
            throw new IllegalStateException(
                "cannot listen on " + address.getHostString() + ":" + address.getPort() + " for the binary ingress: " +
                    bound.cause().getMessage(), bound.cause());
        }
        listener = bound.channel();
        services.counters().counter(
            "binary_slow_readers_total", "Submitters cut off because they did not take their answers",
            slowReaders::get);
        port = ((InetSocketAddress)listener.localAddress()).getPort();
    }

    /**
     * Starts to listen.
     *
     * @param services of the manager.
     * @param address  to listen on; port 0: a free one.
     * @param tls      of the server; null: no TLS, loopback only.
     * @param limits   bounds.
     * @param rates    of keypairs, which other ways into the manager share.
     * @return the running server.
     * @throws IllegalArgumentException if it would be unsafe.
     * @throws IllegalStateException    if it cannot listen there.
     */
    public static BinaryGateway launch(
        final ManagerServices services,
        final InetSocketAddress address,
        final SslContext tls,
        final IngressLimits limits,
        final RequestRates rates)
    {
        if (address.isUnresolved())
        {
            throw new IllegalArgumentException(
                "binary-listen: no address of the name " + address.getHostString() + " is known");
        }
        if (null == tls && !address.getAddress().isLoopbackAddress())
        {
            throw new IllegalArgumentException(
                "binary-listen: will not listen on " + address.getAddress().getHostAddress() +
                    " without TLS, because tokens would cross the network in the clear: configure tls, or listen on" +
                    " 127.0.0.1");
        }
        return new BinaryGateway(services, address, tls, limits, rates);
    }

    private void accept(final SocketChannel channel, final ManagerServices services, final SslContext tls)
    {
        strangers.add(channel);
        channel.closeFuture().addListener(closed ->
        {
            if (!strangers.remove(channel))
            {
                knownByKeypair.decrementAndGet(known.remove(channel));
            }
        });
        channels.add(channel);
        if (strangers.size() > limits.strangersMax())
        {
            // Not the new one, or who opens many and says nothing would keep everybody out.
            strangers.iterator().next().close();
        }
        if (null != tls)
        {
            channel.pipeline().addLast(tls.newHandler(channel.alloc()));
        }
        channel.pipeline().addLast(ClientFrames.DECODER, ClientFrames.decoder(ClientFrames.HELLO_LENGTH_MAX));
        channel.pipeline().addLast(
            new BinaryConnection(services, limits, rates, this::tryAdmit, failures, slowReaders));
    }

    /** Counts a connection that has shown a token among those that are known; says why not if there are too many. */
    private String tryAdmit(final Channel channel, final Caller caller)
    {
        final String accessKey = caller.isKeypair() ? caller.accessKey() : "";
        if (known.size() >= limits.connectionsMax())
        {
            return "there are " + limits.connectionsMax() + " already; try again later";
        }
        if (caller.isKeypair() && knownByKeypair.get(accessKey) >= limits.keypairMax())
        {
            return "this keypair has " + limits.keypairMax() +
                " already; one connection takes many submissions at a time";
        }
        if (!strangers.remove(channel))
        {
            return "it has made room for others; try again";
        }
        known.put(channel, accessKey);
        knownByKeypair.incrementAndGet(accessKey);
        return null;
    }

    @Override
    public int port()
    {
        return port;
    }

    @Override
    public void close()
    {
        listener.close().awaitUninterruptibly(CLOSE_TIMEOUT_MS);
        channels.close().awaitUninterruptibly(CLOSE_TIMEOUT_MS);
        group.shutdownGracefully(0, CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS).awaitUninterruptibly(CLOSE_TIMEOUT_MS);
    }
}
