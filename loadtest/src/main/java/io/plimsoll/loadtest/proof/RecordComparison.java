package io.plimsoll.loadtest.proof;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;

/** Compares what was recorded with what was decided again, byte by byte. */
final class RecordComparison
{
    private RecordComparison()
    {
    }

    /** Throws unless both events blocks are equal; names the first event that is not. */
    static void requireEqualEvents(
        final String how,
        final RecordFlyweight recorded,
        final DirectBuffer buffer,
        final int eventsOffset,
        final int eventsLength)
    {
        if (recorded.eventsLength() == eventsLength &&
            equal(recorded.buffer(), recorded.eventsOffset(), buffer, eventsOffset, eventsLength))
        {
            return;
        }
        final int templateId = RecordTape.templateId(recorded.buffer(), recorded.commandOffset());
        throw new ProofException(
            recorded.sequence(),
            "command " + templateId + " was recorded with events " +
                templates(recorded.buffer(), recorded.eventsOffset(), recorded.eventsLength()) +
                " and is, decided " + how + ", now " + templates(buffer, eventsOffset, eventsLength) +
                ", differing at byte " +
                firstDifference(recorded, buffer, eventsOffset, eventsLength));
    }

    /** Throws unless both commands are equal. */
    static void requireEqualCommands(final RecordFlyweight recorded, final RecordFlyweight replayed)
    {
        if (recorded.sequence() != replayed.sequence() ||
            recorded.commandLength() != replayed.commandLength() ||
            !equal(
                recorded.buffer(), recorded.commandOffset(), replayed.buffer(), replayed.commandOffset(),
                recorded.commandLength()))
        {
            throw new ProofException(
                recorded.sequence(),
                "command " + RecordTape.templateId(recorded.buffer(), recorded.commandOffset()) +
                    " was recorded, and now sequence " + replayed.sequence() + " is command " +
                    RecordTape.templateId(replayed.buffer(), replayed.commandOffset()));
        }
    }

    private static boolean equal(
        final DirectBuffer left,
        final int leftOffset,
        final DirectBuffer right,
        final int rightOffset,
        final int length)
    {
        for (int i = 0; i < length; i++)
        {
            if (left.getByte(leftOffset + i) != right.getByte(rightOffset + i))
            {
                return false;
            }
        }
        return true;
    }

    private static int firstDifference(
        final RecordFlyweight recorded, final DirectBuffer buffer, final int eventsOffset, final int eventsLength)
    {
        final int common = Math.min(recorded.eventsLength(), eventsLength);
        for (int i = 0; i < common; i++)
        {
            if (recorded.buffer().getByte(recorded.eventsOffset() + i) != buffer.getByte(eventsOffset + i))
            {
                return i;
            }
        }
        return common;
    }

    private static List<Integer> templates(final DirectBuffer buffer, final int eventsOffset, final int eventsLength)
    {
        final List<Integer> ids = new ArrayList<>();
        int position = eventsOffset;
        while (position < eventsOffset + eventsLength)
        {
            final int message = position + RecordFlyweight.EVENT_HEADER_LENGTH;
            ids.add(RecordTape.templateId(buffer, message));
            final int length = buffer.getInt(position, ByteOrder.LITTLE_ENDIAN);
            if (length < MessageHeaderDecoder.ENCODED_LENGTH)
            {
                break;
            }
            position = message + (length + RecordFlyweight.ALIGNMENT - 1) / RecordFlyweight.ALIGNMENT *
                RecordFlyweight.ALIGNMENT;
        }
        return ids;
    }
}
