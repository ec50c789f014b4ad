package io.plimsoll.journal;

import io.plimsoll.core.RecordFlyweight;

/** Is shown the records of a journal as they are looked through, on the thread that looks. */
@FunctionalInterface
public interface RecordVisitor
{
    /** Has no use for them. */
    RecordVisitor NONE = record ->
    {
    };

    /**
     * A record that is whole and follows from the one before; behind damage they go on at a later sequence.
     *
     * @param record valid during the call.
     */
    void onRecord(RecordFlyweight record);
}
