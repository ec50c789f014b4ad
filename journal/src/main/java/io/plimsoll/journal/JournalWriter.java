package io.plimsoll.journal;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.pipeline.RecordJournal;
import io.plimsoll.core.sbe.AcceptLossDecoder;
import io.plimsoll.core.sbe.ManagerStartedDecoder;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.PoisonedDecoder;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;

/** Appends records to the newest segment, chains them, commits them in groups. Called by the journal stage. */
public final class JournalWriter implements RecordJournal
{
    private static final int STAGING_LENGTH = 64 << 10;

    private final Journal journal;
    private final CommitMode commitMode;
    private final long segmentLength;
    private final SequenceIndex index;
    private final ExcerptFlyweight excerpt = new ExcerptFlyweight();
    private UnsafeBuffer staging = newStaging(STAGING_LENGTH);
    private RecordLog log;
    private long lastSequence;
    private int lastCrc;
    private long committed;
    private boolean syncDue;
    // Set while something could go wrong, so that it stays set when something did.
    private boolean unsettled;
    private volatile long committedSequence;

    JournalWriter(
        final Journal journal,
        final JournalContext context,
        final SequenceIndex index,
        final RecordLog log,
        final long lastSequence,
        final int lastCrc)
    {
        this.journal = journal;
        this.index = index;
        this.log = log;
        this.lastSequence = lastSequence;
        this.lastCrc = lastCrc;
        commitMode = context.commitMode();
        segmentLength = context.segmentLength();
        committed = lastSequence;
        committedSequence = lastSequence;
    }

    @Override
    public void append(final RecordFlyweight record)
    {
        final long sequence = record.sequence();
        if (sequence != lastSequence + 1)
        {
            throw new IllegalStateException("sequence=" + sequence + " last=" + lastSequence);
        }
        final int length = record.length() + ExcerptFlyweight.RECORD_OFFSET;
        if (length > staging.capacity())
        {
            staging = newStaging(length * 2);
        }
        unsettled = true;
        excerpt.encode(staging, record, committed, lastCrc);
        index.onRecord(sequence, log.length());
        log.append(staging, 0, length);
        lastSequence = sequence;
        lastCrc = excerpt.crc();
        unsettled = false;
        syncDue |= CommitMode.SYNC == commitMode || isForced(record);
    }

    @Override
    public void commit()
    {
        if (lastSequence == committed)
        {
            return;
        }
        unsettled = true;
        if (syncDue)
        {
            log.sync();
            syncDue = false;
        }
        log.mark(lastSequence);
        committed = lastSequence;
        committedSequence = lastSequence;
        // On a full disk the segment goes on growing instead: its reserve is what accepted work lives on.
        if (log.length() >= segmentLength && journal.mayRotate(log) || log.length() >= JournalContext.ROTATE_LIMIT)
        {
            log = journal.rotate(log, lastSequence, lastCrc);
        }
        unsettled = false;
    }

    /** Any thread: the highest sequence that was committed. */
    public long committedSequence()
    {
        return committedSequence;
    }

    /** Whether an append or commit failed: then only the files can tell what was stored. */
    boolean hasFailed()
    {
        return unsettled;
    }

    RecordLog log()
    {
        return log;
    }

    long lastSequence()
    {
        return lastSequence;
    }

    int lastCrc()
    {
        return lastCrc;
    }

    /**
     * Whatever the mode. What a reign has given out in its term must not be given out again in the same term by the
     * next, should the end of the journal be lost with the power.
     */
    private static boolean isForced(final RecordFlyweight record)
    {
        final int templateId = record.buffer().getShort(
            record.commandOffset() + MessageHeaderDecoder.templateIdEncodingOffset(), ByteOrder.LITTLE_ENDIAN);
        return PoisonedDecoder.TEMPLATE_ID == templateId || ManagerStartedDecoder.TEMPLATE_ID == templateId ||
            AcceptLossDecoder.TEMPLATE_ID == templateId;
    }

    private static UnsafeBuffer newStaging(final int length)
    {
        return new UnsafeBuffer(BufferUtil.allocateDirectAligned(length, 64));
    }
}
