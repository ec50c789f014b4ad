package io.plimsoll.journal;

import io.plimsoll.journal.CheckpointSet.SignedSegment;
import io.plimsoll.journal.TamperReport.Finding;
import io.plimsoll.journal.checkpoint.Checkpoint.SnapshotDigest;
import io.plimsoll.journal.checkpoint.CheckpointDirectory;
import io.plimsoll.journal.checkpoint.SignedCheckpoint;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Holds a journal against checkpoints, and changes nothing, also while a manager writes it. What the checkpoints cover
 * must be there as it was signed, record by record; the checkpoints that lie beside the journal count as well if they
 * are signed with the same key.
 */
public final class TamperCheck
{
    private final Path directory;
    private final JournalStorage storage;
    private final boolean isInUse;
    private final List<Finding> findings = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final CheckpointSet checkpoints;
    private Manifest manifest;
    private long lastSequence;

    private TamperCheck(final Path directory, final PublicKey key)
    {
        this.directory = directory;
        storage = new DirectoryStorage(new JournalContext().directory(directory), false);
        isInUse = JournalInspector.isInUse(directory);
        checkpoints = new CheckpointSet(key, findings, notes);
    }

    /**
     * Holds a journal against checkpoints.
     *
     * @param directory of the journal, see {@link JournalInspector#locate}.
     * @param own       where checkpoints lie that belong to it.
     * @param given     checkpoints that somebody kept, by where they came from; at least one.
     * @param key       that they must be signed with; null: with whatever key the first of them names.
     * @return what was found.
     * @throws JournalException if there is no journal, or one of another version.
     */
    public static TamperReport check(
        final Path directory, final Path own, final Map<String, SignedCheckpoint> given, final PublicKey key)
    {
        final TamperCheck check = new TamperCheck(
            directory, null == key ? given.values().iterator().next().key() : key);
        given.forEach((place, signed) -> check.checkpoints.addGiven(signed, place));
        if (check.checkpoints.size() > 0)
        {
            check.checkpoints.addOwn(new CheckpointDirectory(own));
            check.run();
        }
        return check.report();
    }

    private TamperReport report()
    {
        final boolean hasSegments = null != manifest && !manifest.segments().isEmpty();
        return new TamperReport(
            checkpoints.size(),
            checkpoints.sequence(),
            hasSegments ? manifest.segments().get(0).firstSequence() : 1,
            lastSequence,
            List.copyOf(findings),
            List.copyOf(notes));
    }

    private void run()
    {
        final TreeMap<Long, SignedSegment> signed = checkpoints.segments();
        try
        {
            manifest = Manifest.decode(
                storage.readManifest(), directory.resolve(DirectoryStorage.MANIFEST_FILE).toString());
        }
        catch (final JournalDamagedException ex)
        {
            findings.add(Finding.of(ex.place(), ex.getMessage()));
            return;
        }
        if (!manifest.clusterId().equals(checkpoints.first().clusterId()))
        {
            findings.add(Finding.of(directory.toString(), "this is the journal of cluster " + manifest.clusterId() +
                ", the checkpoint is of " + checkpoints.first().clusterId()));
            return;
        }
        final List<SegmentEntry> entries = manifest.segments();
        final long first = entries.isEmpty() ? 1 : entries.get(0).firstSequence();
        checkGone(signed, first);
        SegmentEntry previous = null;
        for (final SegmentEntry entry : entries)
        {
            checkFollows(previous, entry);
            read(entry, signed.get(entry.firstSequence()));
            previous = entry;
        }
        checkSnapshots(first);
    }

    /** Segments that were signed and are not in the manifest. */
    private void checkGone(final TreeMap<Long, SignedSegment> signed, final long first)
    {
        long prunedTo = 0;
        for (final SignedSegment segment : signed.values())
        {
            if (manifest.segments().stream().anyMatch(entry -> entry.firstSequence() == segment.firstSequence()))
            {
                continue;
            }
            final String what = "the segment is gone, with records up to sequence " + segment.lastSequence();
            if (segment.lastSequence() >= first || segment.firstSequence() > first)
            {
                findings.add(new Finding(segment.name(), -1, 0, segment.firstSequence(), what));
            }
            else if (segment.lastSequence() >= checkpoints.keptFrom())
            {
                findings.add(new Finding(segment.name(), -1, 0, segment.firstSequence(), what +
                    ", and no checkpoint says that they were to be pruned; a later checkpoint might"));
            }
            else
            {
                prunedTo = segment.lastSequence();
            }
        }
        if (prunedTo > 0)
        {
            notes.add("records up to sequence " + prunedTo + " were pruned, as a checkpoint says; the roots of their " +
                "segments are in it, for copies kept elsewhere");
        }
    }

    private void checkFollows(final SegmentEntry previous, final SegmentEntry entry)
    {
        if (null != previous &&
            (previous.lastSequence() + 1 != entry.firstSequence() || previous.lastCrc() != entry.previousCrc()))
        {
            findings.add(new Finding(
                entry.name(), -1, 0, previous.lastSequence() + 1, "the segment does not follow the one before"));
        }
    }

    private void read(final SegmentEntry entry, final SignedSegment signed)
    {
        if (null != signed && !signed.name().equals(entry.name()))
        {
            findings.add(new Finding(
                entry.name(), -1, 0, entry.firstSequence(), "the segment was signed as " + signed.name()));
        }
        try (SegmentScanner scanner = new SegmentScanner(entry, storage.open(entry.name())))
        {
            final SegmentComparison comparison = new SegmentComparison(directory, entry, scanner, signed, notes);
            final Finding finding = comparison.run();
            lastSequence = Math.max(lastSequence, scanner.nextSequence() - 1);
            if (null != finding)
            {
                findings.add(finding);
            }
            else
            {
                checkEnd(entry, scanner);
            }
        }
        catch (final JournalDamagedException ex)
        {
            findings.add(new Finding(ex.place(), ex.position(), ex.index(), ex.sequence(), ex.getMessage()));
        }
    }

    /** What was signed is there; behind it only checksums tell. */
    private void checkEnd(final SegmentEntry entry, final SegmentScanner scanner)
    {
        if (entry.closed())
        {
            if (scanner.nextSequence() - 1 != entry.lastSequence() || scanner.lastCrc() != entry.lastCrc())
            {
                throw scanner.damage("segment does not end as the manifest says, with sequence " +
                    entry.lastSequence());
            }
            if (null != entry.cut())
            {
                notes.add(torn(entry, entry.cut(), entry.lastSequence()));
            }
        }
        else if (!isInUse)
        {
            final String cut = scanner.settleTail();
            if (null != cut)
            {
                notes.add(torn(entry, cut, scanner.nextSequence() - 1));
            }
        }
    }

    private static String torn(final SegmentEntry entry, final String cut, final long last)
    {
        return "segment " + entry.name() + " has a torn end behind sequence " + last + " (" + cut +
            "): a record that was promised to nobody, as a crash leaves it";
    }

    /** Snapshots that were signed must be what they were, and one must stand for the records that were pruned. */
    private void checkSnapshots(final long first)
    {
        boolean isCovered = 1 == first;
        for (final SnapshotEntry entry : manifest.snapshots())
        {
            final SnapshotDigest signed = checkpoints.snapshot(entry.name());
            if (null == signed)
            {
                notes.add("snapshot " + entry.name() + " is in no checkpoint");
                continue;
            }
            final String problem = problemOf(entry, signed);
            if (null == problem)
            {
                isCovered |= entry.sequence() >= first - 1;
            }
            else
            {
                findings.add(new Finding(entry.name(), -1, -1, entry.sequence(), problem));
            }
        }
        if (!isCovered)
        {
            findings.add(new Finding(directory.toString(), -1, -1, 1, "records before sequence " + first +
                " are gone, and no snapshot that a checkpoint names stands for them"));
        }
    }

    private String problemOf(final SnapshotEntry entry, final SnapshotDigest signed)
    {
        try (SnapshotFile file = storage.openSnapshot(entry.name()))
        {
            return signed.sequence() == entry.sequence() && signed.sha256().equals(SnapshotFormat.sha256(file)) ?
                null : "the snapshot is not the one that was signed";
        }
        catch (final JournalDamagedException ex)
        {
            return "the snapshot is missing";
        }
    }
}
