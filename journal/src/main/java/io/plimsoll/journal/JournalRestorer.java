package io.plimsoll.journal;

import io.plimsoll.core.RecordFlyweight;

/** Becomes what a journal holds. */
public interface JournalRestorer
{
    /**
     * Becomes what a snapshot holds, whatever was there before. When it throws, or a piece turns out to be damaged, an
     * older snapshot is next, and at last {@link #begin}.
     *
     * @param snapshot to be read to its end.
     * @throws JournalException if its pieces cannot be understood.
     */
    void onSnapshot(SnapshotReader snapshot);

    /** Becomes empty, as before the first record. */
    void begin();

    /**
     * A record behind the snapshot, or behind the last record.
     *
     * @param record valid during the call.
     */
    void onRecord(RecordFlyweight record);
}
