package io.plimsoll.manager.egress;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.SubmitSessionsDecoder;
import org.agrona.DirectBuffer;

/** The record whose events are being shown, and the command that caused them. A flyweight, reused for every record. */
public final class ReleasedRecord
{
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final SubmissionIndex submission = new SubmissionIndex();
    private RecordFlyweight record;
    private boolean submissionRead;
    private int eventIndex;

    void wrap(final RecordFlyweight recordFlyweight)
    {
        record = recordFlyweight;
        header.wrap(record.buffer(), record.commandOffset());
        submissionRead = false;
        eventIndex = -1;
    }

    void eventIndex(final int index)
    {
        eventIndex = index;
    }

    /** Of the event being shown, within the record. */
    public int eventIndex()
    {
        return eventIndex;
    }

    public long sequence()
    {
        return record.sequence();
    }

    public long timestampNs()
    {
        return record.timestampNs();
    }

    /** Template of the command. */
    public int commandTemplateId()
    {
        return header.templateId();
    }

    public int commandBlockLength()
    {
        return header.blockLength();
    }

    public int commandVersion()
    {
        return header.version();
    }

    /** Buffer that holds the command. */
    public DirectBuffer buffer()
    {
        return record.buffer();
    }

    /** Offset of the body of the command, behind its header. */
    public int commandBodyOffset()
    {
        return record.commandOffset() + MessageHeaderDecoder.ENCODED_LENGTH;
    }

    /** Length of the command, header included. */
    public int commandLength()
    {
        return record.commandLength();
    }

    /** Random access to the submission that this record's command is. */
    public SubmissionIndex submission()
    {
        if (!submissionRead)
        {
            if (SubmitSessionsDecoder.TEMPLATE_ID != header.templateId())
            {
                throw new IllegalStateException(
                    "sequence=" + sequence() + " templateId=" + header.templateId() + " is no submission");
            }
            submission.read(
                record.buffer(), commandBodyOffset(), header.blockLength(), header.version());
            submissionRead = true;
        }
        return submission;
    }
}
