package io.plimsoll.manager.view;

import io.plimsoll.core.RecordFlyweight;

/** Where readers that fell behind read what was released: the journal's files. */
public interface RecordSource
{
    /** Oldest sequence that is kept. */
    long oldestSequence();

    /**
     * Opens a cursor.
     *
     * @param sequence that it reads first, not below the oldest.
     * @return for one thread; to be closed.
     */
    Cursor open(long sequence);

    /** A reader's place. */
    interface Cursor extends AutoCloseable
    {
        /**
         * Goes to the next record.
         *
         * @param record to wrap; valid until the next call.
         * @return false if it is not there or not released yet.
         */
        boolean next(RecordFlyweight record);

        @Override
        void close();
    }
}
