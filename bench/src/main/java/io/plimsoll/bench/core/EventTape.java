package io.plimsoll.bench.core;

import io.plimsoll.core.CoreOptions;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.SchedulerCore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;

/** Events blocks of a run in memory, to be applied to fresh cores. One thread. */
final class EventTape
{
    private static final int CHUNK_LENGTH = 64 << 20;
    private static final int HEADER_LENGTH = 24;

    private final List<UnsafeBuffer> chunks = new ArrayList<>();
    private final List<Integer> ends = new ArrayList<>();
    private int position = CHUNK_LENGTH;
    private long events;
    private final RecordFlyweight.EventConsumer onEvent = (buffer, offset, length) -> events++;

    void append(final RecordFlyweight record)
    {
        final int eventsLength = record.eventsLength();
        final int length = HEADER_LENGTH + BitUtil.align(eventsLength, Long.BYTES);
        if (CHUNK_LENGTH - position < length)
        {
            if (!chunks.isEmpty())
            {
                ends.add(position);
            }
            chunks.add(new UnsafeBuffer(ByteBuffer.allocateDirect(CHUNK_LENGTH)));
            position = 0;
        }
        final UnsafeBuffer chunk = chunks.get(chunks.size() - 1);
        chunk.putLong(position, record.sequence());
        chunk.putLong(position + Long.BYTES, record.timestampNs());
        chunk.putLong(position + 2 * Long.BYTES, eventsLength);
        chunk.putBytes(position + HEADER_LENGTH, record.buffer(), record.eventsOffset(), eventsLength);
        position += length;
        record.forEachEvent(onEvent);
    }

    long events()
    {
        return events;
    }

    /** Nanoseconds that it takes to apply everything to a new core. */
    long applyNs()
    {
        final SchedulerCore core = new SchedulerCore(CoreOptions.defaults());
        final long startNs = System.nanoTime();
        for (int i = 0; i < chunks.size(); i++)
        {
            final UnsafeBuffer chunk = chunks.get(i);
            final int end = i < ends.size() ? ends.get(i) : position;
            int offset = 0;
            while (offset < end)
            {
                final int eventsLength = (int)chunk.getLong(offset + 2 * Long.BYTES);
                core.applyEvents(
                    chunk.getLong(offset), chunk.getLong(offset + Long.BYTES), chunk, offset + HEADER_LENGTH,
                    eventsLength);
                offset += HEADER_LENGTH + BitUtil.align(eventsLength, Long.BYTES);
            }
        }
        return System.nanoTime() - startNs;
    }
}
