package io.plimsoll.core;

import io.plimsoll.core.sbe.MessageHeaderDecoder;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * One command with the events that it caused, as it travels from the core through the journal to egress, and as it
 * is read back from the journal. Little endian, aligned to 8 bytes:
 * <pre>
 *   0  int64  sequence          from 1, without gaps
 *   8  int64  timestampNs       epoch nanoseconds, never falling
 *  16  int32  commandLength     SBE header and body of the command
 *  20  int32  eventsLength      whole events block, 0 if none
 *  24  command, padded to 8
 *   …  events block: for each event int32 length, int32 reserved, SBE header and body, padded to 8
 * </pre>
 * A flyweight: it holds no bytes of its own and is valid until it is wrapped again.
 */
public final class RecordFlyweight
{
    /** Offset of the sequence. */
    public static final int SEQUENCE_OFFSET = 0;
    /** Offset of the timestamp. */
    public static final int TIMESTAMP_OFFSET = 8;
    /** Offset of the length of the command. */
    public static final int COMMAND_LENGTH_OFFSET = 16;
    /** Offset of the length of the events block. */
    public static final int EVENTS_LENGTH_OFFSET = 20;
    /** Offset of the command. */
    public static final int COMMAND_OFFSET = 24;
    /** Alignment of every part. */
    public static final int ALIGNMENT = 8;
    /** Length of what precedes each event in the events block. */
    public static final int EVENT_HEADER_LENGTH = 8;

    private DirectBuffer buffer;
    private int offset;

    /**
     * Looks at a record.
     *
     * @param recordBuffer that holds it.
     * @param recordOffset of its first byte, a multiple of 8.
     * @return this.
     */
    public RecordFlyweight wrap(final DirectBuffer recordBuffer, final int recordOffset)
    {
        buffer = recordBuffer;
        offset = recordOffset;
        return this;
    }

    /**
     * Writes the fixed part of a record.
     *
     * @param buffer        to write to.
     * @param offset        of the record.
     * @param sequence      of the command.
     * @param timestampNs   of the command.
     * @param commandLength in bytes, without padding.
     * @param eventsLength  in bytes, of the whole events block.
     */
    public static void putHeader(
        final MutableDirectBuffer buffer,
        final int offset,
        final long sequence,
        final long timestampNs,
        final int commandLength,
        final int eventsLength)
    {
        buffer.putLong(offset + SEQUENCE_OFFSET, sequence);
        buffer.putLong(offset + TIMESTAMP_OFFSET, timestampNs);
        buffer.putInt(offset + COMMAND_LENGTH_OFFSET, commandLength);
        buffer.putInt(offset + EVENTS_LENGTH_OFFSET, eventsLength);
    }

    /**
     * Offset of the events block relative to the record.
     *
     * @param commandLength in bytes, without padding.
     * @return relative offset.
     */
    public static int eventsOffset(final int commandLength)
    {
        return COMMAND_OFFSET + BitUtil.align(commandLength, ALIGNMENT);
    }

    public DirectBuffer buffer()
    {
        return buffer;
    }

    public int offset()
    {
        return offset;
    }

    public int length()
    {
        return eventsOffset(commandLength()) + eventsLength();
    }

    public long sequence()
    {
        return buffer.getLong(offset + SEQUENCE_OFFSET);
    }

    public long timestampNs()
    {
        return buffer.getLong(offset + TIMESTAMP_OFFSET);
    }

    public int commandLength()
    {
        return buffer.getInt(offset + COMMAND_LENGTH_OFFSET);
    }

    public int commandOffset()
    {
        return offset + COMMAND_OFFSET;
    }

    public int eventsLength()
    {
        return buffer.getInt(offset + EVENTS_LENGTH_OFFSET);
    }

    public int eventsOffset()
    {
        return offset + eventsOffset(commandLength());
    }

    /**
     * Whether the lengths in a record fit into it and into each other, so that it can be walked through.
     *
     * @param length of the record, as whoever stored it says.
     * @return false: nothing in it may be looked at.
     */
    public boolean isWhole(final int length)
    {
        final int commandLength = commandLength();
        if (commandLength < MessageHeaderDecoder.ENCODED_LENGTH || commandLength > length - COMMAND_OFFSET ||
            eventsLength() != length - eventsOffset(commandLength))
        {
            return false;
        }
        final int end = offset + length;
        int position = eventsOffset();
        while (end - position > EVENT_HEADER_LENGTH)
        {
            final int eventLength = buffer.getInt(position);
            position += EVENT_HEADER_LENGTH;
            if (eventLength < MessageHeaderDecoder.ENCODED_LENGTH || eventLength > end - position)
            {
                return false;
            }
            position += BitUtil.align(eventLength, ALIGNMENT);
        }
        return position == end;
    }

    /**
     * Hands every event to a consumer, in order.
     *
     * @param consumer of the events.
     */
    public void forEachEvent(final EventConsumer consumer)
    {
        final int end = eventsOffset() + eventsLength();
        int position = eventsOffset();
        while (position < end)
        {
            final int eventLength = buffer.getInt(position);
            consumer.onEvent(buffer, position + EVENT_HEADER_LENGTH, eventLength);
            position += EVENT_HEADER_LENGTH + BitUtil.align(eventLength, ALIGNMENT);
        }
    }

    /** Takes the events of a record, one by one. */
    @FunctionalInterface
    public interface EventConsumer
    {
        /**
         * One event, an SBE message with its header.
         *
         * @param buffer that holds it.
         * @param offset of its header.
         * @param length of header and body.
         */
        void onEvent(DirectBuffer buffer, int offset, int length);
    }
}
