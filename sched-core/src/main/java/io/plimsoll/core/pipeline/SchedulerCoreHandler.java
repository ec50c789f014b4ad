package io.plimsoll.core.pipeline;

import io.plimsoll.core.SchedulerCore;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** The real core behind the port of the core stage. */
final class SchedulerCoreHandler implements CommandHandler
{
    private final SchedulerCore core;

    SchedulerCoreHandler(final SchedulerCore core)
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
        return core.onCommand(buffer, offset, length, sequence, timestampNs, eventsBuffer, eventsOffset);
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
