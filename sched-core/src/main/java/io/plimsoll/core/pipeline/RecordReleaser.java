package io.plimsoll.core.pipeline;

import io.plimsoll.core.RecordFlyweight;

/** What the egress stage does with records that the journal has passed. Called by one thread, in order of sequence. */
public interface RecordReleaser
{
    /**
     * One record that is journalled: replies, assignments and visible state may follow from it.
     *
     * @param record valid during the call.
     */
    void onRecord(RecordFlyweight record);

    /**
     * The last record of a batch was handed over: the place to flush.
     *
     * @param sequence of that record.
     */
    void onBatchEnd(long sequence);
}
