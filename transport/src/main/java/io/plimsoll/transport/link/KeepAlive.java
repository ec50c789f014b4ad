package io.plimsoll.transport.link;

import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import jdk.net.ExtendedSocketOptions;

/**
 * Lets the kernel find out about peers that vanished while nothing was being sent: without it a manager would keep the
 * links of machines that lost power for two hours.
 */
final class KeepAlive
{
    private static final int IDLE_S = 15;
    private static final int INTERVAL_S = 5;
    private static final int COUNT = 3;

    private KeepAlive()
    {
    }

    static void apply(final SocketChannel channel)
    {
        channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
        // Not every platform has them; then the system's own times hold.
        channel.config().setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), IDLE_S);
        channel.config().setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL), INTERVAL_S);
        channel.config().setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), COUNT);
    }
}
