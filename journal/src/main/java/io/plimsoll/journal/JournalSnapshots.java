package io.plimsoll.journal;

import io.plimsoll.core.RecordFlyweight;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;

/**
 * The snapshots of a journal, and what of it is still needed beside them. One thread at a time keeps, drops and prunes;
 * the journal stage may close and begin segments meanwhile.
 */
public final class JournalSnapshots
{
    private final JournalStorage storage;
    private final Manifest manifest;
    private final Function<LongSupplier, JournalCursor> cursors;
    private final Runnable onPruned;
    private LongPredicate mayKeepFrom = sequence -> true;
    private long forcedSequence;

    JournalSnapshots(
        final JournalStorage storage,
        final Manifest manifest,
        final Function<LongSupplier, JournalCursor> cursors,
        final Runnable onPruned)
    {
        this.storage = storage;
        this.manifest = manifest;
        this.cursors = cursors;
        this.onPruned = onPruned;
    }

    private List<SegmentEntry> segments()
    {
        synchronized (manifest)
        {
            return List.copyOf(manifest.segments());
        }
    }

    /**
     * Keeps a snapshot: all that it stands for is forced to the disk before, and nothing is pruned by it yet. Any one
     * thread at a time.
     *
     * @param snapshot whose sequence was committed.
     * @throws JournalFullException     if there is no space for it beside what is reserved.
     * @throws JournalUnforcedException if the records could not be forced: whoever writes them has to end.
     */
    public void keep(final Snapshot snapshot)
    {
        final long sequence = snapshot.sequence();
        final int recordCrc = crcOf(sequence);
        for (final SegmentEntry entry : segments())
        {
            if (entry.firstSequence() <= sequence && (!entry.closed() || entry.lastSequence() > forcedSequence))
            {
                force(entry.name());
            }
        }
        forcedSequence = sequence;
        final String name = String.format(
            Locale.ROOT, "%s%020d", DirectoryStorage.SNAPSHOT_PREFIX, sequence);
        final SnapshotEntry entry;
        try (SnapshotFile file = storage.createSnapshot(name, SnapshotFormat.length(snapshot)))
        {
            entry = SnapshotFormat.write(name, snapshot, recordCrc, file);
        }
        synchronized (manifest)
        {
            manifest.snapshots().removeIf(known -> known.sequence() == sequence);
            manifest.snapshots().add(entry);
            storage.writeManifest(manifest.encode());
        }
    }

    private void force(final String segment)
    {
        try
        {
            storage.force(segment);
        }
        catch (final JournalFullException | UncheckedIOException ex)
        {
            throw new JournalUnforcedException("records of " + segment + " were not forced: " + ex.getMessage(), ex);
        }
    }

    private int crcOf(final long sequence)
    {
        final RecordFlyweight record = new RecordFlyweight();
        try (JournalCursor cursor = cursors.apply(() -> sequence))
        {
            cursor.seek(sequence);
            if (!cursor.next(record))
            {
                throw new IllegalStateException("sequence=" + sequence + " is not in the journal");
            }
            return cursor.crc();
        }
    }

    /** Sequences of the snapshots that are kept, in order. Any thread. */
    public long[] sequences()
    {
        synchronized (manifest)
        {
            return manifest.snapshots().stream().mapToLong(SnapshotEntry::sequence).toArray();
        }
    }

    List<SnapshotEntry> entries()
    {
        synchronized (manifest)
        {
            return List.copyOf(manifest.snapshots());
        }
    }

    /**
     * Opens a snapshot. Any thread.
     *
     * @param sequence of a snapshot that is kept.
     * @return a reader, to be closed.
     * @throws JournalDamagedException if it is not what was written.
     */
    public SnapshotReader open(final long sequence)
    {
        final SnapshotEntry wanted;
        synchronized (manifest)
        {
            wanted = manifest.snapshots().stream().filter(entry -> sequence == entry.sequence()).findFirst()
                .orElseThrow(() -> new JournalException("no snapshot of sequence " + sequence));
        }
        return open(wanted);
    }

    /**
     * Reads back a snapshot that is kept, with little memory.
     *
     * @param snapshot that was handed to {@link #keep}, with pieces as they were then.
     * @throws JournalDamagedException if anything in storage is not as it was to be written.
     */
    public void verify(final Snapshot snapshot)
    {
        try (SnapshotReader reader = open(snapshot.sequence()))
        {
            reader.compare(snapshot.pieces());
        }
    }

    /** Drops a snapshot that has proved bad. */
    public void drop(final long sequence)
    {
        synchronized (manifest)
        {
            final List<SnapshotEntry> bad =
                manifest.snapshots().stream().filter(entry -> sequence == entry.sequence()).toList();
            manifest.snapshots().removeAll(bad);
            remove(bad, List.of());
        }
    }

    /**
     * Has somebody asked before records are pruned.
     *
     * @param gate is given the sequence from which records are kept; false: none is dropped this time.
     */
    void gate(final LongPredicate gate)
    {
        mayKeepFrom = gate;
    }

    /**
     * Says what need not be kept, and reads every snapshot for that: only one that is good stands for records. Any
     * thread.
     *
     * @param retention what is kept.
     * @param nowNs     epoch nanoseconds.
     * @return what goes.
     */
    public PrunePlan plan(final Retention retention, final long nowNs)
    {
        return plan(retention, nowNs, 1);
    }

    private PrunePlan plan(final Retention retention, final long nowNs, final int goodMin)
    {
        final List<SegmentEntry> segments;
        final List<SnapshotEntry> entries;
        synchronized (manifest)
        {
            segments = List.copyOf(manifest.segments());
            entries = List.copyOf(manifest.snapshots());
        }
        final List<SnapshotEntry> good = new ArrayList<>();
        for (int i = entries.size() - 1; i >= 0 && good.size() < retention.snapshots(); i--)
        {
            if (isGood(entries.get(i)))
            {
                good.add(0, entries.get(i));
            }
        }
        final long first = segments.isEmpty() ? 1 : segments.get(0).firstSequence();
        if (good.size() < goodMin)
        {
            return new PrunePlan(List.of(), List.of(), 0, first, 0);
        }
        final long standsFor = good.get(0).sequence();
        final List<SegmentEntry> gone = notKept(segments, retention, nowNs, standsFor);
        final List<SnapshotEntry> old = entries.stream().filter(entry -> entry.sequence() < standsFor).toList();
        return new PrunePlan(
            gone.stream().map(SegmentEntry::name).toList(),
            old.stream().map(SnapshotEntry::name).toList(),
            gone.stream().mapToLong(entry -> storage.length(entry.name())).sum() +
                old.stream().mapToLong(SnapshotEntry::length).sum(),
            gone.isEmpty() ? first : gone.get(gone.size() - 1).lastSequence() + 1,
            standsFor);
    }

    private boolean isGood(final SnapshotEntry entry)
    {
        try (SnapshotReader reader = open(entry))
        {
            reader.checkRest();
            return true;
        }
        catch (final JournalException ex)
        {
            return false;
        }
    }

    /**
     * Removes what need not be kept, as soon as there are as many good snapshots as shall be: until then, the records
     * are what the next start would fall back to. Any one thread at a time.
     *
     * @param retention what is kept.
     * @param nowNs     epoch nanoseconds.
     * @return number of segments that were removed.
     */
    public int prune(final Retention retention, final long nowNs)
    {
        return prune(plan(retention, nowNs, retention.snapshots())).segments().size();
    }

    /**
     * Removes what was found not to be needed. Any one thread at a time.
     *
     * @param wanted by {@link #plan}.
     * @return what went.
     */
    public PrunePlan prune(final PrunePlan wanted)
    {
        // Not under the lock: whoever is asked may have to wait for somebody who needs it.
        final PrunePlan plan = wanted.segments().isEmpty() || mayKeepFrom.test(wanted.oldestSequence()) ?
            wanted : wanted.withoutSegments(segments().get(0).firstSequence());
        synchronized (manifest)
        {
            final List<SnapshotEntry> oldSnapshots = manifest.snapshots().stream()
                .filter(entry -> plan.snapshots().contains(entry.name())).toList();
            final List<SegmentEntry> oldSegments = manifest.segments().stream()
                .filter(entry -> plan.segments().contains(entry.name())).toList();
            manifest.snapshots().removeAll(oldSnapshots);
            manifest.segments().removeAll(oldSegments);
            remove(oldSnapshots, oldSegments);
        }
        return plan;
    }

    private List<SegmentEntry> notKept(
        final List<SegmentEntry> segments, final Retention retention, final long nowNs, final long standsFor)
    {
        long bytes = 0;
        for (int i = segments.size() - 1; i >= 0; i--)
        {
            final SegmentEntry entry = segments.get(i);
            bytes += storage.length(entry.name());
            final boolean isCovered = entry.closed() && entry.lastSequence() <= standsFor && i + 1 < segments.size();
            // Records of a segment are older than the first of the next one.
            if (isCovered && bytes > retention.bytes() &&
                nowNs - timestampOf(segments.get(i + 1)) >= retention.periodNs())
            {
                return segments.subList(0, i + 1);
            }
        }
        return List.of();
    }

    private long timestampOf(final SegmentEntry entry)
    {
        final RecordFlyweight record = new RecordFlyweight();
        try (JournalCursor cursor = cursors.apply(() -> Long.MAX_VALUE))
        {
            cursor.seek(entry.firstSequence());
            return cursor.next(record) ? record.timestampNs() : Long.MAX_VALUE;
        }
    }

    /** First the manifest says that they go, then they go, then the manifest forgets them: so none is ever missed. */
    private void remove(final List<SnapshotEntry> oldSnapshots, final List<SegmentEntry> oldSegments)
    {
        if (oldSnapshots.isEmpty() && oldSegments.isEmpty())
        {
            return;
        }
        oldSnapshots.forEach(entry -> manifest.leaving().add(entry.name()));
        oldSegments.forEach(entry -> manifest.leaving().add(entry.name()));
        onPruned.run();
        storage.writeManifest(manifest.encode());
        finishRemoval();
    }

    /** Removes what a manifest says is leaving: before anything else when a journal is opened. */
    void finishRemoval()
    {
        if (manifest.leaving().isEmpty())
        {
            return;
        }
        final List<String> segmentNames = storage.segments();
        for (final String name : manifest.leaving())
        {
            if (segmentNames.contains(name))
            {
                storage.remove(name);
            }
            else
            {
                storage.removeSnapshot(name);
            }
        }
        manifest.leaving().clear();
        storage.writeManifest(manifest.encode());
    }

    SnapshotReader open(final SnapshotEntry entry)
    {
        final SnapshotFile file = storage.openSnapshot(entry.name());
        try
        {
            return new SnapshotReader(storage.describe() + "/" + entry.name(), entry, file);
        }
        catch (final RuntimeException ex)
        {
            file.close();
            throw ex;
        }
    }
}
