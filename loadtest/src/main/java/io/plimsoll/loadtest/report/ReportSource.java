package io.plimsoll.loadtest.report;

import io.plimsoll.core.CoreOptions;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.journal.JournalCursor;
import io.plimsoll.journal.JournalDamagedException;
import io.plimsoll.journal.JournalException;
import io.plimsoll.journal.JournalReader;
import io.plimsoll.journal.SnapshotReader;
import io.plimsoll.manager.snapshot.RestoredManager;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The records of a journal, from the newest snapshot before a time or from the first record, for those who read it from
 * there more than once. The journal is only read, also while a manager writes it. For one thread.
 */
final class ReportSource
{
    private final JournalReader journal;
    private String fault = "";

    ReportSource(final JournalReader journal)
    {
        this.journal = journal;
    }

    /** Why no record behind the last one can be read, if something is there; empty if it is the end. */
    String fault()
    {
        return fault;
    }

    /**
     * From when on the state is known: the first record, or the oldest snapshot if what was before is gone; 0: never.
     */
    long beginNs()
    {
        final RecordFlyweight record = new RecordFlyweight();
        final long oldest = oldestSequence();
        long beginNs = 0;
        try (JournalCursor cursor = journal.cursor())
        {
            cursor.seek(oldest);
            beginNs = cursor.next(record) ? record.timestampNs() : 0;
        }
        catch (final JournalDamagedException ex)
        {
            fault = ex.getMessage();
        }
        if (1 == oldest)
        {
            return beginNs;
        }
        for (final long sequence : journal.snapshotSequences())
        {
            if (sequence >= oldest - 1)
            {
                try (SnapshotReader snapshot = journal.openSnapshot(sequence))
                {
                    return Math.max(beginNs, snapshot.timestampNs());
                }
                catch (final JournalException ex)
                {
                    // A later one will do.
                    fault = ex.getMessage();
                }
            }
        }
        throw notKept(oldest);
    }

    private static ReportException notKept(final long oldest)
    {
        return new ReportException(
            "the records before sequence " + oldest + " are no longer kept, and no snapshot stands for them");
    }

    /** Time of the last record that can be read, 0 if there is none. */
    long endNs()
    {
        final RecordFlyweight record = new RecordFlyweight();
        long endNs = 0;
        try (JournalCursor cursor = journal.cursor())
        {
            cursor.seek(Math.max(cursor.oldestSequence(), journal.lastSegmentSequence() - 1));
            while (cursor.next(record))
            {
                endNs = record.timestampNs();
            }
        }
        catch (final JournalDamagedException ex)
        {
            fault = ex.getMessage();
        }
        return endNs;
    }

    /** Time of a record, of the first for 0. */
    long timeOf(final long sequence)
    {
        if (0 == sequence)
        {
            return beginNs();
        }
        final RecordFlyweight record = new RecordFlyweight();
        try (JournalCursor cursor = journal.cursor())
        {
            if (sequence < cursor.oldestSequence())
            {
                throw new ReportException(
                    "record " + sequence + " is no longer kept; the oldest is " + cursor.oldestSequence());
            }
            cursor.seek(sequence);
            if (cursor.next(record))
            {
                return record.timestampNs();
            }
        }
        catch (final JournalDamagedException ex)
        {
            fault = ex.getMessage();
        }
        throw new ReportException("the journal has no record " + sequence + " that can be read");
    }

    /**
     * What is made of all records up to a time: a core, and something else.
     *
     * @param beforeNs  no snapshot of a later time is used, where an earlier one or the first record is there.
     * @param emptyView makes the something else.
     * @param listener  shows it a record.
     * @param <V>       the something else.
     */
    <V> RestoredManager<V> restore(
        final long beforeNs, final Supplier<V> emptyView, final RestoredManager.ViewListener<V> listener)
    {
        // Nothing is decided here, so the options of the reign do not matter.
        final RestoredManager<V> restored = new RestoredManager<>(CoreOptions.defaults(), emptyView, listener);
        final long[] snapshots = journal.snapshotSequences();
        final long oldest = oldestSequence();
        long usable = -1;
        for (int i = snapshots.length - 1; i >= 0; i--)
        {
            if (snapshots[i] >= oldest - 1 && tryRestore(restored, snapshots[i], beforeNs))
            {
                return restored;
            }
            usable = snapshots[i] >= oldest - 1 ? snapshots[i] : usable;
        }
        if (1 == oldest)
        {
            restored.begin();
            return restored;
        }
        if (usable < 0 || !tryRestore(restored, usable, Long.MAX_VALUE))
        {
            throw notKept(oldest);
        }
        return restored;
    }

    private static boolean isBefore(final SnapshotReader snapshot, final long beforeNs)
    {
        return snapshot.timestampNs() <= beforeNs;
    }

    private boolean tryRestore(final RestoredManager<?> restored, final long sequence, final long beforeNs)
    {
        try (SnapshotReader snapshot = journal.openSnapshot(sequence))
        {
            if (!isBefore(snapshot, beforeNs))
            {
                return false;
            }
            restored.onSnapshot(snapshot);
            return true;
        }
        catch (final JournalException ex)
        {
            // An older one, or the records themselves, will do.
            return false;
        }
    }

    private long oldestSequence()
    {
        try (JournalCursor cursor = journal.cursor())
        {
            return cursor.oldestSequence();
        }
    }

    /**
     * Shows the records behind one, up to a time.
     *
     * @param sequence of the record.
     * @param toNs     that no record shown has reached.
     * @param consumer of the records.
     */
    void read(final long sequence, final long toNs, final Consumer<RecordFlyweight> consumer)
    {
        final RecordFlyweight record = new RecordFlyweight();
        try (JournalCursor cursor = journal.cursor())
        {
            cursor.seek(sequence + 1);
            while (cursor.next(record) && record.timestampNs() < toNs)
            {
                cursor.show(record, consumer);
            }
        }
        catch (final JournalDamagedException ex)
        {
            fault = ex.getMessage();
        }
    }
}
