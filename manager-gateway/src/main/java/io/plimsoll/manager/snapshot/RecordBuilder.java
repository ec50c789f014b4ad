package io.plimsoll.manager.snapshot;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.MessageHeaderEncoder;
import io.plimsoll.core.sbe.SessionAdvancedEncoder;
import io.plimsoll.core.sbe.SessionForgottenEncoder;
import io.plimsoll.core.sbe.SessionQueuedDecoder;
import io.plimsoll.core.sbe.SpecAddedDecoder;
import io.plimsoll.core.sbe.SubmitSessionsEncoder;
import io.plimsoll.core.sbe.TimePassedEncoder;
import java.nio.ByteOrder;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

/** Writes records of at most one event, with no more of a command than the event refers to. For one thread. */
final class RecordBuilder
{
    private static final int COMMAND = RecordFlyweight.COMMAND_OFFSET;
    private static final byte[] NOTHING = {};

    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(1 << 12);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final SubmitSessionsEncoder submit = new SubmitSessionsEncoder();
    private final SessionAdvancedEncoder advanced = new SessionAdvancedEncoder();
    private final SessionForgottenEncoder forgotten = new SessionForgottenEncoder();
    private final RecordFlyweight finished = new RecordFlyweight();
    private long sequence;
    private long timestampNs;
    private int commandLength;
    private int eventsLength;

    /** Begins a record of a sequence and a time, without a command of its own. */
    RecordBuilder begin(final long recordSequence, final long recordTimestampNs)
    {
        sequence = recordSequence;
        timestampNs = recordTimestampNs;
        eventsLength = 0;
        new TimePassedEncoder().wrapAndApplyHeader(buffer, COMMAND, header);
        return command(MessageHeaderEncoder.ENCODED_LENGTH);
    }

    private RecordBuilder command(final int length)
    {
        commandLength = length;
        final int end = COMMAND + length;
        buffer.putLong(end, 0);
        return this;
    }

    /** With a command as it was. */
    RecordBuilder command(final DirectBuffer source, final int offset, final int length)
    {
        buffer.putBytes(COMMAND, source, offset, length);
        return command(length);
    }

    /** With a submission of one session, of which there is but the name. */
    RecordBuilder name(final byte[] name)
    {
        submit.wrapAndApplyHeader(buffer, COMMAND, header);
        submit.specsCount(0);
        final SubmitSessionsEncoder.SessionsEncoder session = submit.sessionsCount(1).next();
        session.slotsCount(0);
        session.dependenciesCount(0);
        session.constraintsCount(0);
        session.groupName("").putSessionName(name, 0, name.length).putParts(NOTHING, 0, 0);
        return command(MessageHeaderEncoder.ENCODED_LENGTH + submit.encodedLength());
    }

    /** With a submission of one spec and no session. */
    RecordBuilder spec(final byte[] spec)
    {
        submit.wrapAndApplyHeader(buffer, COMMAND, header);
        submit.specsCount(1).next().putSpec(spec, 0, spec.length);
        submit.sessionsCount(0);
        return command(MessageHeaderEncoder.ENCODED_LENGTH + submit.encodedLength());
    }

    /** With an event as it was. */
    RecordBuilder event(final DirectBuffer source, final int offset, final int length)
    {
        buffer.putBytes(eventOffset(), source, offset, length);
        return event(length);
    }

    private int eventOffset()
    {
        return RecordFlyweight.eventsOffset(commandLength) + RecordFlyweight.EVENT_HEADER_LENGTH;
    }

    private RecordBuilder event(final int length)
    {
        final int start = RecordFlyweight.eventsOffset(commandLength);
        buffer.putLong(start + RecordFlyweight.EVENT_HEADER_LENGTH + length, 0);
        buffer.putLong(start, 0);
        buffer.putInt(start, length, ByteOrder.LITTLE_ENDIAN);
        eventsLength =
            RecordFlyweight.EVENT_HEADER_LENGTH + BitUtil.align(length, RecordFlyweight.ALIGNMENT);
        return this;
    }

    /** Makes the event that is there refer to the only session of the command. */
    RecordBuilder ofFirstSession()
    {
        buffer.putShort(
            eventOffset() + MessageHeaderEncoder.ENCODED_LENGTH + SessionQueuedDecoder.entryIndexEncodingOffset(),
            (short)0);
        return this;
    }

    /** Makes the event that is there refer to the only spec of the command. */
    RecordBuilder ofFirstSpec()
    {
        buffer.putShort(
            eventOffset() + MessageHeaderEncoder.ENCODED_LENGTH + SpecAddedDecoder.specIndexEncodingOffset(),
            (short)0);
        return this;
    }

    /** With the event that a session, of which nothing is known but that, has ended. */
    RecordBuilder ended(final long sessionId)
    {
        advanced.wrapAndApplyHeader(buffer, eventOffset(), header).sessionId(sessionId).state(LifeState.TERMINATED);
        return event(MessageHeaderEncoder.ENCODED_LENGTH + SessionAdvancedEncoder.BLOCK_LENGTH);
    }

    /** With the event that a session is forgotten. */
    RecordBuilder forgotten(final long sessionId)
    {
        forgotten.wrapAndApplyHeader(buffer, eventOffset(), header).sessionId(sessionId);
        return event(MessageHeaderEncoder.ENCODED_LENGTH + SessionForgottenEncoder.BLOCK_LENGTH);
    }

    /** Finishes the record and puts it into a log. */
    void addTo(final KeyedLog log, final long key)
    {
        final RecordFlyweight record = record();
        log.add(key, record.buffer(), record.offset(), record.length());
    }

    /** Finishes the record; it is there until the next one is begun. */
    RecordFlyweight record()
    {
        RecordFlyweight.putHeader(buffer, 0, sequence, timestampNs, commandLength, eventsLength);
        return finished.wrap(buffer, 0);
    }
}
