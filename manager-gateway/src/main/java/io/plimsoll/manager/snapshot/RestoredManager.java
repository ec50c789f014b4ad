package io.plimsoll.manager.snapshot;

import io.plimsoll.core.CoreOptions;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.SchedulerCore;
import io.plimsoll.core.StateFormatException;
import io.plimsoll.core.StateImage;
import io.plimsoll.core.pipeline.HostedCore;
import io.plimsoll.journal.JournalRestorer;
import io.plimsoll.journal.Snapshot;
import io.plimsoll.journal.SnapshotReader;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A core, and something beside it that is made of records, as a journal tells: from its newest snapshot and the records
 * behind it, or from all records. For one thread.
 *
 * @param <V> what is made of records.
 */
public final class RestoredManager<V> implements JournalRestorer
{
    private final CoreOptions options;
    private final Supplier<V> emptyView;
    private final ViewListener<V> listener;
    private SchedulerCore core;
    private HostedCore hosted;
    private V view;
    private boolean isEmpty;
    private long snapshotSequence;

    /**
     * Shows a record to what is made of them.
     *
     * @param <V> what is made of records.
     */
    @FunctionalInterface
    public interface ViewListener<V>
    {
        /** A record, in order. */
        void onRecord(V view, RecordFlyweight record);
    }

    /**
     * Empty.
     *
     * @param options   of the core.
     * @param emptyView makes what is made of records.
     * @param listener  shows it one.
     */
    public RestoredManager(
        final CoreOptions options, final Supplier<V> emptyView, final ViewListener<V> listener)
    {
        this.options = options;
        this.emptyView = emptyView;
        this.listener = listener;
        begin();
    }

    /** One that keeps of records what still has an effect, as snapshots need it. */
    public static RestoredManager<RecordCompactor> compacting(final CoreOptions options)
    {
        return new RestoredManager<>(options, RecordCompactor::new, RecordCompactor::onRecord);
    }

    /** The snapshot that stands for what it became. */
    public static Snapshot snapshot(final RestoredManager<RecordCompactor> told)
    {
        final StateImage image = new StateImage();
        told.core.writeState(image);
        return new Snapshot(
            told.core.sequence(),
            told.core.timestampNs(),
            SchedulerCore.DECISION_VERSION,
            new SnapshotPieces(image, told.view));
    }

    @Override
    public void begin()
    {
        if (isEmpty)
        {
            return;
        }
        isEmpty = true;
        core = new SchedulerCore(options);
        hosted = new HostedCore(core);
        view = emptyView.get();
        snapshotSequence = 0;
    }

    @Override
    public void onSnapshot(final SnapshotReader snapshot)
    {
        begin();
        isEmpty = false;
        final StateImage image = new StateImage();
        final Consumer<RecordFlyweight> onRecord = record -> listener.onRecord(view, record);
        try
        {
            while (snapshot.next())
            {
                if (SnapshotPieces.CORE == snapshot.kind())
                {
                    image.wrap(snapshot.keepContent(), 0, snapshot.length());
                }
                else if (SnapshotPieces.VIEW == snapshot.kind())
                {
                    SnapshotPieces.forEachRecord(snapshot, onRecord);
                }
                else
                {
                    throw snapshot.damage("a piece of a kind that this release does not know: " + snapshot.kind());
                }
            }
            core.readState(image);
        }
        catch (final StateFormatException ex)
        {
            throw snapshot.damage(ex.getMessage());
        }
        catch (final IndexOutOfBoundsException | IllegalArgumentException | IllegalStateException |
            NullPointerException | NegativeArraySizeException | ArithmeticException ex)
        {
            throw snapshot.unusable(ex);
        }
        if (core.sequence() != snapshot.sequence())
        {
            throw snapshot.damage("state of sequence " + core.sequence() + " in a snapshot of " + snapshot.sequence());
        }
        snapshotSequence = snapshot.sequence();
    }

    @Override
    public void onRecord(final RecordFlyweight record)
    {
        isEmpty = false;
        hosted.restore(record);
        listener.onRecord(view, record);
    }

    public SchedulerCore core()
    {
        return core;
    }

    /** The same core as a pipeline needs it. */
    public HostedCore hosted()
    {
        return hosted;
    }

    public V view()
    {
        return view;
    }

    /** Sequence of the snapshot that it began with, 0 if it began with none. */
    public long snapshotSequence()
    {
        return snapshotSequence;
    }
}
