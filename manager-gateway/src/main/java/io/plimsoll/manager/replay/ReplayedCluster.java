package io.plimsoll.manager.replay;

import io.plimsoll.core.CoreOptions;
import io.plimsoll.core.Explanation;
import io.plimsoll.core.QueueListing;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.SchedulerCore;
import io.plimsoll.core.pipeline.HostedCore;
import io.plimsoll.journal.JournalCursor;
import io.plimsoll.journal.JournalDamagedException;
import io.plimsoll.journal.JournalException;
import io.plimsoll.journal.JournalInspector;
import io.plimsoll.journal.JournalReader;
import io.plimsoll.journal.SnapshotReader;
import io.plimsoll.manager.snapshot.RestoredManager;
import io.plimsoll.manager.view.LiveViewStore;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;

/**
 * The state of a cluster at one record of its journal, and the way to any other record. The journal is only read, also
 * while a manager writes it: no lock is taken and no file is touched. What is behind the last record that can be read
 * is not there for a replay, whatever it means; {@link #fault} says if it is not simply the end.
 * <p>
 * For one thread, but for {@link #view} and {@link #explain}, which any thread may ask while nobody moves.
 */
public final class ReplayedCluster implements AutoCloseable
{
    /** Nothing is decided here, so those of the reign do not matter. */
    private static final CoreOptions OPTIONS = CoreOptions.defaults();
    /** Records between states that are kept on the way, at first. */
    private static final long IMAGE_RECORDS = 50_000;
    /** Records between a place that somebody went back to and the state kept before it. */
    private static final long NEAR_RECORDS = 2_000;

    private final Path directory;
    private final JournalReader journal;
    private final RecordFlyweight record = new RecordFlyweight();
    private final Consumer<RecordFlyweight> applying = this::apply;
    private ReplayImages images;
    private long nearRecords;
    private JournalCursor cursor;
    private SchedulerCore core;
    private HostedCore hosted;
    private volatile ReplayedRecords records;
    private boolean peeked;
    private String fault = "";

    private ReplayedCluster(final Path directory)
    {
        this.directory = directory;
        journal = JournalReader.open(directory);
        become(new SchedulerCore(OPTIONS), new ReplayedRecords());
    }

    /**
     * Opens a journal before its first record.
     *
     * @param directory of a manager's data, or of its journal.
     * @return the empty cluster.
     * @throws io.plimsoll.journal.JournalException if there is no journal.
     */
    public static ReplayedCluster open(final Path directory)
    {
        return new ReplayedCluster(JournalInspector.locate(directory));
    }

    /**
     * Keeps states on the way, for going back fast.
     *
     * @param bytesMax that they may take, roughly.
     */
    public void keepImages(final long bytesMax)
    {
        keepImages(bytesMax, IMAGE_RECORDS, NEAR_RECORDS);
    }

    /** The same, at other distances. */
    void keepImages(final long bytesMax, final long imageRecords, final long near)
    {
        images = new ReplayImages(bytesMax, imageRecords);
        nearRecords = near;
    }

    private void become(final SchedulerCore newCore, final ReplayedRecords newRecords)
    {
        closeCursor();
        core = newCore;
        hosted = new HostedCore(core);
        records = newRecords;
        cursor = journal.rememberingCursor();
        peeked = false;
        fault = "";
        if (core.sequence() > 0)
        {
            cursor.seek(core.sequence() + 1);
        }
    }

    /** The folder of the journal. */
    public Path directory()
    {
        return directory;
    }

    public JournalReader journal()
    {
        return journal;
    }

    /** Of the last record that is part of the state, 0 before the first. */
    public long sequence()
    {
        return core.sequence();
    }

    /** Epoch nanoseconds of that record. */
    public long timestampNs()
    {
        return core.timestampNs();
    }

    /** The last record of the state; valid until the next move, and only after {@link #next}. */
    public RecordFlyweight record()
    {
        return record;
    }

    /** The scheduler in that state; to be asked only: it decides nothing. */
    public SchedulerCore core()
    {
        return core;
    }

    /** What readers of a live cluster would see. */
    public LiveViewStore view()
    {
        return records.view();
    }

    /** Why a session is where it is. */
    public synchronized Explanation explain(final long sessionId)
    {
        return core.explain(sessionId);
    }

    /** Who waits in a group, in order. */
    public synchronized QueueListing queue(final int groupId, final int max)
    {
        return core.queue(groupId, max);
    }

    /** What {@link #explain} says but for the place in the queue: far cheaper after each move. */
    public synchronized Explanation examine(final long sessionId)
    {
        return core.examine(sessionId);
    }

    /**
     * Sequence of the oldest state that can be opened: 0, or a snapshot if the records before it are pruned.
     *
     * @throws ReplayException if they are, and no snapshot that can be read stands for them.
     */
    public long oldestState()
    {
        final long oldest = oldestRecord();
        if (1 == oldest)
        {
            return 0;
        }
        for (final long snapshot : journal.snapshotSequences())
        {
            if (snapshot + 1 >= oldest && timeOf(snapshot) > 0)
            {
                return snapshot;
            }
        }
        throw notKept(oldest, "; no snapshot that can be read stands for them: plimsoll journal verify says more");
    }

    private long oldestRecord()
    {
        try (JournalCursor oldest = journal.cursor())
        {
            return oldest.oldestSequence();
        }
    }

    /** Time of a snapshot, epoch nanoseconds; 0 if it cannot be read to its end. */
    private long timeOf(final long snapshot)
    {
        try (SnapshotReader reader = journal.openSnapshot(snapshot))
        {
            while (reader.next())
            {
                // A damaged piece throws.
                continue;
            }
            return reader.timestampNs();
        }
        catch (final JournalException ex)
        {
            return 0;
        }
    }

    private static ReplayException notKept(final long oldest, final String what)
    {
        return new ReplayException("the records before sequence " + oldest + " are no longer kept" + what);
    }

    /** Why no record behind the last one can be read, if something is there; empty if it is the end. */
    public String fault()
    {
        return fault;
    }

    /** Whether there is a record behind this one. */
    public boolean hasNext()
    {
        if (!peeked && fault.isEmpty())
        {
            try
            {
                peeked = cursor.next(record);
            }
            catch (final JournalDamagedException ex)
            {
                fault = ex.getMessage();
            }
        }
        return peeked;
    }

    /** The record behind this one, after {@link #hasNext} said that there is one. */
    public RecordFlyweight peek()
    {
        return record;
    }

    /**
     * Goes one record on.
     *
     * @return false at the end of what can be read.
     */
    public synchronized boolean next()
    {
        if (!hasNext())
        {
            return false;
        }
        cursor.show(record, applying);
        peeked = false;
        if (null != images && images.isDue(sequence()))
        {
            images.keep(core, records);
        }
        return true;
    }

    private void apply(final RecordFlyweight next)
    {
        hosted.restore(next);
        records.onRecord(next);
    }

    /**
     * Goes to a record, forward or back.
     *
     * @param sequence of it; 0: before the first.
     * @throws ReplayException if there is no such record.
     */
    public synchronized void moveTo(final long sequence)
    {
        move(sequence, Long.MAX_VALUE);
        if (sequence() < sequence)
        {
            throw new ReplayException(
                "the journal has no record " + sequence + ": the last that can be read is " + sequence());
        }
    }

    /**
     * Goes to the last record at or before a time.
     *
     * @param epochNs the time; behind the end it is the end.
     * @throws ReplayException if it is before the first record.
     */
    public synchronized void moveToTime(final long epochNs)
    {
        move(Long.MAX_VALUE, epochNs);
        if (0 == sequence() && hasNext())
        {
            throw new ReplayException("the journal begins later, at " + time(record.timestampNs()));
        }
    }

    /** Goes to the oldest state that there is. */
    public synchronized void moveToStart()
    {
        moveTo(oldestState());
    }

    /** Goes to the last record that can be read. */
    public synchronized void moveToEnd()
    {
        move(Long.MAX_VALUE, Long.MAX_VALUE);
    }

    /**
     * Goes on until a condition holds; nowhere if it does already.
     *
     * @param condition to wait for.
     * @return whether it holds; if not, this is the last record that can be read.
     */
    public synchronized boolean moveUntil(final ReplayCondition condition)
    {
        boolean holds = condition.holdsAlready(this);
        while (!holds && next())
        {
            holds = condition.holds(this);
        }
        return holds;
    }

    private void move(final long sequence, final long epochNs)
    {
        final boolean isBack = sequence < sequence() || epochNs < timestampNs();
        restoreNearest(sequence, epochNs, isBack);
        final long from = sequence();
        if (isBack && null != images && sequence - from > 2 * nearRecords && Long.MAX_VALUE != sequence)
        {
            forward(sequence - nearRecords, Long.MAX_VALUE);
            images.keepNear(core, records);
        }
        forward(sequence, epochNs);
    }

    private void forward(final long sequence, final long epochNs)
    {
        while (sequence() < sequence && hasNext() && record.timestampNs() <= epochNs)
        {
            next();
        }
    }

    /** From the state that is closest before a place: this one, one passed before, a snapshot, or the beginning. */
    private void restoreNearest(final long sequence, final long epochNs, final boolean isBack)
    {
        final ReplayImages.Image image = null == images ? null : images.nearest(sequence, epochNs);
        final long imageSequence = null == image ? 0 : image.sequence();
        final long here = isBack ? -1 : sequence();
        if (restoreSnapshot(sequence, epochNs, Math.max(here, imageSequence)))
        {
            return;
        }
        if (imageSequence > here && null != image)
        {
            become(image.restoredCore(OPTIONS), image.records().copy());
        }
        else if (isBack)
        {
            become(new SchedulerCore(OPTIONS), new ReplayedRecords());
        }
        requireKept();
    }

    /** Older snapshots stand in for one that cannot be used. */
    private boolean restoreSnapshot(final long sequence, final long epochNs, final long aboveSequence)
    {
        final long[] snapshots = journal.snapshotSequences();
        for (int i = snapshots.length - 1; i >= 0 && snapshots[i] > aboveSequence; i--)
        {
            if (snapshots[i] <= sequence && tryRestore(snapshots[i], epochNs))
            {
                return true;
            }
        }
        return false;
    }

    private boolean tryRestore(final long snapshot, final long epochNs)
    {
        final RestoredManager<ReplayedRecords> restored =
            new RestoredManager<>(OPTIONS, ReplayedRecords::new, ReplayedRecords::onRecord);
        try (SnapshotReader reader = journal.openSnapshot(snapshot))
        {
            if (reader.timestampNs() > epochNs)
            {
                return false;
            }
            restored.onSnapshot(reader);
            become(restored.core(), restored.view());
            return true;
        }
        catch (final JournalException ex)
        {
            return false;
        }
    }

    private void requireKept()
    {
        final long oldest = cursor.oldestSequence();
        if (sequence() + 1 < oldest)
        {
            final long state = oldestState();
            throw notKept(
                oldest, "; the oldest state that can be opened is that of " + state + ", at " + time(timeOf(state)));
        }
    }

    /** A time as all messages show it. */
    public static String time(final long epochNs)
    {
        return Instant.ofEpochSecond(0, epochNs).truncatedTo(ChronoUnit.MICROS).toString();
    }

    /** Epoch nanoseconds of the last record that can be read, found without moving; 0 if there is none. */
    public long endTimestampNs()
    {
        final RecordFlyweight each = new RecordFlyweight();
        long endNs = timestampNs();
        try (JournalCursor ahead = journal.cursor())
        {
            final long fromSequence = Math.max(journal.lastSegmentSequence() - 1, sequence() + 1);
            ahead.seek(Math.max(fromSequence, ahead.oldestSequence()));
            while (ahead.next(each))
            {
                endNs = each.timestampNs();
            }
        }
        catch (final JournalDamagedException ex)
        {
            // What is behind the damage cannot be gone to either.
            fault = ex.getMessage();
        }
        return endNs;
    }

    @Override
    public void close()
    {
        closeCursor();
        journal.close();
    }

    private void closeCursor()
    {
        if (null != cursor)
        {
            cursor.close();
        }
    }
}
