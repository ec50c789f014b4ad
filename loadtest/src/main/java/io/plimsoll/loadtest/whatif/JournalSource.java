package io.plimsoll.loadtest.whatif;

import io.plimsoll.core.CoreOptions;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.SchedulerCore;
import io.plimsoll.journal.JournalCursor;
import io.plimsoll.journal.JournalDamagedException;
import io.plimsoll.journal.JournalException;
import io.plimsoll.journal.JournalReader;
import io.plimsoll.journal.SnapshotReader;
import io.plimsoll.manager.snapshot.RestoredManager;
import java.util.function.Consumer;

/**
 * Records of a journal, also of one that a manager writes: they end where it ended when it was first read to its end,
 * or before what is damaged. They begin with the last snapshot before a place that can be used, or with the first
 * record. Only reads.
 */
public final class JournalSource implements RecordSource
{
    private final JournalReader journal;
    /** Of the snapshot; 0: there is none. */
    private final long base;
    private long lastSequence = Long.MAX_VALUE;
    private String fault = "";

    /**
     * Of a journal.
     *
     * @param journal to read.
     * @param from    place at which something begins: records before it are there too.
     * @throws WhatIfException if the records there are no longer kept.
     */
    public JournalSource(final JournalReader journal, final JournalMoment from)
    {
        this.journal = journal;
        base = base(from);
        try (JournalCursor cursor = journal.cursor())
        {
            final long oldest = cursor.oldestSequence();
            if (base + 1 < oldest)
            {
                final long[] snapshots = journal.snapshotSequences();
                throw new WhatIfException("--from: records before sequence " + oldest + " are no longer kept" +
                    (0 == snapshots.length ? "" : "; use " + (snapshots[0] + 1) + " or later"));
            }
        }
    }

    private long base(final JournalMoment from)
    {
        final long[] snapshots = journal.snapshotSequences();
        for (int i = snapshots.length - 1; i >= 0; i--)
        {
            try (SnapshotReader reader = journal.openSnapshot(snapshots[i]))
            {
                // What is at the very time of a snapshot may be before it or behind it.
                if (!from.isReachedBy(snapshots[i], reader.timestampNs()))
                {
                    restored(record ->
                    {
                        // Whether it can be used is all that matters.
                    }, reader);
                    return snapshots[i];
                }
            }
            catch (final JournalException ex)
            {
                // An older one will do.
                continue;
            }
        }
        return 0;
    }

    private static SchedulerCore restored(final Consumer<RecordFlyweight> past, final SnapshotReader reader)
    {
        final RestoredManager<Consumer<RecordFlyweight>> manager =
            new RestoredManager<>(CoreOptions.defaults(), () -> past, (view, record) -> view.accept(record));
        manager.onSnapshot(reader);
        return manager.core();
    }

    @Override
    public SchedulerCore core()
    {
        if (0 == base)
        {
            return RecordSource.super.core();
        }
        try (SnapshotReader reader = journal.openSnapshot(base))
        {
            return restored(
                record ->
                {
                    // Only the scheduler is asked for.
                },
                reader);
        }
    }

    @Override
    public void past(final Consumer<RecordFlyweight> consumer)
    {
        if (base > 0)
        {
            try (SnapshotReader reader = journal.openSnapshot(base))
            {
                restored(consumer, reader);
            }
        }
    }

    @Override
    public void forEach(final Consumer<RecordFlyweight> consumer)
    {
        final RecordFlyweight record = new RecordFlyweight();
        try (JournalCursor cursor = journal.cursor())
        {
            cursor.seek(base + 1);
            while (cursor.nextSequence() <= lastSequence && next(cursor, record))
            {
                cursor.show(record, consumer);
            }
            lastSequence = cursor.nextSequence() - 1;
        }
    }

    private boolean next(final JournalCursor cursor, final RecordFlyweight record)
    {
        try
        {
            return cursor.next(record);
        }
        catch (final JournalDamagedException ex)
        {
            fault = ex.getMessage();
            return false;
        }
    }

    /** Of the last record, once all have been read. */
    public long lastSequence()
    {
        return lastSequence;
    }

    /** Why no record behind the last one can be read, if something is there; empty if it is the end. */
    public String fault()
    {
        return fault;
    }
}
