package io.plimsoll.manager.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/**
 * The end of a connection whose other side may still be sending: closing it with unread bytes would reset it, and the
 * reset may overtake the last word. Event loop only.
 */
public final class LastWord
{
    private LastWord()
    {
    }

    /**
     * Says that nothing more comes. What is still sent is to be dropped until the other side closes too, which it need
     * not: the caller closes in the end.
     *
     * @param context of the connection, plain or with TLS; the last word has been written.
     */
    public static void endOutput(final ChannelHandlerContext context)
    {
        final SslHandler tls = context.pipeline().get(SslHandler.class);
        if (null == tls)
        {
            shutdown(context);
        }
        else
        {
            tls.closeOutbound().addListener(closed -> shutdown(context));
        }
    }

    private static void shutdown(final ChannelHandlerContext context)
    {
        if (context.channel() instanceof final DuplexChannel socket)
        {
            socket.shutdownOutput();
        }
    }
}
