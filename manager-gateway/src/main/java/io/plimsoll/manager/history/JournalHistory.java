package io.plimsoll.manager.history;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.journal.Journal;
import io.plimsoll.journal.SnapshotReader;
import io.plimsoll.manager.snapshot.SnapshotRecords;
import io.plimsoll.manager.view.RecordSource;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** History out of the journal that this manager writes. For one thread. */
public final class JournalHistory implements HistorySource
{
    private final Journal journal;
    private final RecordSource records;
    private final LongSupplier released;

    /**
     * Of a journal.
     *
     * @param journal  with its snapshots.
     * @param records  of it.
     * @param released sequence of the last record that may be read.
     */
    public JournalHistory(final Journal journal, final RecordSource records, final LongSupplier released)
    {
        this.journal = journal;
        this.records = records;
        this.released = released;
    }

    @Override
    public String clusterId()
    {
        return journal.clusterId().toString();
    }

    @Override
    public long released()
    {
        return released.getAsLong();
    }

    @Override
    public long oldestSequence()
    {
        return records.oldestSequence();
    }

    @Override
    public Cursor open(final long sequence)
    {
        return records.open(sequence);
    }

    @Override
    public long snapshotSequence()
    {
        final long oldest = oldestSequence();
        for (final long sequence : journal.snapshots().sequences())
        {
            if (sequence >= oldest - 1)
            {
                return sequence;
            }
        }
        return 0;
    }

    @Override
    public void forEachOfSnapshot(final long sequence, final Consumer<RecordFlyweight> consumer)
    {
        try (SnapshotReader reader = journal.snapshots().open(sequence))
        {
            SnapshotRecords.forEach(reader, consumer);
        }
    }
}
