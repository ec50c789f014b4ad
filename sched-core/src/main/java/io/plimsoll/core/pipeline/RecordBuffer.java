package io.plimsoll.core.pipeline;

import com.lmax.disruptor.Sequence;
import io.plimsoll.core.RecordFlyweight;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Carries records from the core through the journal to egress: one bounded off-heap ring with three positions, each
 * written by one stage, {@code released <= journalled <= produced <= released + capacity}. Positions are in bytes and
 * only grow. A record is contiguous; where the rest of the ring is too short, or is given up, its first eight bytes
 * (where a sequence would be) say {@link #PADDING} and readers go on at the front.
 */
final class RecordBuffer
{
    private static final long PADDING = -1;
    private static final int CACHED_LENGTH = 1 << 20;

    private final int capacity;
    private final int rewindOffset;
    private final int mask;
    private final UnsafeBuffer buffer;
    private final Sequence produced = new Sequence(0);
    private final Sequence journalled = new Sequence(0);
    private final Sequence released = new Sequence(0);
    private long producerPosition;
    private long producerLimit;

    RecordBuffer(final int capacity)
    {
        this.capacity = capacity;
        mask = capacity - 1;
        rewindOffset = Math.min(CACHED_LENGTH, capacity / 2);
        buffer = new UnsafeBuffer(BufferUtil.allocateDirectAligned(capacity, 64));
        producerLimit = capacity;
    }

    UnsafeBuffer buffer()
    {
        return buffer;
    }

    /** Core: whether a record of that length fits now, wherever the ring stands. */
    boolean hasRoom(final int length)
    {
        final int remaining = capacity - offset(producerPosition);
        final long needed = remaining < length ? (long)remaining + length : length;
        if (producerPosition + needed <= producerLimit)
        {
            return true;
        }
        producerLimit = released.get() + capacity;
        return producerPosition + needed <= producerLimit;
    }

    /** Core: contiguous room for a record, after {@link #hasRoom(int)}. Repeatable until {@link #publish(int)}. */
    int claim(final int length)
    {
        final int offset = offset(producerPosition);
        if (capacity - offset < length)
        {
            skipToFront(offset);
            return 0;
        }
        return offset;
    }

    /** Core: the record at the claimed offset is whole. */
    void publish(final int length)
    {
        producerPosition += BitUtil.align(length, RecordFlyweight.ALIGNMENT);
        produced.set(producerPosition);
    }

    /**
     * Core: starts again at the front if all readers are done, so that a pipeline that keeps up works in a part of the
     * buffer that stays in the cache. Not before that part is used up: what is skipped counts as taken until the
     * readers have passed it too.
     */
    void rewindIfEmpty()
    {
        final int offset = offset(producerPosition);
        if (offset >= rewindOffset && released.get() == producerPosition)
        {
            producerLimit = producerPosition + capacity;
            skipToFront(offset);
        }
    }

    long produced()
    {
        return produced.get();
    }

    long journalled()
    {
        return journalled.get();
    }

    void journalled(final long position)
    {
        journalled.set(position);
    }

    long released()
    {
        return released.get();
    }

    void released(final long position)
    {
        released.set(position);
    }

    /** Reader: looks at the record at a position; false if the rest of the ring is padding. */
    boolean wrap(final RecordFlyweight record, final long position)
    {
        final int offset = offset(position);
        record.wrap(buffer, offset);
        return PADDING != record.sequence();
    }

    /** Reader: the position after the record at a position. */
    long after(final RecordFlyweight record, final long position)
    {
        return position + BitUtil.align(record.length(), RecordFlyweight.ALIGNMENT);
    }

    /** Reader: the position after padding. */
    long afterPadding(final long position)
    {
        return position + capacity - offset(position);
    }

    private void skipToFront(final int offset)
    {
        buffer.putLong(offset, PADDING);
        producerPosition += capacity - offset;
        produced.set(producerPosition);
    }

    private int offset(final long position)
    {
        return (int)position & mask;
    }
}
