package io.plimsoll.manager.history;

import io.plimsoll.core.sbe.KernelAdvancedDecoder;
import io.plimsoll.core.sbe.KernelAssignedDecoder;
import io.plimsoll.core.sbe.KernelReportDecoder;
import io.plimsoll.core.sbe.SessionAdvancedDecoder;
import io.plimsoll.core.sbe.SessionQueuedDecoder;
import io.plimsoll.core.sbe.SessionUpdatedDecoder;
import io.plimsoll.manager.egress.RecordListener;
import io.plimsoll.manager.egress.ReleasedRecord;
import org.agrona.collections.LongHashSet;

/** Looks ahead at records, for whose rows they are about. For one thread. */
final class TouchedSessions implements RecordListener
{
    static final int KERNEL_BITS = 10;

    private final LongHashSet ids = new LongHashSet();
    private final LongHashSet queued = new LongHashSet();
    private final KernelReportDecoder report = new KernelReportDecoder();

    /** Sessions that were there before, or elements of arrays; those whose begin was seen are not among them. */
    LongHashSet ids()
    {
        return ids;
    }

    void clear()
    {
        ids.clear();
        queued.clear();
    }

    private void touch(final long id)
    {
        if (!queued.contains(id))
        {
            ids.add(id);
        }
    }

    @Override
    public void onRecordBegin(final ReleasedRecord record)
    {
        if (KernelReportDecoder.TEMPLATE_ID == record.commandTemplateId())
        {
            report.wrap(
                record.buffer(), record.commandBodyOffset(), record.commandBlockLength(), record.commandVersion());
            touch(report.kernelId() >> KERNEL_BITS);
        }
    }

    @Override
    public void onSessionQueued(final SessionQueuedDecoder event, final ReleasedRecord record)
    {
        queued.add(event.sessionId());
    }

    @Override
    public void onSessionAdvanced(final SessionAdvancedDecoder event, final ReleasedRecord record)
    {
        touch(event.sessionId());
    }

    @Override
    public void onSessionUpdated(final SessionUpdatedDecoder event, final ReleasedRecord record)
    {
        touch(event.sessionId());
    }

    @Override
    public void onKernelAssigned(final KernelAssignedDecoder event, final ReleasedRecord record)
    {
        touch(event.kernelId() >> KERNEL_BITS);
    }

    @Override
    public void onKernelAdvanced(final KernelAdvancedDecoder event, final ReleasedRecord record)
    {
        touch(event.kernelId() >> KERNEL_BITS);
    }
}
