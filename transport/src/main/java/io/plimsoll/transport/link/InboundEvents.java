package io.plimsoll.transport.link;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.ControlledMessageHandler.Action;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * The bounded queue between the event loops and the polling thread.
 * <pre>
 *   opened   int64 link id, UTF-8 peer
 *   frame    int64 link id, int64 agent id, message
 *   closed   int64 link id, UTF-8 reason
 * </pre>
 */
final class InboundEvents
{
    private static final int OPENED = 1;
    private static final int FRAME = 2;
    private static final int CLOSED = 3;
    private static final int TEXT_LENGTH_MAX = 512;
    private static final int AGENT_ID_OFFSET = BitUtil.SIZE_OF_LONG;
    private static final int MESSAGE_OFFSET = 2 * BitUtil.SIZE_OF_LONG;

    private final ManyToOneRingBuffer ring;
    private final ControlledMessageHandler onEvent = this::onEvent;
    /** Ends where the frame ends, so that a decoder that trusts a length in it cannot read into its neighbours. */
    private final UnsafeBuffer message = new UnsafeBuffer(0, 0);
    private LinkListener listener;

    InboundEvents(final int length)
    {
        ring = new ManyToOneRingBuffer(
            new UnsafeBuffer(ByteBuffer.allocateDirect(length + RingBufferDescriptor.TRAILER_LENGTH)));
    }

    boolean tryOpened(final long linkId, final String peer)
    {
        return tryText(OPENED, linkId, peer);
    }

    boolean tryClosed(final long linkId, final String reason)
    {
        return tryText(CLOSED, linkId, reason);
    }

    /**
     * Takes a frame off the wire.
     *
     * @param length of agent id and message, which begin at the reader index of {@code in}; it is not moved.
     */
    boolean tryFrame(final long linkId, final ByteBuf in, final int offset, final int length)
    {
        final int index = ring.tryClaim(FRAME, BitUtil.SIZE_OF_LONG + length);
        if (index < 0)
        {
            return false;
        }
        final AtomicBuffer buffer = ring.buffer();
        buffer.putLong(index, linkId);
        final ByteBuffer bytes = in.internalNioBuffer(offset, length);
        buffer.putBytes(index + AGENT_ID_OFFSET, bytes, bytes.position(), length);
        ring.commit(index);
        return true;
    }

    int poll(final LinkListener to, final int limit)
    {
        listener = to;
        return ring.controlledRead(onEvent, limit);
    }

    /** Whether at least half is free, so that it is worth while to read sockets again. */
    boolean hasRoom()
    {
        return ring.size() <= ring.capacity() / 2;
    }

    private boolean tryText(final int type, final long linkId, final String text)
    {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        final int length = Math.min(bytes.length, TEXT_LENGTH_MAX);
        final int index = ring.tryClaim(type, BitUtil.SIZE_OF_LONG + length);
        if (index < 0)
        {
            return false;
        }
        ring.buffer().putLong(index, linkId);
        ring.buffer().putBytes(index + BitUtil.SIZE_OF_LONG, bytes, 0, length);
        ring.commit(index);
        return true;
    }

    private Action onEvent(final int type, final DirectBuffer buffer, final int index, final int length)
    {
        final long linkId = buffer.getLong(index);
        switch (type)
        {
            case FRAME ->
            {
                final long agentId = buffer.getLong(index + AGENT_ID_OFFSET);
                message.wrap(buffer, index + MESSAGE_OFFSET, length - MESSAGE_OFFSET);
                return listener.onFrame(linkId, agentId, message, 0, message.capacity()) ?
                    Action.CONTINUE : Action.ABORT;
            }
            case OPENED -> listener.onOpened(linkId, text(buffer, index, length));
            case CLOSED -> listener.onClosed(linkId, text(buffer, index, length));
            default -> throw new IllegalStateException("type=" + type);
        }
        return Action.CONTINUE;
    }

    private static String text(final DirectBuffer buffer, final int index, final int length)
    {
        return buffer.getStringWithoutLengthUtf8(index + BitUtil.SIZE_OF_LONG, length - BitUtil.SIZE_OF_LONG);
    }
}
