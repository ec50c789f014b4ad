package io.plimsoll.manager.egress;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.pipeline.RecordReleaser;
import io.plimsoll.manager.Counters;
import io.plimsoll.manager.Counters.Counter;
import java.util.function.LongConsumer;

/**
 * The egress stage's work: every journalled record is decoded once and shown, event by event, to the spec store, to the
 * releaser of assignments, to the live view and to the calls that wait; the end of a batch flushes the links, wakes the
 * event feed, and hands over to event loops what they have to answer.
 */
public final class EgressReleaser implements RecordReleaser
{
    private final RecordDispatcher dispatcher;
    private final LongConsumer[] onBatchEnd;
    private final Counters counters;
    private final Handover handover = new Handover();

    /**
     * For these listeners.
     *
     * @param dispatcher to all listeners, in order.
     * @param counters   to count in.
     * @param onBatchEnd called with the last sequence of each batch, in order.
     */
    public EgressReleaser(
        final RecordDispatcher dispatcher, final Counters counters, final LongConsumer... onBatchEnd)
    {
        this.dispatcher = dispatcher;
        this.counters = counters;
        this.onBatchEnd = onBatchEnd.clone();
    }

    @Override
    public void onRecord(final RecordFlyweight record)
    {
        handover.onRecordBegin(record.length());
        boolean shown = false;
        try
        {
            counters.add(Counter.EVENTS_RELEASED, dispatcher.dispatch(record));
            counters.increment(Counter.RECORDS_RELEASED);
            shown = true;
        }
        finally
        {
            if (!shown)
            {
                handover.onBatchEnd();
            }
        }
    }

    @Override
    public void onBatchEnd(final long sequence)
    {
        for (final LongConsumer listener : onBatchEnd)
        {
            listener.accept(sequence);
        }
        handover.onBatchEnd();
    }
}
