package io.plimsoll.manager.replay;

import io.plimsoll.core.CoreOptions;
import io.plimsoll.core.Explanation;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.SchedulerCore;
import io.plimsoll.core.pipeline.HostedCore;
import io.plimsoll.journal.JournalCursor;
import io.plimsoll.journal.JournalDamagedException;
import io.plimsoll.journal.JournalReader;
import io.plimsoll.manager.RestoredView;
import io.plimsoll.manager.view.LiveViewStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The state of a cluster at one record of its journal, and the way to any other record. The journal is only read, also
 * while a manager writes it: no lock is taken and no file is touched. What is behind the last record that can be read
 * is not there for a replay, whatever it means; {@link #fault} says if it is not simply the end.
 * <p>
 * For one thread, but for {@link #view} and {@link #explain}, which any thread may ask while nobody moves.
 */
public final class ReplayedCluster implements AutoCloseable
{
    private static final String MANIFEST = "manifest.json";

    private final Path directory;
    private final CoreOptions options;
    private final JournalReader journal;
    private final RecordFlyweight record = new RecordFlyweight();
    private JournalCursor cursor;
    private SchedulerCore core;
    private HostedCore hosted;
    private volatile RestoredView restored;
    private boolean peeked;
    private String fault = "";

    private ReplayedCluster(final Path directory, final CoreOptions options)
    {
        this.directory = directory;
        this.options = options;
        journal = JournalReader.open(directory);
        begin();
    }

    /**
     * Opens a journal before its first record.
     *
     * @param directory of a manager's data, or of its journal.
     * @param options   of the core.
     * @return the empty cluster.
     * @throws ReplayException if there is no journal.
     */
    public static ReplayedCluster open(final Path directory, final CoreOptions options)
    {
        return new ReplayedCluster(journalOf(directory), options);
    }

    /** The folder of the journal, given that or the data directory that it is in. */
    public static Path journalOf(final Path directory)
    {
        final Path below = directory.resolve("journal");
        if (Files.exists(directory.resolve(MANIFEST)))
        {
            return directory;
        }
        if (Files.exists(below.resolve(MANIFEST)))
        {
            return below;
        }
        throw new ReplayException(
            "there is no journal in " + directory + "; name the data directory of a manager, or its folder journal");
    }

    private void begin()
    {
        closeCursor();
        cursor = journal.cursor();
        core = new SchedulerCore(options);
        hosted = new HostedCore(core);
        restored = new RestoredView();
        peeked = false;
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

    /** The scheduler in that state; restored, so it may be asked, and may go on deciding on its own. */
    public SchedulerCore core()
    {
        return core;
    }

    /** What readers of a live cluster would see. */
    public LiveViewStore view()
    {
        return restored.view();
    }

    /** Why a session is where it is. */
    public synchronized Explanation explain(final long sessionId)
    {
        return core.explain(sessionId);
    }

    /** Why no record behind the last one can be read, if something is there; empty if it is the end. */
    public String fault()
    {
        return fault;
    }

    /** Whether there is a record behind this one. */
    public boolean hasNext()
    {
        if (!peeked)
        {
            try
            {
                peeked = cursor.next(record);
                fault = "";
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
        hosted.restore(record);
        restored.onRecord(record);
        peeked = false;
        return true;
    }

    /**
     * Goes to a record, forward or back.
     *
     * @param sequence of it; 0: before the first.
     * @throws ReplayException if there is no such record.
     */
    public synchronized void moveTo(final long sequence)
    {
        if (sequence < sequence())
        {
            begin();
        }
        while (sequence() < sequence)
        {
            if (!next())
            {
                throw new ReplayException(
                    "the journal has no record " + sequence + ": the last that can be read is " + sequence());
            }
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
        if (epochNs < timestampNs())
        {
            begin();
        }
        if (hasNext() && 0 == sequence() && record.timestampNs() > epochNs)
        {
            throw new ReplayException("the journal begins later, at " + time(record.timestampNs()));
        }
        while (hasNext() && record.timestampNs() <= epochNs)
        {
            next();
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

    /** Goes to the last record that can be read. */
    public synchronized void moveToEnd()
    {
        boolean more = next();
        while (more)
        {
            more = next();
        }
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
