package io.plimsoll.manager.snapshot;

import io.plimsoll.core.RecordFlyweight;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.collections.Long2LongHashMap;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Records in order, each under a key; those under a key can be dropped together. Off-heap, and rewritten when most of
 * it is dead. For one thread.
 * <pre>
 *   entry = int64 key, int64 position of the entry before under that key, int32 length of the record, int32 1 if live,
 *           record (see RecordFlyweight)
 * </pre>
 */
final class CompactLog
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
            buffer = new UnsafeBuffer(BufferUtil.allocateDirectAligned(length, Long.BYTES));
        }

        private int entryLength(final int position)
        {
            return RECORD_OFFSET + BitUtil.align(buffer.getInt(position + LENGTH_OFFSET), Long.BYTES);
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

    /** Adds a record behind all others. */
    void add(final long key, final DirectBuffer buffer, final int offset, final int length)
    {
        final int entryLength = RECORD_OFFSET + BitUtil.align(length, Long.BYTES);
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

    /** Drops all records under a key. */
    void drop(final long key)
    {
        long position = heads.remove(key);
        while (NONE != position)
        {
            final Chunk chunk = chunks.get((int)(position >> Integer.SIZE));
            final int at = (int)position;
            chunk.buffer.putInt(at + LIVE_OFFSET, 0);
            liveBytes -= chunk.entryLength(at);
            deadBytes += chunk.entryLength(at);
            position = chunk.buffer.getLong(at + PREVIOUS_OFFSET);
        }
        if (deadBytes > 8L * chunkLength && deadBytes > liveBytes)
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
            for (int at = 0; at < chunk.end; at += chunk.entryLength(at))
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
        }
    }

    /** Hands over what was not dropped, in order. */
    void forEach(final Consumer<RecordFlyweight> consumer)
    {
        for (final Chunk chunk : chunks)
        {
            for (int at = 0; at < chunk.end; at += chunk.entryLength(at))
            {
                if (0 != chunk.buffer.getInt(at + LIVE_OFFSET))
                {
                    consumer.accept(record.wrap(chunk.buffer, at + RECORD_OFFSET));
                }
            }
        }
    }

    /** Bytes of what was not dropped. */
    long liveBytes()
    {
        return liveBytes;
    }
}
