package io.plimsoll.core.pipeline;

import io.plimsoll.core.Explanation;
import io.plimsoll.core.QueueListing;
import io.plimsoll.core.QueueTally;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.StateSink;
import io.plimsoll.core.sbe.ContinueDecoder;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.TimePassedDecoder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;
import java.util.List;

/**
 * A core whose events follow from the commands so far, so that lost, doubled or reordered commands show. The first byte
 * of a {@code CancelSessions} body says what to do beside that.
 */
final class FakeCore implements CommandHandler
{
    static final int EVENTS_LENGTH_MAX = 8 * 1024;
    static final byte PLAIN = 0;
    static final byte NEEDS_CONTINUE = 1;
    static final byte THROWS = 2;
    static final byte SETS_TIMER = 3;
    static final byte MANY_EVENTS = 4;

    private static final int EVENT_LENGTH = 16;

    long nextDeadlineNs = Long.MAX_VALUE;
    long timersExpired;
    boolean explainThrows;
    int continuesLeft;
    private long hash = 1;
    private long sequence;
    private long timestampNs;

    @Override
    public int onCommand(
        final DirectBuffer buffer,
        final int offset,
        final int length,
        final long commandSequence,
        final long commandTimestampNs,
        final MutableDirectBuffer eventsBuffer,
        final int eventsOffset)
    {
        if (commandSequence != sequence + 1 || commandTimestampNs < timestampNs)
        {
            throw new IllegalStateException("sequence=" + commandSequence + " after " + sequence);
        }
        sequence = commandSequence;
        timestampNs = commandTimestampNs;
        if (nextDeadlineNs <= commandTimestampNs)
        {
            nextDeadlineNs = Long.MAX_VALUE;
            timersExpired++;
        }
        for (int i = 0; i < length; i++)
        {
            hash = hash * 31 + buffer.getByte(offset + i);
        }
        hash = hash * 31 + commandTimestampNs;
        final int templateId = buffer.getShort(
            offset + MessageHeaderDecoder.templateIdEncodingOffset(), ByteOrder.LITTLE_ENDIAN);
        if (ContinueDecoder.TEMPLATE_ID == templateId)
        {
            continuesLeft--;
        }
        else if (TimePassedDecoder.TEMPLATE_ID != templateId && length > MessageHeaderDecoder.ENCODED_LENGTH)
        {
            return decide(
                buffer.getByte(offset + MessageHeaderDecoder.ENCODED_LENGTH), eventsBuffer, eventsOffset);
        }
        return putEvents(1, eventsBuffer, eventsOffset);
    }

    @Override
    public QueueListing queue(final int group, final int max)
    {
        return new QueueListing(sequence(), 0, new long[0], new long[0]);
    }

    @Override
    public QueueTally tally(final int firstRow, final int rows)
    {
        return new QueueTally(sequence(), timestampNs(), -1, new long[0], new long[0]);
    }

    @Override
    public Explanation explain(final long sessionId)
    {
        if (explainThrows)
        {
            throw new IllegalStateException("planted");
        }
        return new Explanation(
            sequence, timestampNs, sessionId, false, 0, false, 0, List.of(), 0, 0, 0, "", 0, true, 0, null, 0, false,
            "");
    }

    @Override
    public int eventsLengthMax()
    {
        return EVENTS_LENGTH_MAX;
    }

    @Override
    public boolean continueNeeded()
    {
        return continuesLeft > 0;
    }

    @Override
    public long nextDeadlineNs()
    {
        return nextDeadlineNs;
    }

    @Override
    public void writeState(final StateSink sink)
    {
        sink.onBlock(1, Long.BYTES, 1, new UnsafeBuffer(new byte[Long.BYTES]), 0);
    }

    @Override
    public long sequence()
    {
        return sequence;
    }

    @Override
    public long timestampNs()
    {
        return timestampNs;
    }

    private int decide(final byte order, final MutableDirectBuffer eventsBuffer, final int eventsOffset)
    {
        switch (order)
        {
            case NEEDS_CONTINUE -> continuesLeft = 3;
            case SETS_TIMER -> nextDeadlineNs = timestampNs + 1_000;
            case THROWS ->
            {
                putEvents(3, eventsBuffer, eventsOffset);
                throw new IllegalStateException("planted");
            }
            case MANY_EVENTS ->
            {
                return putEvents(
                    EVENTS_LENGTH_MAX / (EVENT_LENGTH + RecordFlyweight.EVENT_HEADER_LENGTH),
                    eventsBuffer,
                    eventsOffset);
            }
            default ->
            {
                return putEvents((int)(sequence % 3), eventsBuffer, eventsOffset);
            }
        }
        return putEvents(2, eventsBuffer, eventsOffset);
    }

    private int putEvents(final int count, final MutableDirectBuffer buffer, final int eventsOffset)
    {
        int position = eventsOffset;
        for (int i = 0; i < count; i++)
        {
            buffer.putLong(position, EVENT_LENGTH);
            buffer.putLong(position + RecordFlyweight.EVENT_HEADER_LENGTH, sequence);
            buffer.putLong(position + RecordFlyweight.EVENT_HEADER_LENGTH + Long.BYTES, hash + i);
            position += RecordFlyweight.EVENT_HEADER_LENGTH + EVENT_LENGTH;
        }
        return position - eventsOffset;
    }
}
