package io.plimsoll.manager.view;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.journal.Journal;
import io.plimsoll.journal.JournalCursor;
import java.util.function.LongSupplier;

/** Records of a journal that is being written, as far as they are released. Any thread. */
public final class JournalRecords implements RecordSource
{
    private final Journal journal;
    private final LongSupplier released;
    /** A cursor is one thread's: this one only ever answers for the oldest sequence. */
    private final JournalCursor oldest;

    /**
     * Of a journal.
     *
     * @param journal  to read.
     * @param released sequence of the last record that may be read.
     */
    public JournalRecords(final Journal journal, final LongSupplier released)
    {
        this.journal = journal;
        this.released = released;
        oldest = journal.cursor(released);
    }

    @Override
    public long oldestSequence()
    {
        return oldest.oldestSequence();
    }

    @Override
    public Cursor open(final long sequence)
    {
        final JournalCursor cursor = journal.cursor(released);
        cursor.seek(sequence);
        return new Cursor()
        {
            @Override
            public boolean next(final RecordFlyweight record)
            {
                return cursor.next(record);
            }

            @Override
            public void close()
            {
                cursor.close();
            }
        };
    }
}
