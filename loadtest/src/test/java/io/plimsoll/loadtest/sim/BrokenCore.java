package io.plimsoll.loadtest.sim;

import io.plimsoll.core.Explanation;
import io.plimsoll.core.QueueListing;
import io.plimsoll.core.QueueTally;
import io.plimsoll.core.StateSink;
import io.plimsoll.core.pipeline.CommandHandler;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Stands before a core and does what it does; what is to be broken is overridden. */
class BrokenCore implements CommandHandler
{
    private final CommandHandler core;

    BrokenCore(final CommandHandler core)
    {
        this.core = core;
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
        before((MutableDirectBuffer)buffer, offset);
        return core.onCommand(buffer, offset, length, sequence, stamp(timestampNs), eventsBuffer, eventsOffset);
    }

    /** A command is about to be decided; the record holds what is left in the buffer. */
    void before(final MutableDirectBuffer buffer, final int offset)
    {
        // It stays as it is.
    }

    /** The time at which it is decided. */
    long stamp(final long timestampNs)
    {
        return timestampNs;
    }

    @Override
    public Explanation explain(final long sessionId)
    {
        return core.explain(sessionId);
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
    public void writeState(final StateSink sink)
    {
        core.writeState(sink);
    }

    @Override
    public int eventsLengthMax()
    {
        return core.eventsLengthMax();
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
