package io.plimsoll.journal.checkpoint;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * What a journal was at one moment, short enough to keep elsewhere. Whoever holds one can later tell whether anything
 * before it was changed, removed, inserted or moved. How it is written and signed: {@link SignedCheckpoint}.
 *
 * @param number    of the checkpoint: each has that of the one before plus 1.
 * @param clusterId of the journal.
 * @param sequence  of the last record that it covers.
 * @param time      at which it was made.
 * @param previous  SHA-256 of the checkpoint before, signature included, in hex; null: this is the first.
 * @param keptFrom  sequence from which records were kept at the time, or are about to be: those before it may be gone.
 * @param segments  that it covers, in order, those included that are gone.
 * @param snapshots that were there, in order.
 */
public record Checkpoint(
    long number,
    UUID clusterId,
    long sequence,
    Instant time,
    String previous,
    long keptFrom,
    List<SegmentRoot> segments,
    List<SnapshotDigest> snapshots)
{
    /**
     * A segment, or what there was of it.
     *
     * @param name          of it.
     * @param firstSequence of its first record; the record with index i of the tree has this sequence plus i.
     * @param size          number of records, at least 1.
     * @param root          of the Merkle tree over its excerpts, in hex.
     */
    public record SegmentRoot(String name, long firstSequence, long size, String root)
    {
        /** Of its last record. */
        public long lastSequence()
        {
            return firstSequence + size - 1;
        }
    }

    /**
     * A snapshot.
     *
     * @param sequence of the last record that it stands for.
     * @param name     of its file.
     * @param sha256   of its file, in hex.
     */
    public record SnapshotDigest(long sequence, String name, String sha256)
    {
    }

    public Checkpoint
    {
        segments = List.copyOf(segments);
        snapshots = List.copyOf(snapshots);
    }

    /**
     * The segment that holds a record.
     *
     * @return null if the checkpoint does not cover it.
     */
    public SegmentRoot segmentOf(final long covered)
    {
        for (final SegmentRoot segment : segments)
        {
            if (covered >= segment.firstSequence() && covered <= segment.lastSequence())
            {
                return segment;
            }
        }
        return null;
    }
}
