package io.plimsoll.core;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The memory of a core's state as it lies there, copied as fast as memory can be into memory that was made ready
 * before: the core stands still meanwhile. {@link #writeTo} makes blocks of it later, on any thread. It is used once,
 * and then closed: so much memory is better given back at once than when it is found that nobody needs it.
 */
public final class StateCopy implements StateSink, AutoCloseable
{
    private static final int CHUNK_LENGTH = 1 << 30;

    /** What was copied: a block, or rows of several. */
    private record Piece(int blockId, int width, StateRows rows, int count, DirectBuffer buffer, int offset)
    {
    }

    /** Says how much there will be to copy, without copying. */
    public static final class Measure implements StateSink
    {
        private long bytes;

        @Override
        public void onBlock(
            final int blockId, final int width, final int count, final DirectBuffer buffer, final int offset)
        {
            bytes += aligned((long)width * count);
        }

        @Override
        public void onRows(final StateRows columns, final int count, final DirectBuffer buffer)
        {
            bytes += aligned((long)columns.stride() * count);
        }

        public long bytes()
        {
            return bytes;
        }
    }

    private final List<UnsafeBuffer> chunks = new ArrayList<>();
    private final List<Piece> pieces = new ArrayList<>();
    private int chunk;
    private int end;
    private long bytes;

    /** With memory for so many bytes; for more it takes more when it needs it. */
    public StateCopy(final long bytesAhead)
    {
        for (long left = bytesAhead; left > 0; left -= CHUNK_LENGTH)
        {
            add((int)Math.min(left, CHUNK_LENGTH));
        }
    }

    private void add(final int length)
    {
        chunks.add(new UnsafeBuffer(ByteBuffer.allocateDirect(length)));
    }

    private static long aligned(final long length)
    {
        return BitUtil.align(length, Long.BYTES);
    }

    @Override
    public void onBlock(
        final int blockId, final int width, final int count, final DirectBuffer buffer, final int offset)
    {
        copy(new Piece(blockId, width, null, count, buffer, offset), Math.multiplyExact(width, count));
    }

    @Override
    public void onRows(final StateRows columns, final int count, final DirectBuffer buffer)
    {
        copy(new Piece(0, 0, columns, count, buffer, 0), Math.multiplyExact(columns.stride(), count));
    }

    private void copy(final Piece piece, final int length)
    {
        while (chunk < chunks.size() && chunks.get(chunk).capacity() - end < length)
        {
            chunk++;
            end = 0;
        }
        if (chunk == chunks.size())
        {
            add(Math.max(length, 1));
        }
        final UnsafeBuffer target = chunks.get(chunk);
        if (length > 0)
        {
            target.putBytes(end, piece.buffer(), piece.offset(), length);
        }
        pieces.add(new Piece(piece.blockId(), piece.width(), piece.rows(), piece.count(), target, end));
        end += (int)aligned(length);
        bytes += length;
    }

    /** Bytes that were copied. */
    public long bytes()
    {
        return bytes;
    }

    /** Hands over all of it as blocks. */
    public void writeTo(final StateSink sink)
    {
        for (final Piece piece : pieces)
        {
            if (null == piece.rows())
            {
                sink.onBlock(piece.blockId(), piece.width(), piece.count(), piece.buffer(), piece.offset());
            }
            else
            {
                piece.rows().forEachBlock(piece.count(), piece.buffer(), piece.offset(), sink);
            }
        }
    }

    /** Gives the memory back; nobody may be copying into it. */
    @Override
    public void close()
    {
        pieces.clear();
        chunks.forEach(BufferUtil::free);
        chunks.clear();
    }
}
