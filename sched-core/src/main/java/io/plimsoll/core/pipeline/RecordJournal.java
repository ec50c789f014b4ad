package io.plimsoll.core.pipeline;

import io.plimsoll.core.RecordFlyweight;

/**
 * What the journal stage needs of a journal. Called by one thread. Anything thrown is final: nothing more is
 * released and the process ends, because only the files can then tell what was stored.
 */
public interface RecordJournal
{
    /**
     * Appends one record. Not durable before {@link #commit()} has returned.
     *
     * @param record valid during the call.
     */
    void append(RecordFlyweight record);

    /** Makes all that was appended as durable as the commit mode promises; does nothing when nothing was appended. */
    void commit();
}
