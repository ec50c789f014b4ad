package io.plimsoll.manager.snapshot;

import io.plimsoll.core.RecordFlyweight;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.collections.Long2LongHashMap;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Records in order, each under a key; those under a key can be dropped together. Off-heap, and rewritten when a third
 * of it is dead. Its memory is given back as soon as nothing in it is needed. For one thread.
 * <pre>
 *   entry = int64 key, int64 position of the entry before under that key, int32 length of the record, int32 1 if live,
 *           record (see RecordFlyweight)
 * </pre>
 */
final class CompactLog implements KeyedLog, AutoCloseable
{
    private static final long NONE = -1;
    /** Of the first chunk; each is twice as long as the one before, up to the length given. */
    private static final int FIRST_LENGTH = 1 << 14;
    private static final int PREVIOUS_OFFSET = 8;
    private static final int LENGTH_OFFSET = 16;
    private static final int LIVE_OFFSET = 20;
    private static final int RECORD_OFFSET = 24;

    /** Part of the log, with whole entries. */
    private static final class Chunk
    {
        private final UnsafeBuffer buffer;
        private int end;

        private Chunk(final int length)
        {
            buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(length));
        }

        private int entryLengthAt(final int position)
        {
            return entryLength(buffer.getInt(position + LENGTH_OFFSET));
        }
    }

    private final int chunkLength;
    private final RecordFlyweight record = new RecordFlyweight();
    private List<Chunk> chunks = new ArrayList<>();
    private Long2LongHashMap heads = new Long2LongHashMap(NONE);
    private long liveBytes;
    private long deadBytes;

    CompactLog(final int chunkLength)
    {
        this.chunkLength = chunkLength;
    }

    /** Bytes that a record of a length takes. */
    static int entryLength(final int length)
    {
        return RECORD_OFFSET + BitUtil.align(length, Long.BYTES);
    }

    @Override
    public void add(final long key, final DirectBuffer buffer, final int offset, final int length)
    {
        final int entryLength = entryLength(length);
        if (chunks.isEmpty() || last().buffer.capacity() - last().end < entryLength)
        {
            final long wanted = Math.min(chunkLength, (long)FIRST_LENGTH << Math.min(Short.SIZE, chunks.size()));
            chunks.add(new Chunk((int)Math.max(wanted, entryLength)));
        }
        final Chunk chunk = last();
        final int position = chunk.end;
        chunk.buffer.putLong(position, key);
        chunk.buffer.putLong(position + PREVIOUS_OFFSET, heads.get(key));
        chunk.buffer.putInt(position + LENGTH_OFFSET, length);
        chunk.buffer.putInt(position + LIVE_OFFSET, 1);
        chunk.buffer.putBytes(position + RECORD_OFFSET, buffer, offset, length);
        chunk.end += entryLength;
        heads.put(key, (long)(chunks.size() - 1) << Integer.SIZE | position);
        liveBytes += entryLength;
    }

    private Chunk last()
    {
        return chunks.get(chunks.size() - 1);
    }

    @Override
    public void drop(final long key)
    {
        long position = heads.remove(key);
        while (NONE != position)
        {
            final Chunk chunk = chunks.get((int)(position >> Integer.SIZE));
            final int at = (int)position;
            chunk.buffer.putInt(at + LIVE_OFFSET, 0);
            liveBytes -= chunk.entryLengthAt(at);
            deadBytes += chunk.entryLengthAt(at);
            position = chunk.buffer.getLong(at + PREVIOUS_OFFSET);
        }
        if (deadBytes > 8L * chunkLength && deadBytes > liveBytes / 2)
        {
            rewrite();
        }
    }

    private void rewrite()
    {
        final List<Chunk> old = chunks;
        chunks = new ArrayList<>();
        heads = new Long2LongHashMap(NONE);
        liveBytes = 0;
        deadBytes = 0;
        for (int i = 0; i < old.size(); i++)
        {
            final Chunk chunk = old.set(i, null);
            for (int at = 0; at < chunk.end; at += chunk.entryLengthAt(at))
            {
                if (0 != chunk.buffer.getInt(at + LIVE_OFFSET))
                {
                    add(
                        chunk.buffer.getLong(at),
                        chunk.buffer,
                        at + RECORD_OFFSET,
                        chunk.buffer.getInt(at + LENGTH_OFFSET));
                }
            }
            BufferUtil.free(chunk.buffer);
        }
    }

    /** What was not dropped, in order; a record is valid until the next one is asked for, and while nothing changes. */
    Iterator<RecordFlyweight> records()
    {
        return new Iterator<>()
        {
            private int chunkIndex;
            private int position;

            @Override
            public boolean hasNext()
            {
                while (chunkIndex < chunks.size())
                {
                    final Chunk chunk = chunks.get(chunkIndex);
                    if (position == chunk.end)
                    {
                        chunkIndex++;
                        position = 0;
                    }
                    else if (0 != chunk.buffer.getInt(position + LIVE_OFFSET))
                    {
                        return true;
                    }
                    else
                    {
                        position += chunk.entryLengthAt(position);
                    }
                }
                return false;
            }

            @Override
            public RecordFlyweight next()
            {
                if (!hasNext())
                {
                    throw new NoSuchElementException("behind the last record");
                }
                final Chunk chunk = chunks.get(chunkIndex);
                record.wrap(chunk.buffer, position + RECORD_OFFSET);
                position += chunk.entryLengthAt(position);
                return record;
            }
        };
    }

    @Override
    public long liveBytes()
    {
        return liveBytes;
    }

    /** Forgets everything. */
    @Override
    public void close()
    {
        chunks.forEach(chunk -> BufferUtil.free(chunk.buffer));
        chunks = new ArrayList<>();
        heads = new Long2LongHashMap(NONE);
        liveBytes = 0;
        deadBytes = 0;
    }
}
