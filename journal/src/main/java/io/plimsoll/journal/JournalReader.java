package io.plimsoll.journal;

import io.plimsoll.core.RecordFlyweight;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Reads a journal directory without locking or touching it: for another process, or beside a live manager. What it
 * finds at the end is what happened to be there; only {@link Journal#restore} decides what an end means.
 */
public final class JournalReader implements AutoCloseable
{
    private final JournalStorage storage;
    private final String place;
    private final SequenceIndex remembered = new SequenceIndex();

    private JournalReader(final JournalStorage storage)
    {
        this.storage = storage;
        place = storage.describe() + "/" + DirectoryStorage.MANIFEST_FILE;
    }

    /**
     * Opens a directory.
     *
     * @param directory of the journal.
     * @return a reader.
     * @throws JournalException if there is no journal.
     */
    public static JournalReader open(final Path directory)
    {
        if (!Files.exists(directory.resolve(DirectoryStorage.MANIFEST_FILE)))
        {
            throw new JournalException("no journal in " + directory);
        }
        return new JournalReader(new DirectoryStorage(new JournalContext().directory(directory), false));
    }

    /** Identity of the cluster. */
    public UUID clusterId()
    {
        return manifest().clusterId();
    }

    /** Sequences of the snapshots there are, in order. */
    public long[] snapshotSequences()
    {
        return manifest().snapshots().stream().mapToLong(SnapshotEntry::sequence).toArray();
    }

    /**
     * Opens a snapshot.
     *
     * @param sequence of it.
     * @return a reader, to be closed.
     * @throws JournalException if it is not there any more, or not what was written.
     */
    public SnapshotReader openSnapshot(final long sequence)
    {
        final SnapshotEntry wanted = manifest().snapshots().stream()
            .filter(entry -> sequence == entry.sequence()).findFirst()
            .orElseThrow(() -> new JournalException("no snapshot of sequence " + sequence));
        final SnapshotFile file = storage.openSnapshot(wanted.name());
        try
        {
            return new SnapshotReader(storage.describe() + "/" + wanted.name(), wanted, file);
        }
        catch (final RuntimeException ex)
        {
            file.close();
            throw ex;
        }
    }

    /** Sequence with which the newest segment begins: records from there on are found at once. */
    public long lastSegmentSequence()
    {
        final List<SegmentEntry> entries = segments();
        return entries.isEmpty() ? 1 : entries.get(entries.size() - 1).firstSequence();
    }

    /** A cursor at sequence 1 that goes on as long as there are records, and follows new segments. */
    public JournalCursor cursor()
    {
        return new JournalCursor(storage, this::segments, new SequenceIndex(), () -> Long.MAX_VALUE);
    }

    /** The same, and what it passes is found at once by the next of its kind. One at a time. */
    public JournalCursor rememberingCursor()
    {
        return new JournalCursor(storage, this::segments, remembered, () -> Long.MAX_VALUE, remembered);
    }

    /** What {@link JournalSnapshots#prune} would remove. */
    public PrunePlan planPruning(final Retention retention, final long nowNs)
    {
        return new JournalSnapshots(storage, manifest(), limit -> cursor(), () -> {}).plan(retention, nowNs);
    }

    /**
     * Hands over every record there is now, in order.
     *
     * @param consumer of the records; each is valid during the call.
     * @return last sequence, 0 if there is none.
     */
    public long forEach(final Consumer<RecordFlyweight> consumer)
    {
        final RecordFlyweight record = new RecordFlyweight();
        try (JournalCursor cursor = cursor())
        {
            while (cursor.next(record))
            {
                cursor.show(record, consumer);
            }
            return cursor.nextSequence() - 1;
        }
    }

    @Override
    public void close()
    {
        storage.close();
    }

    private List<SegmentEntry> segments()
    {
        return manifest().segments();
    }

    private Manifest manifest()
    {
        return Manifest.decode(storage.readManifest(), place);
    }
}
