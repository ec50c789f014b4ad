package io.plimsoll.transport.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandler;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.plimsoll.transport.client.sbe.MessageHeaderDecoder;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Frames of the binary ingress: a length of four bytes, little endian, and one message. Stateless. */
public final class ClientFrames
{
    /** Name of the {@link #decoder} in a pipeline. */
    public static final String DECODER = "frames";
    /** Longest frame to the manager in bytes, without its length. */
    public static final int FRAME_LENGTH_MAX = 68 * 1024;
    /** Longest frame before a token was recognised. */
    public static final int HELLO_LENGTH_MAX = 4 * 1024;
    /** Silence after which either side closes the connection. */
    public static final int IDLE_TIMEOUT_MS = 30_000;

    private static final int LENGTH_LENGTH = Integer.BYTES;

    private ClientFrames()
    {
    }

    /**
     * Cuts what comes in into frames.
     *
     * @param lengthMax of a frame; a longer one fails the channel.
     * @return a handler for one channel.
     */
    public static ChannelInboundHandler decoder(final int lengthMax)
    {
        return new LengthFieldBasedFrameDecoder(
            ByteOrder.LITTLE_ENDIAN, lengthMax, 0, LENGTH_LENGTH, 0, LENGTH_LENGTH, true);
    }

    /** Copies a frame that came in, so that it can be decoded with all bounds checked; releases it. */
    public static UnsafeBuffer copy(final ByteBuf frame)
    {
        try
        {
            final byte[] bytes = new byte[frame.readableBytes()];
            frame.readBytes(bytes);
            return new UnsafeBuffer(bytes);
        }
        finally
        {
            frame.release();
        }
    }

    /**
     * Reads the header of a message.
     *
     * @throws IndexOutOfBoundsException if it is cut off.
     * @throws IllegalArgumentException  if it is of another language.
     */
    public static void wrap(final MessageHeaderDecoder header, final DirectBuffer buffer)
    {
        buffer.boundsCheck(0, MessageHeaderDecoder.ENCODED_LENGTH);
        header.wrap(buffer, 0);
        if (MessageHeaderDecoder.SCHEMA_ID != header.schemaId() || header.version() < 1)
        {
            throw new IllegalArgumentException(
                "schemaId=" + header.schemaId() + " version=" + header.version() + " is no message of this protocol");
        }
    }

    /**
     * Writes a message without flushing; event loop of the channel only.
     *
     * @param channel to write to.
     * @param message with its header, in an array.
     * @param length  of header and body.
     */
    public static void write(final Channel channel, final DirectBuffer message, final int length)
    {
        final ByteBuf frame = channel.alloc().buffer(LENGTH_LENGTH + length);
        frame.writeIntLE(length);
        frame.writeBytes(message.byteArray(), message.wrapAdjustment(), length);
        channel.write(frame, channel.voidPromise());
    }
}
