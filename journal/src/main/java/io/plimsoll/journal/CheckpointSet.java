package io.plimsoll.journal;

import io.plimsoll.journal.TamperReport.Finding;
import io.plimsoll.journal.checkpoint.Checkpoint;
import io.plimsoll.journal.checkpoint.Checkpoint.SegmentRoot;
import io.plimsoll.journal.checkpoint.Checkpoint.SnapshotDigest;
import io.plimsoll.journal.checkpoint.CheckpointDirectory;
import io.plimsoll.journal.checkpoint.CheckpointException;
import io.plimsoll.journal.checkpoint.SignedCheckpoint;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Checkpoints that are believed because of their signature, and whether they go on from each other. */
final class CheckpointSet
{
    /** A segment as all checkpoints together know it. */
    static final class SignedSegment
    {
        private final String name;
        private final long firstSequence;
        private final TreeMap<Long, String> roots = new TreeMap<>();

        private SignedSegment(final SegmentRoot segment)
        {
            name = segment.name();
            firstSequence = segment.firstSequence();
        }

        String name()
        {
            return name;
        }

        long firstSequence()
        {
            return firstSequence;
        }

        /** In hex, by the number of records; at least one. */
        TreeMap<Long, String> roots()
        {
            return roots;
        }

        long size()
        {
            return roots.lastKey();
        }

        long lastSequence()
        {
            return firstSequence + size() - 1;
        }
    }

    /** A checkpoint and where it was found. */
    private record Placed(SignedCheckpoint signed, String place, boolean isOwn)
    {
        private Checkpoint checkpoint()
        {
            return signed.checkpoint();
        }
    }

    private final PublicKey key;
    private final List<Finding> findings;
    private final List<String> notes;
    private final List<Placed> believed = new ArrayList<>();

    CheckpointSet(final PublicKey key, final List<Finding> findings, final List<String> notes)
    {
        this.key = key;
        this.findings = findings;
        this.notes = notes;
    }

    /** Takes one that somebody kept. */
    void addGiven(final SignedCheckpoint signed, final String place)
    {
        if (!signed.isSignedBy(signed.key()))
        {
            findings.add(Finding.of(place, "the checkpoint is not as it was signed"));
        }
        else if (!signed.key().equals(key))
        {
            findings.add(Finding.of(place, "the checkpoint is signed with another key"));
        }
        else
        {
            believed.add(new Placed(signed, place, false));
        }
    }

    /** Takes those that lie beside the journal. */
    void addOwn(final CheckpointDirectory directory)
    {
        for (final Path file : directory.files())
        {
            try
            {
                final SignedCheckpoint signed = CheckpointDirectory.read(file);
                if (!signed.isSignedBy(signed.key()))
                {
                    findings.add(Finding.of(file.toString(), "the checkpoint is not as it was signed"));
                }
                else if (signed.key().equals(key))
                {
                    believed.add(new Placed(signed, file.toString(), true));
                }
                else
                {
                    notes.add("checkpoint " + file + " is signed with another key, and was not used");
                }
            }
            catch (final CheckpointException ex)
            {
                findings.add(Finding.of(file.toString(), ex.getMessage()));
            }
        }
    }

    int size()
    {
        return (int)believed.stream().map(each -> each.signed().text()).distinct().count();
    }

    /** Of the last record that any covers. */
    long sequence()
    {
        return believed.stream().mapToLong(each -> each.checkpoint().sequence()).max().orElse(0);
    }

    /** The highest that any says. */
    long keptFrom()
    {
        return believed.stream().mapToLong(each -> each.checkpoint().keptFrom()).max().orElse(1);
    }

    /** Of a snapshot; null: no checkpoint knows it. */
    SnapshotDigest snapshot(final String name)
    {
        final Map<String, SnapshotDigest> byName = new HashMap<>();
        believed.forEach(each ->
            each.checkpoint().snapshots().forEach(snapshot -> byName.put(snapshot.name(), snapshot)));
        return byName.get(name);
    }

    /** Of the first of them, all are of one cluster. */
    Checkpoint first()
    {
        return believed.get(0).checkpoint();
    }

    /**
     * Holds each against the one before.
     *
     * @return the segments that they cover together, by first sequence.
     */
    TreeMap<Long, SignedSegment> segments()
    {
        believed.sort(Comparator
            .comparingLong((Placed each) -> each.checkpoint().number())
            .thenComparing(each -> !each.isOwn()));
        final TreeMap<Long, SignedSegment> segments = new TreeMap<>();
        Placed previous = null;
        for (final Placed next : believed)
        {
            if (null != previous)
            {
                checkFollows(previous, next);
            }
            for (final SegmentRoot segment : next.checkpoint().segments())
            {
                segments.computeIfAbsent(segment.firstSequence(), first -> new SignedSegment(segment))
                    .roots().putIfAbsent(segment.size(), segment.root());
            }
            previous = next;
        }
        return segments;
    }

    private void checkFollows(final Placed before, final Placed after)
    {
        final Checkpoint old = before.checkpoint();
        final Checkpoint young = after.checkpoint();
        if (old.number() == young.number())
        {
            if (!before.signed().text().equals(after.signed().text()))
            {
                findings.add(Finding.of(after.place(), "the checkpoint has the number of another, " + before.place()));
            }
            return;
        }
        if (old.number() + 1 == young.number() && !before.signed().hash().equals(young.previous()))
        {
            findings.add(Finding.of(
                after.place(), "the checkpoint does not name the one before, " + before.place()));
        }
        if (old.number() + 1 < young.number() && before.isOwn() && after.isOwn())
        {
            findings.add(Finding.of(
                after.place(), "checkpoints are missing between " + old.number() + " and " + young.number()));
        }
        if (!old.clusterId().equals(young.clusterId()) || !goesOn(old, young))
        {
            findings.add(Finding.of(
                after.place(), "the checkpoint does not go on from an earlier one, " + before.place()));
        }
    }

    /** Roots of different sizes of one segment are compared when the segment is read. */
    private static boolean goesOn(final Checkpoint old, final Checkpoint young)
    {
        final int count = old.segments().size();
        if (young.sequence() < old.sequence() || young.keptFrom() < old.keptFrom() || young.segments().size() < count)
        {
            return false;
        }
        for (int i = 0; i < count; i++)
        {
            final SegmentRoot was = old.segments().get(i);
            final SegmentRoot is = young.segments().get(i);
            final boolean mayGrow = i == count - 1;
            if (was.firstSequence() != is.firstSequence() || !was.name().equals(is.name()) ||
                was.size() > is.size() || was.size() < is.size() && !mayGrow ||
                was.size() == is.size() && !was.root().equals(is.root()))
            {
                return false;
            }
        }
        return true;
    }
}
