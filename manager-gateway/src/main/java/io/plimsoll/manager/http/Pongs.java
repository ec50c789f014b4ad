package io.plimsoll.manager.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;

/**
 * Answers to pings over a WebSocket. The framework's own have no bound: it reads on and keeps them for whoever takes
 * none.
 */
final class Pongs
{
    private Pongs()
    {
    }

    /**
     * Answers, unless so much waits to be taken that this would, too: of several pings the most recent may be answered
     * alone (RFC 6455 §5.5.3). Event loop only.
     *
     * @param channel it came on.
     * @param ping    stays the caller's.
     */
    static void answer(final Channel channel, final PingWebSocketFrame ping)
    {
        if (channel.isWritable())
        {
            channel.writeAndFlush(new PongWebSocketFrame(Unpooled.copiedBuffer(ping.content())));
        }
    }
}
