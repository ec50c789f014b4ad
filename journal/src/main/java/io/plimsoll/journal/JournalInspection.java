package io.plimsoll.journal;

import java.util.List;
import java.util.UUID;

/**
 * What a look at a whole journal found.
 *
 * @param place         where the journal is.
 * @param clusterId     of the cluster.
 * @param isInUse       whether a manager writes it at the moment; its end is then where the look ended.
 * @param segments      in order.
 * @param snapshots     in order.
 * @param terms         the reigns that begin in what is kept, in order.
 * @param lastSequence  of the last good record that follows from those before; 0: none.
 * @param problems      what is not as it was written, first the first; empty: intact.
 */
public record JournalInspection(
    String place,
    UUID clusterId,
    boolean isInUse,
    List<SegmentReport> segments,
    List<SnapshotReport> snapshots,
    List<TermReport> terms,
    long lastSequence,
    List<String> problems)
{
    /**
     * A segment.
     *
     * @param name             of it.
     * @param firstSequence    that it begins with.
     * @param lastSequence     that it ends with; one below the first if it is empty.
     * @param firstTimestampNs of its first record, epoch nanoseconds; 0: it has none.
     * @param lastTimestampNs  of its last record.
     * @param bytes            that are written in its file; the file may have room for more.
     * @param isClosed         whether it will not grow any more.
     * @param cut              what was found behind its last record and does not count; null: nothing.
     */
    public record SegmentReport(
        String name,
        long firstSequence,
        long lastSequence,
        long firstTimestampNs,
        long lastTimestampNs,
        long bytes,
        boolean isClosed,
        String cut)
    {
    }

    /**
     * A snapshot.
     *
     * @param name     of it.
     * @param sequence of the last record that it stands for.
     * @param bytes    of its file.
     * @param problem  why it cannot be used; null: it can.
     */
    public record SnapshotReport(String name, long sequence, long bytes, String problem)
    {
    }

    /**
     * A reign.
     *
     * @param term            number of it.
     * @param sequence        of its first record.
     * @param timestampNs     of that record, epoch nanoseconds.
     * @param decisionVersion of the build.
     * @param build           of the manager.
     */
    public record TermReport(long term, long sequence, long timestampNs, int decisionVersion, String build)
    {
    }

    /** Whether all that was promised is there as it was written. */
    public boolean isIntact()
    {
        return problems.isEmpty();
    }
}
