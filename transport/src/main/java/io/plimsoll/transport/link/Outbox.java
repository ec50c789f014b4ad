package io.plimsoll.transport.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import org.agrona.DirectBuffer;

/**
 * Frames that wait for one socket, gathered in chunks of about a TLS record: thousands of small frames become a few
 * writes. Any thread puts frames in, the link's event loop takes chunks out; what was taken counts until it has been
 * written. The monitor is held for a copy of one frame at most.
 */
final class Outbox
{
    enum Result
    {
        QUEUED, CLOSED, OVERFLOW
    }

    /** A frame on the wire: uint32 length of the rest, int64 agent id, message. */
    static final int LENGTH_FIELD = Integer.BYTES;
    static final int FRAME_OVERHEAD = LENGTH_FIELD + Long.BYTES;
    private static final int CHUNK_LENGTH = 16 * 1024;

    private final ArrayDeque<ByteBuf> chunks = new ArrayDeque<>();
    private final int lengthMax;
    private int queuedBytes;
    private boolean isClosed;

    Outbox(final int lengthMax)
    {
        this.lengthMax = lengthMax;
    }

    synchronized Result tryAdd(
        final ByteBufAllocator allocator, final long agentId, final DirectBuffer buffer, final int offset,
        final int length)
    {
        if (isClosed)
        {
            return Result.CLOSED;
        }
        final int frameLength = FRAME_OVERHEAD + length;
        if (queuedBytes + frameLength > lengthMax)
        {
            return Result.OVERFLOW;
        }
        ByteBuf chunk = chunks.peekLast();
        if (null == chunk || chunk.writableBytes() < frameLength)
        {
            // The JDK's TLS engine works on arrays: a heap buffer saves it a copy.
            final int capacity = Math.max(frameLength, CHUNK_LENGTH);
            chunk = allocator.heapBuffer(capacity, capacity);
            chunks.addLast(chunk);
        }
        chunk.writeIntLE(Long.BYTES + length);
        chunk.writeLongLE(agentId);
        buffer.getBytes(offset, chunk.array(), chunk.arrayOffset() + chunk.writerIndex(), length);
        chunk.writerIndex(chunk.writerIndex() + length);
        queuedBytes += frameLength;
        return Result.QUEUED;
    }

    /** Next chunk to write, or null; the caller owns it. */
    synchronized ByteBuf take()
    {
        return chunks.pollFirst();
    }

    synchronized void onWritten(final int length)
    {
        queuedBytes -= length;
    }

    synchronized boolean isEmpty()
    {
        return 0 == queuedBytes;
    }

    /** No more frames; what is in here still goes out. */
    synchronized void seal()
    {
        isClosed = true;
    }

    /** No more frames, and those in here are lost. */
    synchronized void discard()
    {
        isClosed = true;
        ByteBuf chunk = chunks.pollFirst();
        while (null != chunk)
        {
            chunk.release();
            chunk = chunks.pollFirst();
        }
    }
}
