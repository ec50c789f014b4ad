package io.plimsoll.journal;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.sbe.ManagerStartedDecoder;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
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
    private final RecordVisitor visitor;
    private final List<String> found;
    private final boolean isInUse;
    private final List<JournalInspection.SegmentReport> segments = new ArrayList<>();
    private final List<JournalInspection.SnapshotReport> snapshots = new ArrayList<>();
    private final List<JournalInspection.TermReport> terms = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final ManagerStartedDecoder started = new ManagerStartedDecoder();
    private long lastSequence;
    private long nextSnapshot;

    private JournalInspector(final Path directory, final RecordVisitor visitor)
    {
        this.directory = directory;
        this.visitor = visitor;
        storage = new DirectoryStorage(new JournalContext().directory(directory), false);
        isInUse = isInUse(directory);
        // Before the manifest: what it does not list then is not merely new.
        found = storage.segments();
        manifest = readManifest();
    }

    private Manifest readManifest()
    {
        return Manifest.decode(
            storage.readManifest(), directory.resolve(DirectoryStorage.MANIFEST_FILE).toString());
    }

    /**
     * Where the journal is, given its own directory or that of the data.
     *
     * @throws JournalException if there is none, or it may not be read.
     */
    public static Path locate(final Path directory)
    {
        for (final Path candidate : List.of(directory, directory.resolve("journal")))
        {
            if (Files.isDirectory(candidate) && !(Files.isReadable(candidate) && Files.isExecutable(candidate)))
            {
                throw new JournalException(
                    candidate + " may not be read by this user; use the one that the manager runs as");
            }
            if (Files.exists(candidate.resolve(DirectoryStorage.MANIFEST_FILE)) ||
                Files.exists(candidate.resolve(LOCK_FILE)))
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
        return inspect(directory, RecordVisitor.NONE);
    }

    /**
     * The same, and shows each good record to a visitor.
     *
     * @param directory of the journal, see {@link #locate}.
     * @param visitor   sees the records.
     * @return what was found.
     * @throws JournalException if there is no journal, or one of another version.
     */
    public static JournalInspection inspect(final Path directory, final RecordVisitor visitor)
    {
        final JournalInspector inspector = new JournalInspector(directory, visitor);
        inspector.checkUnlisted();
        inspector.readAll();
        return inspector.result();
    }

    /** The same, without checking anything: where what is. Records are found by their lengths. */
    public static JournalInspection list(final Path directory)
    {
        final JournalInspector inspector = new JournalInspector(directory, RecordVisitor.NONE);
        for (final SegmentEntry entry : inspector.manifest.segments())
        {
            inspector.ifKept(entry.name(), () -> inspector.walk(entry));
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
            List.copyOf(terms),
            lastSequence,
            List.copyOf(problems));
    }

    /** Beside a manager that runs, what is pruned meanwhile is not missed. */
    private void ifKept(final String name, final Runnable reading)
    {
        try
        {
            reading.run();
        }
        catch (final JournalException ex)
        {
            if (!isInUse || readManifest().lists(name))
            {
                throw ex;
            }
        }
    }

    /** What the manifest hides: records of a segment that it does not list. */
    private void checkUnlisted()
    {
        for (final String name : found)
        {
            if (!manifest.lists(name) && !manifest.leaving().contains(name) && holdsRecords(name) &&
                (!isInUse || !readManifest().lists(name) && Files.exists(directory.resolve(name))))
            {
                problems.add(new JournalDamagedException(
                    directory.toString(), "segment " + name + " holds records, but the manifest does not know it")
                    .getMessage());
            }
        }
    }

    private boolean holdsRecords(final String name)
    {
        try (LogReader reader = storage.open(name))
        {
            return reader.findBeyond(0, 0) >= 0;
        }
        catch (final JournalException ex)
        {
            return false;
        }
    }

    private void walk(final SegmentEntry entry)
    {
        final SegmentTally tally = new SegmentTally(entry);
        try (LogReader reader = storage.open(entry.name()))
        {
            final ExcerptFlyweight excerpt = new ExcerptFlyweight();
            while ((!entry.closed() || tally.last < entry.lastSequence()) && reader.next() &&
                reader.length() >= ExcerptFlyweight.LENGTH_MIN)
            {
                excerpt.wrap(reader.buffer(), reader.offset());
                final RecordFlyweight current = excerpt.record();
                tally.onRecord(current, reader.endPosition());
                if (isReign(current) && null == excerpt.findFault(reader.length()))
                {
                    addTerm(current, entry, reader.position());
                }
            }
        }
        finish(tally);
    }

    private boolean isReign(final RecordFlyweight current)
    {
        header.wrap(current.buffer(), current.commandOffset());
        return current.commandLength() >= MessageHeaderDecoder.ENCODED_LENGTH &&
            ManagerStartedDecoder.TEMPLATE_ID == header.templateId() &&
            ManagerStartedDecoder.SCHEMA_ID == header.schemaId();
    }

    private void addTerm(final RecordFlyweight current, final SegmentEntry entry, final long position)
    {
        try
        {
            started.wrapAndApplyHeader(current.buffer(), current.commandOffset(), header);
            terms.add(new JournalInspection.TermReport(
                started.term(), current.sequence(), current.timestampNs(), started.decisionVersion(),
                started.build()));
        }
        catch (final IndexOutOfBoundsException | IllegalArgumentException | IllegalStateException ex)
        {
            throw new JournalDamagedException(
                entry.name(), position, current.sequence() - entry.firstSequence(), current.sequence(), ex);
        }
    }

    private void finish(final SegmentTally tally)
    {
        lastSequence = tally.last;
        segments.add(new JournalInspection.SegmentReport(
            tally.entry.name(),
            tally.entry.firstSequence(),
            tally.last,
            tally.firstNs,
            tally.lastNs,
            tally.end,
            tally.entry.closed(),
            tally.entry.cut()));
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
        final SegmentTally tally = new SegmentTally(entry);
        try
        {
            ifKept(entry.name(), () -> read(entry, tally));
        }
        catch (final JournalException ex)
        {
            problems.add(ex.getMessage());
        }
        finish(tally);
    }

    private void read(final SegmentEntry entry, final SegmentTally tally)
    {
        try (LogReader reader = storage.open(entry.name()))
        {
            final long promised = reader.markedSequence();
            final SegmentScanner scanner = new SegmentScanner(entry, reader);
            while ((!entry.closed() || scanner.nextSequence() <= entry.lastSequence()) && scanner.next())
            {
                tally.onRecord(scanner.record(), scanner.goodEnd());
                if (isReign(scanner.record()))
                {
                    addTerm(scanner.record(), entry, scanner.position());
                }
                if (tally.last >= nextSnapshot)
                {
                    checkSnapshots(tally.last, scanner.lastCrc());
                }
                visitor.onRecord(scanner.record());
            }
            checkEnd(entry, scanner, promised);
        }
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
        nextSnapshot = Long.MAX_VALUE;
        for (final SnapshotEntry entry : manifest.snapshots())
        {
            if (sequence == entry.sequence() && crc != entry.recordCrc())
            {
                problems.add("snapshot " + entry.name() + " was not made behind the record of its sequence");
            }
            nextSnapshot = entry.sequence() > sequence ? Math.min(nextSnapshot, entry.sequence()) : nextSnapshot;
        }
    }

    private void read(final SnapshotEntry entry)
    {
        String problem = null;
        try
        {
            ifKept(entry.name(), () -> readPieces(entry));
        }
        catch (final JournalException ex)
        {
            problem = ex.getMessage();
            problems.add(problem);
        }
        if (entry.sequence() > lastSequence && problems.isEmpty())
        {
            problems.add("the journal ends with sequence " + lastSequence + ", before that of the snapshot " +
                entry.name());
        }
        snapshots.add(new JournalInspection.SnapshotReport(
            entry.name(), entry.sequence(), entry.length(), problem));
    }

    private void readPieces(final SnapshotEntry entry)
    {
        try (SnapshotFile file = storage.openSnapshot(entry.name());
            SnapshotReader reader = new SnapshotReader(directory.resolve(entry.name()).toString(), entry, file))
        {
            reader.checkRest();
        }
    }
}
