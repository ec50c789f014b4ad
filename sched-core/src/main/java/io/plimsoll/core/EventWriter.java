package io.plimsoll.core;

import io.plimsoll.core.sbe.MessageHeaderEncoder;
import java.nio.ByteOrder;
import org.agrona.BitUtil;
import org.agrona.MutableDirectBuffer;

/**
 * Writes the events block of one command. Each event is applied as soon as it is whole, from the bytes that the journal
 * will hold, so that deciding and restoring go the same way. Padding is zeroed: equal decisions give equal bytes.
 */
final class EventWriter
{
    private static final int HEADER_LENGTH = RecordFlyweight.EVENT_HEADER_LENGTH;

    private final EventApplier applier;
    final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private MutableDirectBuffer buffer;
    private int start;
    private int position;
    private int limit;

    EventWriter(final EventApplier applier)
    {
        this.applier = applier;
    }

    void wrap(final MutableDirectBuffer eventsBuffer, final int offset, final int lengthMax)
    {
        buffer = eventsBuffer;
        start = offset;
        position = offset;
        limit = offset + lengthMax;
    }

    MutableDirectBuffer buffer()
    {
        return buffer;
    }

    int length()
    {
        return position - start;
    }

    int remaining()
    {
        return limit - position;
    }

    /** Offset at which the next event's header goes. */
    int next()
    {
        return position + HEADER_LENGTH;
    }

    /** Writes the header of the next event, see {@link EventHeader#of}; returns the offset of its body. */
    int begin(final long eventHeader)
    {
        final int offset = next();
        buffer.putLong(offset, eventHeader, ByteOrder.LITTLE_ENDIAN);
        return offset + MessageHeaderEncoder.ENCODED_LENGTH;
    }

    /** The event at {@link #next()} is written: header and body end at an offset. */
    void end(final int bodyEnd)
    {
        final int offset = position + HEADER_LENGTH;
        final int length = bodyEnd - offset;
        final int aligned = BitUtil.align(length, RecordFlyweight.ALIGNMENT);
        buffer.putLong(position, length, ByteOrder.LITTLE_ENDIAN);
        pad(offset + length, aligned - length);
        position = offset + aligned;
        if (position > limit)
        {
            throw new IllegalStateException("events length=" + length() + " above the bound of one command");
        }
        applier.apply(buffer, offset);
    }

    private void pad(final int from, final int length)
    {
        int at = from;
        if (0 != (length & 1))
        {
            buffer.putByte(at, (byte)0);
            at += 1;
        }
        if (0 != (length & 2))
        {
            buffer.putShort(at, (short)0);
            at += 2;
        }
        if (0 != (length & 4))
        {
            buffer.putInt(at, 0);
        }
    }
}
