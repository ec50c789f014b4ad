package io.plimsoll.core.pipeline;

import io.plimsoll.core.Explanation;
import io.plimsoll.core.QueueListing;
import io.plimsoll.core.QueueTally;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.SchedulerCore;
import io.plimsoll.core.StateSink;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.PoisonedDecoder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The core as the pipeline and the journal see it. The thread of the core stage, and before it the restoring one. Open
 * to those who put something in front of {@link #onCommand}, or behind it.
 */
public class HostedCore implements CommandHandler
{
    private final SchedulerCore core;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();

    /**
     * Hosts a core.
     *
     * @param core empty, or restored by other means.
     */
    public HostedCore(final SchedulerCore core)
    {
        this.core = core;
    }

    /** Applies a record of the journal. */
    public final void restore(final RecordFlyweight record)
    {
        header.wrap(record.buffer(), record.commandOffset());
        if (PoisonedDecoder.TEMPLATE_ID == header.templateId())
        {
            core.applyPoisoned(
                record.sequence(),
                record.timestampNs(),
                record.buffer(),
                record.commandOffset(),
                record.commandLength());
        }
        else
        {
            core.applyEvents(
                record.sequence(),
                record.timestampNs(),
                record.buffer(),
                record.eventsOffset(),
                record.eventsLength());
        }
    }

    @Override
    public int onCommand(
        final DirectBuffer buffer,
        final int offset,
        final int length,
        final long sequence,
        final long timestampNs,
        final MutableDirectBuffer eventsBuffer,
        final int eventsOffset)
    {
        return core.onCommand(buffer, offset, length, sequence, timestampNs, eventsBuffer, eventsOffset);
    }

    @Override
    public Explanation explain(final long sessionId)
    {
        return core.explain(sessionId);
    }

    @Override
    public void writeState(final StateSink sink)
    {
        core.writeState(sink);
    }

    @Override
    public QueueListing queue(final int group, final int max)
    {
        return core.queue(group, max);
    }

    @Override
    public QueueTally tally(final int firstRow, final int rows)
    {
        return core.tally(firstRow, rows);
    }

    @Override
    public int eventsLengthMax()
    {
        return SchedulerCore.EVENTS_LENGTH_MAX;
    }

    @Override
    public boolean continueNeeded()
    {
        return core.continueNeeded();
    }

    @Override
    public long nextDeadlineNs()
    {
        return core.nextDeadlineNs();
    }

    @Override
    public long sequence()
    {
        return core.sequence();
    }

    @Override
    public long timestampNs()
    {
        return core.timestampNs();
    }
}
