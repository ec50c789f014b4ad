package io.plimsoll.core;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The state of a core as a series of blocks in memory, off-heap: little more than a copy, and what a snapshot holds.
 * <pre>
 *   block    = int32 block id, int32 bytes of a value, int32 number of values, int32 0, values, padding to 8 bytes
 * </pre>
 * All of it little-endian. The image keeps its memory from one use to the next, until it is closed or nobody refers to
 * it. Not for several threads at once.
 */
public final class StateImage implements StateSink, StateSource, AutoCloseable
{
    private static final int HEADER_LENGTH = 16;
    private static final int ALIGNMENT = 8;
    private static final int CHUNK_LENGTH = 1 << 20;
    /** Of the first chunk; each is twice as long as the one before. */
    private static final int FIRST_LENGTH = 1 << 15;

    /** Where a block stands. */
    private record Place(DirectBuffer buffer, int offset, int width, int count)
    {
        long length()
        {
            return (long)width * count;
        }
    }

    private final List<UnsafeBuffer> chunks = new ArrayList<>();
    private int[] lengths = new int[16];
    private final Int2ObjectHashMap<Place> places = new Int2ObjectHashMap<>();
    private int chunk;

    /** Forgets all blocks. */
    public void clear()
    {
        places.clear();
        chunk = 0;
        Arrays.fill(lengths, 0);
    }

    /** Bytes of all blocks. */
    public long bytes()
    {
        long sum = 0;
        for (final int length : lengths)
        {
            sum += length;
        }
        return sum;
    }

    /** Number of pieces that the series of blocks is kept in; each holds whole blocks. */
    public int chunks()
    {
        return chunks.isEmpty() ? 0 : chunk + 1;
    }

    /** One of the pieces, of {@link #chunkLength} bytes. */
    public DirectBuffer chunk(final int index)
    {
        return chunks.get(index);
    }

    public int chunkLength(final int index)
    {
        return lengths[index];
    }

    @Override
    public void onBlock(
        final int blockId, final int width, final int count, final DirectBuffer buffer, final int offset)
    {
        final int length = Math.multiplyExact(width, count);
        final int end = Math.addExact(HEADER_LENGTH, BitUtil.align(length, ALIGNMENT));
        ensureRoom(end);
        final UnsafeBuffer target = chunks.get(chunk);
        final int start = lengths[chunk];
        target.putInt(start, blockId, ByteOrder.LITTLE_ENDIAN);
        target.putInt(start + 4, width, ByteOrder.LITTLE_ENDIAN);
        target.putInt(start + 8, count, ByteOrder.LITTLE_ENDIAN);
        target.putInt(start + 12, 0);
        if (length > 0)
        {
            target.setMemory(start + end - ALIGNMENT, ALIGNMENT, (byte)0);
            target.putBytes(start + HEADER_LENGTH, buffer, offset, length);
        }
        lengths[chunk] = start + end;
        places.put(blockId, new Place(target, start + HEADER_LENGTH, width, count));
    }

    private void ensureRoom(final int length)
    {
        while (chunk < chunks.size() && chunks.get(chunk).capacity() - lengths[chunk] < length)
        {
            chunk++;
        }
        if (chunk == chunks.size())
        {
            final int wanted = (int)Math.min(CHUNK_LENGTH, (long)FIRST_LENGTH << Math.min(Short.SIZE, chunk));
            chunks.add(new UnsafeBuffer(ByteBuffer.allocateDirect(Math.max(wanted, length))));
            lengths = chunk == lengths.length ? Arrays.copyOf(lengths, chunk * 2) : lengths;
        }
    }

    /**
     * Takes up blocks that were written, without copying them.
     *
     * @param buffer holds whole blocks, and must stay as it is while they are read.
     * @param offset of the first.
     * @param length of all of them.
     * @throws StateFormatException if these are no blocks.
     */
    public void wrap(final DirectBuffer buffer, final int offset, final int length)
    {
        int position = offset;
        final int end = offset + length;
        while (position < end)
        {
            if (end - position < HEADER_LENGTH)
            {
                throw new StateFormatException("a block begins " + (end - position) + " bytes before the end");
            }
            final int blockId = buffer.getInt(position, ByteOrder.LITTLE_ENDIAN);
            final int width = buffer.getInt(position + 4, ByteOrder.LITTLE_ENDIAN);
            final int count = buffer.getInt(position + 8, ByteOrder.LITTLE_ENDIAN);
            final Place place = new Place(buffer, position + HEADER_LENGTH, width, count);
            if ((1 != width && 4 != width && 8 != width) || count < 0 ||
                place.length() > end - position - HEADER_LENGTH)
            {
                throw StateBlocks.damage(blockId, count + " values of " + width + " bytes at " + position);
            }
            if (null != places.put(blockId, place))
            {
                throw StateBlocks.damage(blockId, "there twice");
            }
            position += HEADER_LENGTH + BitUtil.align((int)place.length(), ALIGNMENT);
        }
    }

    @Override
    public int blocks()
    {
        return places.size();
    }

    @Override
    public int count(final int blockId)
    {
        final Place place = places.get(blockId);
        return null == place ? ABSENT : place.count();
    }

    @Override
    public int width(final int blockId)
    {
        return places.get(blockId).width();
    }

    @Override
    public void read(final int blockId, final MutableDirectBuffer target, final int offset)
    {
        final Place place = places.get(blockId);
        target.putBytes(offset, place.buffer(), place.offset(), (int)place.length());
    }

    /** Forgets all blocks and gives back its own memory, which nobody may use any more. */
    @Override
    public void close()
    {
        clear();
        chunks.forEach(BufferUtil::free);
        chunks.clear();
    }
}
