package io.plimsoll.core;

import io.plimsoll.core.sbe.MessageHeaderEncoder;
import java.nio.ByteOrder;
import org.agrona.BitUtil;
import org.agrona.MutableDirectBuffer;

/**
 * Writes the events block of one command. Each event is applied as soon as it is whole: those that every session brings
 * by what they say ({@link #begin}), all others from the bytes that the journal will hold ({@link #end}). Both ways
 * lead to the same methods. Padding is zeroed: equal decisions give equal bytes.
 */
final class EventWriter
{
    private static final int HEADER_LENGTH = RecordFlyweight.EVENT_HEADER_LENGTH;

    private final EventApplier applier;
    final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private MutableDirectBuffer buffer;
    /** Of the buffer, null if it is off-heap; with the address of its first byte there. */
    private byte[] array;
    private long address;
    private int start;
    private int position;
    private int limit;

    EventWriter(final EventApplier applier)
    {
        this.applier = applier;
    }

    void wrap(final MutableDirectBuffer eventsBuffer, final int offset, final int lengthMax)
    {
        eventsBuffer.boundsCheck(offset, lengthMax);
        buffer = eventsBuffer;
        array = eventsBuffer.byteArray();
        address = eventsBuffer.addressOffset();
        start = offset;
        position = offset;
        limit = offset + lengthMax;
    }

    EventApplier applier()
    {
        return applier;
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

    /**
     * Writes the header of the next event, see {@link EventHeader#of}, and the padding behind it. Whoever begins an
     * event puts its fields, and applies it by itself.
     *
     * @return address of the body.
     */
    long begin(final long eventHeader, final int bodyLength)
    {
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + bodyLength;
        final int aligned = BitUtil.align(length, RecordFlyweight.ALIGNMENT);
        final long at = address + position;
        advance(HEADER_LENGTH + aligned);
        RawMemory.putLong(array, at, length);
        RawMemory.putLong(array, at + aligned, 0);
        RawMemory.putLong(array, at + HEADER_LENGTH, eventHeader);
        return at + HEADER_LENGTH + MessageHeaderEncoder.ENCODED_LENGTH;
    }

    private void advance(final int length)
    {
        if (length > limit - position)
        {
            throw new IllegalStateException(
                "events length=" + (length() + length) + " above the bound of one command");
        }
        position += length;
    }

    void putLong(final long at, final long value)
    {
        RawMemory.putLong(array, at, value);
    }

    void putInt(final long at, final int value)
    {
        RawMemory.putInt(array, at, value);
    }

    void putShort(final long at, final int value)
    {
        RawMemory.putShort(array, at, value);
    }

    void putByte(final long at, final int value)
    {
        RawMemory.putByte(array, at, value);
    }

    /** Takes down an event that was written at an offset, with its header and padding, to be written again. */
    void copy(final int offset, final long[] words, final int length)
    {
        final long at = address + offset;
        for (int i = 0; i << 3 < length; i++)
        {
            words[i] = RawMemory.getLong(array, at + ((long)i << 3));
        }
    }

    /** Writes an event of which there is a {@link #copy}, and does not apply it; returns the address of its body. */
    long repeat(final long[] words, final int length)
    {
        final long at = address + next();
        final int aligned = BitUtil.align(length, RecordFlyweight.ALIGNMENT);
        advance(HEADER_LENGTH + aligned);
        RawMemory.putLong(array, at - HEADER_LENGTH, length);
        for (int i = 0; i << 3 < length; i++)
        {
            RawMemory.putLong(array, at + ((long)i << 3), words[i]);
        }
        return at + MessageHeaderEncoder.ENCODED_LENGTH;
    }

    /** The event at {@link #next()} is written: header and body end at an offset. */
    void end(final int bodyEnd)
    {
        final int offset = position + HEADER_LENGTH;
        final int length = bodyEnd - offset;
        final int aligned = BitUtil.align(length, RecordFlyweight.ALIGNMENT);
        advance(HEADER_LENGTH + aligned);
        buffer.putLong(offset - HEADER_LENGTH, length, ByteOrder.LITTLE_ENDIAN);
        pad(offset + length, aligned - length);
        apply(offset);
    }

    /** Applies an event that was written at an offset from its bytes. */
    void apply(final int offset)
    {
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
