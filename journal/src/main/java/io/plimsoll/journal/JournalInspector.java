package io.plimsoll.journal;

import io.plimsoll.core.RecordFlyweight;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Looks through a journal and changes nothing, also while a manager writes it. */
public final class JournalInspector
{
    private static final String LOCK_FILE = "writer.lock";

    private final Path directory;
    private final JournalStorage storage;
    private final Manifest manifest;
    private final boolean isInUse;
    private final List<JournalInspection.SegmentReport> segments = new ArrayList<>();
    private final List<JournalInspection.SnapshotReport> snapshots = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private long lastSequence;

    private JournalInspector(final Path directory)
    {
        this.directory = directory;
        storage = new DirectoryStorage(new JournalContext().directory(directory), false);
        isInUse = isInUse(directory);
        manifest = Manifest.decode(
            storage.readManifest(), directory.resolve(DirectoryStorage.MANIFEST_FILE).toString());
    }

    /**
     * Where the journal is, given its own directory or that of the data.
     *
     * @throws JournalException if there is none.
     */
    public static Path locate(final Path directory)
    {
        for (final Path candidate : List.of(directory, directory.resolve("journal")))
        {
            if (Files.exists(candidate.resolve(DirectoryStorage.MANIFEST_FILE)))
            {
                return candidate;
            }
        }
        throw new JournalException("no journal in " + directory + ": neither " + DirectoryStorage.MANIFEST_FILE +
            " nor journal/" + DirectoryStorage.MANIFEST_FILE + " is there");
    }

    /**
     * Reads every record and every snapshot.
     *
     * @param directory of the journal, see {@link #locate}.
     * @return what was found.
     * @throws JournalException if there is no journal, or one of another version.
     */
    public static JournalInspection inspect(final Path directory)
    {
        final JournalInspector inspector = new JournalInspector(directory);
        inspector.readAll();
        return inspector.result();
    }

    /** The same, of which only the manifest is read. */
    public static JournalInspection list(final Path directory)
    {
        final JournalInspector inspector = new JournalInspector(directory);
        for (final SegmentEntry entry : inspector.manifest.segments())
        {
            inspector.report(entry, entry.lastSequence(), 0, 0);
            inspector.lastSequence = entry.lastSequence();
        }
        for (final SnapshotEntry entry : inspector.manifest.snapshots())
        {
            inspector.snapshots.add(
                new JournalInspection.SnapshotReport(entry.name(), entry.sequence(), entry.length(), null));
        }
        return inspector.result();
    }

    /** Whether a process writes the journal at the moment. */
    static boolean isInUse(final Path directory)
    {
        final Path lock = directory.resolve(LOCK_FILE);
        return Files.exists(lock) && Posix.isLockedElsewhere(lock);
    }

    private JournalInspection result()
    {
        return new JournalInspection(
            directory.toString(),
            manifest.clusterId(),
            isInUse,
            List.copyOf(segments),
            List.copyOf(snapshots),
            lastSequence,
            List.copyOf(problems));
    }

    private void report(
        final SegmentEntry entry, final long last, final long firstTimestampNs, final long lastTimestampNs)
    {
        segments.add(new JournalInspection.SegmentReport(
            entry.name(),
            entry.firstSequence(),
            last,
            firstTimestampNs,
            lastTimestampNs,
            storage.length(entry.name()),
            entry.closed(),
            entry.cut()));
    }

    private void readAll()
    {
        SegmentEntry previous = null;
        for (final SegmentEntry entry : manifest.segments())
        {
            if (null != previous &&
                (previous.lastSequence() + 1 != entry.firstSequence() || previous.lastCrc() != entry.previousCrc()))
            {
                problems.add("segment " + entry.name() + " does not follow " + previous.name());
            }
            read(entry);
            previous = entry;
        }
        for (final SnapshotEntry entry : manifest.snapshots())
        {
            read(entry);
        }
        final long first = manifest.segments().isEmpty() ? 1 : manifest.segments().get(0).firstSequence();
        final boolean isCovered = snapshots.stream()
            .anyMatch(snapshot -> null == snapshot.problem() && snapshot.sequence() >= first - 1);
        if (first > 1 && !isCovered)
        {
            problems.add("records before sequence " + first + " were pruned, and no snapshot that can be read stands" +
                " for them");
        }
    }

    private void read(final SegmentEntry entry)
    {
        long firstNs = 0;
        long lastNs = 0;
        long last = entry.firstSequence() - 1;
        try (LogReader reader = storage.open(entry.name()))
        {
            final long promised = reader.markedSequence();
            final SegmentScanner scanner = new SegmentScanner(entry, reader);
            while ((!entry.closed() || scanner.nextSequence() <= entry.lastSequence()) && scanner.next())
            {
                final RecordFlyweight record = scanner.record();
                last = record.sequence();
                firstNs = 0 == firstNs ? record.timestampNs() : firstNs;
                lastNs = record.timestampNs();
                checkSnapshots(last, scanner.lastCrc());
            }
            checkEnd(entry, scanner, promised);
            lastSequence = last;
        }
        catch (final JournalDamagedException ex)
        {
            problems.add(ex.getMessage());
        }
        report(entry, last, firstNs, lastNs);
    }

    private void checkEnd(final SegmentEntry entry, final SegmentScanner scanner, final long promised)
    {
        final long last = scanner.nextSequence() - 1;
        if (entry.closed() && (last != entry.lastSequence() || scanner.lastCrc() != entry.lastCrc()))
        {
            throw scanner.damage("segment does not end as the manifest says, with sequence " + entry.lastSequence());
        }
        if (!entry.closed() && isInUse && last < promised)
        {
            throw scanner.damage("a record that was committed (up to " + promised + ") is missing or unreadable");
        }
        if (!entry.closed() && !isInUse)
        {
            scanner.settleTail();
        }
    }

    private void checkSnapshots(final long sequence, final int crc)
    {
        for (final SnapshotEntry entry : manifest.snapshots())
        {
            if (sequence == entry.sequence() && crc != entry.recordCrc())
            {
                problems.add("snapshot " + entry.name() + " was not made behind the record of its sequence");
            }
        }
    }

    private void read(final SnapshotEntry entry)
    {
        String problem = null;
        try (SnapshotReader reader =
            new SnapshotReader(directory.resolve(entry.name()).toString(), entry, storage.openSnapshot(entry.name())))
        {
            while (reader.next())
            {
                // Each piece is checked as it is read.
            }
        }
        catch (final JournalException ex)
        {
            problem = ex.getMessage();
            problems.add(problem);
        }
        snapshots.add(new JournalInspection.SnapshotReport(
            entry.name(), entry.sequence(), entry.length(), problem));
    }
}
