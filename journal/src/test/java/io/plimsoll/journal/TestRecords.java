package io.plimsoll.journal;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.sbe.MessageHeaderEncoder;
import io.plimsoll.core.sbe.PoisonedEncoder;
import io.plimsoll.core.sbe.TimePassedEncoder;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/** Makes records whose content follows from their sequence alone, of varying length. */
final class TestRecords
{
    private static final int LENGTH_MAX = 512 << 10;
    private static final int EVENT_LENGTH = 32;

    private final UnsafeBuffer buffer = new UnsafeBuffer(BufferUtil.allocateDirectAligned(LENGTH_MAX, 64));
    private final RecordFlyweight record = new RecordFlyweight();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();

    RecordFlyweight record(final long sequence)
    {
        return record(sequence, (int)(sequence % 40), (int)(sequence % 3));
    }

    RecordFlyweight record(final long sequence, final int bodyLength, final int events)
    {
        new TimePassedEncoder().wrapAndApplyHeader(buffer, RecordFlyweight.COMMAND_OFFSET, header);
        final int start = RecordFlyweight.COMMAND_OFFSET + MessageHeaderEncoder.ENCODED_LENGTH;
        buffer.setMemory(start, bodyLength + events * EVENT_LENGTH + 8, (byte)(sequence * 31 + 7));
        return finish(sequence, bodyLength, events);
    }

    /** One of three events that says of one of its parts that it is so long; whoever writes it vouches for it. */
    RecordFlyweight forged(final long sequence, final int at, final int length)
    {
        record(sequence, 8, 3);
        final int eventsOffset = record.eventsOffset();
        switch (at)
        {
            case 0 -> buffer.putInt(RecordFlyweight.COMMAND_LENGTH_OFFSET, length);
            default -> buffer.putInt(eventsOffset + (at - 1) * EVENT_LENGTH, length);
        }
        return record;
    }

    RecordFlyweight poisoned(final long sequence)
    {
        final PoisonedEncoder encoder = new PoisonedEncoder();
        encoder.wrapAndApplyHeader(buffer, RecordFlyweight.COMMAND_OFFSET, header)
            .templateId(2).source(3).correlationId(4).exception("java.lang.IllegalStateException: planted");
        encoder.putCommand(new byte[]{1, 2, 3}, 0, 3);
        return finish(sequence, encoder.encodedLength(), 0);
    }

    /** A command of that kind, with nothing in it. */
    RecordFlyweight command(final long sequence, final int templateId)
    {
        header.wrap(buffer, RecordFlyweight.COMMAND_OFFSET).blockLength(0).templateId(templateId);
        return finish(sequence, 0, 0);
    }

    private RecordFlyweight finish(final long sequence, final int bodyLength, final int events)
    {
        final int commandLength = MessageHeaderEncoder.ENCODED_LENGTH + bodyLength;
        final int eventsOffset = RecordFlyweight.eventsOffset(commandLength);
        for (int i = 0; i < events; i++)
        {
            buffer.putInt(eventsOffset + i * EVENT_LENGTH, EVENT_LENGTH - RecordFlyweight.EVENT_HEADER_LENGTH);
        }
        RecordFlyweight.putHeader(
            buffer, 0, sequence, 1_000_000 + sequence, commandLength, events * EVENT_LENGTH);
        return record.wrap(buffer, 0);
    }
}
