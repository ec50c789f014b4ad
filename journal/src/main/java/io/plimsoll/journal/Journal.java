package io.plimsoll.journal;

import io.plimsoll.core.RecordFlyweight;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The journal of one manager: open, restore, start writing, close, in that order. Start reading at
 * {@link SegmentScanner} for what is believed, at {@link JournalWriter} for what is written.
 * <p>
 * Each start makes a new segment, so that no file is ever written by two processes: how the one before ended cannot
 * disturb the appends of the next, and what it left behind stays as it was.
 */
public final class Journal implements AutoCloseable
{
    private static final Logger LOGGER = LoggerFactory.getLogger(Journal.class);

    private final JournalContext context;
    private final JournalStorage storage;
    private final SequenceIndex index = new SequenceIndex();
    private final Manifest manifest;
    private final JournalSnapshots snapshots;
    private volatile List<SegmentEntry> segments;
    private SegmentEntry tail;
    private long tailEnd;
    private long tailFrom;
    private long tailTo;
    private long lastSequence;
    private int lastCrc;
    private boolean restored;
    private JournalWriter writer;

    private Journal(final JournalContext context, final JournalStorage storage)
    {
        this.context = context;
        this.storage = storage;
        final byte[] content = storage.readManifest();
        if (null == content)
        {
            final UUID clusterId = context.newClusterId();
            manifest = new Manifest(null == clusterId ? UUID.randomUUID() : clusterId);
        }
        else
        {
            manifest = Manifest.decode(content, storage.describe() + "/" + DirectoryStorage.MANIFEST_FILE);
        }
        segments = List.copyOf(manifest.segments());
        snapshots = new JournalSnapshots(
            storage, manifest, this::cursor, () -> segments = List.copyOf(manifest.segments()));
    }

    /**
     * Opens a directory for writing and locks it.
     *
     * @param context values.
     * @return the journal, to be restored first.
     * @throws JournalLockedException  if another process writes it.
     * @throws JournalDamagedException if the manifest cannot be trusted.
     */
    public static Journal open(final JournalContext context)
    {
        context.validate();
        return open(context, new DirectoryStorage(context, true));
    }

    /**
     * Opens a journal that is kept somewhere else than in a directory.
     *
     * @param context values.
     * @param storage of the journal; closed with it.
     * @return the journal, to be restored first.
     * @throws JournalDamagedException if the manifest cannot be trusted.
     */
    public static Journal open(final JournalContext context, final JournalStorage storage)
    {
        try
        {
            return new Journal(context, storage);
        }
        catch (final RuntimeException ex)
        {
            storage.close();
            throw ex;
        }
    }

    /** The snapshots of this journal. */
    public JournalSnapshots snapshots()
    {
        return snapshots;
    }

    /** Identity of the cluster, given when the journal was new. */
    public UUID clusterId()
    {
        return manifest.clusterId();
    }

    JournalStorage storage()
    {
        return storage;
    }

    JournalContext context()
    {
        return context;
    }

    /** Where the journal is, for people. */
    public String describe()
    {
        return storage.describe();
    }

    /**
     * Hands over the newest good snapshot and every record behind it, in order.
     *
     * @param restorer takes them.
     * @return last sequence, 0 if the journal is empty.
     * @throws JournalDamagedException if anything that may have been promised is not as it was written.
     */
    public long restore(final JournalRestorer restorer)
    {
        snapshots.finishRemoval();
        checkUnlisted();
        final SnapshotEntry from = restoreSnapshot(restorer);
        SegmentEntry previous = null;
        for (final SegmentEntry entry : manifest.segments())
        {
            checkFollows(previous, entry);
            final boolean isCovered = null != from && entry.closed() && entry.lastSequence() <= from.sequence();
            previous = isCovered ? skip(entry, from) : restore(entry, from, restorer);
        }
        if (null != from && lastSequence < from.sequence())
        {
            throw new JournalDamagedException(storage.describe(), "ends with sequence " + lastSequence +
                ", before that of the snapshot " + from.name());
        }
        restored = true;
        return lastSequence;
    }

    /**
     * Hands over every record, in order, with no regard to snapshots.
     *
     * @param consumer of the records; each is valid during the call.
     * @return last sequence, 0 if the journal is empty.
     * @throws JournalDamagedException if anything that may have been promised is not as it was written, or the oldest
     *                                 records were pruned.
     */
    public long restore(final Consumer<RecordFlyweight> consumer)
    {
        return restore(new JournalRestorer()
        {
            @Override
            public void onSnapshot(final SnapshotReader snapshot)
            {
                throw new JournalException("not asked for");
            }

            @Override
            public void begin()
            {
                // Nothing to forget.
            }

            @Override
            public void onRecord(final RecordFlyweight record)
            {
                consumer.accept(record);
            }
        });
    }

    private SnapshotEntry restoreSnapshot(final JournalRestorer restorer)
    {
        final List<SnapshotEntry> entries = manifest.snapshots();
        for (int i = entries.size() - 1; i >= 0; i--)
        {
            final SnapshotEntry entry = entries.get(i);
            try (SnapshotReader reader = snapshots.open(entry))
            {
                restorer.onSnapshot(reader);
                // What the restorer had no use for is checked all the same.
                reader.checkRest();
                return entry;
            }
            catch (final JournalException ex)
            {
                LOGGER.warn("snapshot {} passed over: {}", entry.name(), ex.getMessage());
            }
        }
        restorer.begin();
        final long first = manifest.segments().isEmpty() ? 1 : manifest.segments().get(0).firstSequence();
        if (1 != first)
        {
            throw new JournalDamagedException(storage.describe(),
                "no snapshot can be read, and the records before sequence " + first + " were pruned");
        }
        return null;
    }

    /**
     * Begins a new segment behind what was restored.
     *
     * @return the writer, to be called by one thread.
     * @throws JournalFullException if there is no room for one.
     */
    public JournalWriter startWriting()
    {
        if (!restored || null != writer)
        {
            throw new IllegalStateException("restored=" + restored + " writing=" + (null != writer));
        }
        final List<SegmentEntry> entries = manifest.segments();
        final SegmentEntry last = entries.isEmpty() ? null : entries.get(entries.size() - 1);
        final boolean lastIsEmpty = null != last && !last.closed() && null == tail;
        if (null != tail)
        {
            storage.rewrite(tail.name(), tailFrom, tailTo);
            entries.set(entries.size() - 1, tail);
        }
        final SegmentEntry entry = SegmentEntry.open(
            nextName(null == last ? null : last.name()), lastSequence + 1, lastCrc);
        if (lastIsEmpty)
        {
            // It may hold a record that was never finished: the manifest knows of it until it is gone.
            entries.remove(last);
            manifest.leaving().add(last.name());
        }
        writer = new JournalWriter(this, context, index, begin(entry), lastSequence, lastCrc);
        if (null != tail)
        {
            storage.trim(tail.name(), tailEnd);
        }
        snapshots.finishRemoval();
        return writer;
    }

    /**
     * A reader for event feeds.
     *
     * @param releasedSequence up to where it may read.
     * @return a cursor at sequence 1; any number may be open.
     */
    public JournalCursor cursor(final LongSupplier releasedSequence)
    {
        return new JournalCursor(storage, () -> segments, index, releasedSequence);
    }

    /**
     * Any thread: whether the space for accepted work is set aside. While it is not, the host refuses new work; it asks
     * a few times a second, which also looks for space again.
     */
    public boolean reserveKept()
    {
        return storage.reserveKept();
    }

    @Override
    public void close()
    {
        try
        {
            if (null != writer)
            {
                end();
            }
        }
        finally
        {
            storage.close();
        }
    }

    /** Journal stage: whether a segment that is long enough can be closed without making anybody wait for the disk. */
    boolean mayRotate(final RecordLog log)
    {
        final List<SegmentEntry> entries = segments;
        return storage.reserveKept() && storage.isMostlyForced(entries.get(entries.size() - 1).name(), log);
    }

    /**
     * Journal stage: closes a segment and begins the next. Where the manifest says that a segment ends, there it has to
     * end after a power cut, too, whatever the mode promises: so it is forced before.
     */
    RecordLog rotate(final RecordLog log, final long sequence, final int crc)
    {
        log.sync();
        final SegmentEntry closed = closeLast(sequence, crc);
        final RecordLog next = begin(SegmentEntry.open(nextName(closed.name()), sequence + 1, crc));
        storage.retire(closed.name(), log);
        return next;
    }

    private void end()
    {
        final RecordLog log = writer.log();
        final SegmentEntry last = manifest.segments().get(manifest.segments().size() - 1);
        final boolean empty = writer.lastSequence() < last.firstSequence();
        if (writer.hasFailed() || empty)
        {
            // Empty: the next start removes it.
            log.close();
            return;
        }
        try
        {
            log.sync();
            closeLast(writer.lastSequence(), writer.lastCrc());
            storage.writeManifest(manifest.encode());
            storage.retire(last.name(), log);
        }
        catch (final RuntimeException ex)
        {
            // A full disk: the segment stays open in the manifest, and the next start finds its end by reading.
            LOGGER.warn("journal left open: {}", ex.getMessage());
        }
    }

    private SegmentEntry closeLast(final long sequence, final int crc)
    {
        synchronized (manifest)
        {
            final List<SegmentEntry> entries = manifest.segments();
            final int last = entries.size() - 1;
            entries.set(last, entries.get(last).close(sequence, crc, null));
            return entries.get(last);
        }
    }

    private RecordLog begin(final SegmentEntry entry)
    {
        final RecordLog log = storage.create(entry.name());
        synchronized (manifest)
        {
            manifest.segments().add(entry);
            storage.writeManifest(manifest.encode());
            segments = List.copyOf(manifest.segments());
        }
        // Only now: the reserve takes what there is, and the manifest needs a block too.
        storage.reserveKept();
        return log;
    }

    /** A segment whose records a snapshot stands for. */
    private SegmentEntry skip(final SegmentEntry entry, final SnapshotEntry from)
    {
        if (entry.lastSequence() == from.sequence() && entry.lastCrc() != from.recordCrc())
        {
            throw new JournalDamagedException(
                storage.describe(), "snapshot " + from.name() + " was not made behind segment " + entry.name());
        }
        lastSequence = entry.lastSequence();
        lastCrc = entry.lastCrc();
        return entry;
    }

    private SegmentEntry restore(
        final SegmentEntry entry, final SnapshotEntry from, final JournalRestorer restorer)
    {
        try (SegmentScanner scanner = new SegmentScanner(entry, storage.open(entry.name())))
        {
            while ((!entry.closed() || scanner.nextSequence() <= entry.lastSequence()) && scanner.next())
            {
                final long sequence = scanner.nextSequence() - 1;
                index.onRecord(sequence, scanner.position());
                if (null == from || sequence > from.sequence())
                {
                    show(scanner, restorer);
                }
                else if (sequence == from.sequence() && scanner.lastCrc() != from.recordCrc())
                {
                    throw scanner.damage("not the record that the snapshot " + from.name() + " was made behind");
                }
            }
            lastSequence = scanner.nextSequence() - 1;
            lastCrc = scanner.lastCrc();
            if (entry.closed())
            {
                if (lastSequence != entry.lastSequence() || lastCrc != entry.lastCrc())
                {
                    throw scanner.damage("segment does not end as the manifest says, with sequence " +
                        entry.lastSequence());
                }
                return entry;
            }
            settleTail(entry, scanner);
            return entry.close(lastSequence, lastCrc, null);
        }
    }

    private static void show(final SegmentScanner scanner, final JournalRestorer restorer)
    {
        try
        {
            restorer.onRecord(scanner.record());
        }
        catch (final JournalException ex)
        {
            throw ex;
        }
        catch (final RuntimeException ex)
        {
            throw scanner.unusable(ex);
        }
    }

    private void settleTail(final SegmentEntry entry, final SegmentScanner scanner)
    {
        final String cut = scanner.settleTail();
        if (null != cut)
        {
            LOGGER.warn("journal cut behind sequence {}: {} at {} position {}, promised to nobody",
                lastSequence, cut, entry.name(), scanner.goodEnd());
        }
        if (lastSequence >= entry.firstSequence() || null != cut)
        {
            tail = entry.close(
                lastSequence, lastCrc, null == cut ? null : cut + " at position " + scanner.goodEnd());
            tailEnd = null == cut ? scanner.goodEnd() : Long.MAX_VALUE >> 1;
            tailTo = scanner.goodEnd();
            final long[] found = new long[2];
            tailFrom = index.find(scanner.forced(), entry.firstSequence(), found) ? found[1] : 0;
        }
    }

    private void checkFollows(final SegmentEntry previous, final SegmentEntry entry)
    {
        final boolean follows = null == previous ?
            entry.firstSequence() > 1 || 1 == entry.firstSequence() && 0 == entry.previousCrc() :
            previous.lastSequence() + 1 == entry.firstSequence() && previous.lastCrc() == entry.previousCrc();
        if (!follows)
        {
            throw new JournalDamagedException(
                storage.describe(), "segment " + entry.name() + " does not follow the one before");
        }
    }

    /** A segment that the manifest does not know was being made when the process ended, or the manifest is not ours. */
    private void checkUnlisted()
    {
        for (final String name : storage.segments())
        {
            if (manifest.segments().stream().noneMatch(entry -> entry.name().equals(name)))
            {
                if (holdsRecords(name))
                {
                    throw new JournalDamagedException(
                        storage.describe(), "segment " + name + " holds records, but the manifest does not know it");
                }
                storage.removeEmpty(name);
            }
        }
        for (final String name : storage.snapshots())
        {
            if (manifest.snapshots().stream().noneMatch(entry -> entry.name().equals(name)))
            {
                // Finished, but the process ended before the manifest said so: nobody counts on it.
                storage.removeSnapshot(name);
            }
        }
    }

    private boolean holdsRecords(final String name)
    {
        try (LogReader reader = storage.open(name))
        {
            // No sequence is next here: even an unfinished record says that somebody wrote.
            return reader.findBeyond(0, 0) >= 0;
        }
        catch (final JournalDamagedException ex)
        {
            // Not even a file yet.
            return false;
        }
    }

    private static String nextName(final String lastName)
    {
        final long number = null == lastName ? 0 :
            Long.parseLong(lastName.substring(DirectoryStorage.SEGMENT_PREFIX.length()));
        return String.format(java.util.Locale.ROOT, "%s%08d", DirectoryStorage.SEGMENT_PREFIX, number + 1);
    }
}
