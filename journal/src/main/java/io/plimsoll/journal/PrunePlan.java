package io.plimsoll.journal;

import java.util.List;

/**
 * What of a journal need not be kept.
 *
 * @param segments       names of segments that go, the oldest first.
 * @param snapshots      names of snapshots that go.
 * @param bytes          that this makes free, about.
 * @param oldestSequence of the records that are left.
 * @param standsFor      sequence of the oldest good snapshot that is left, which stands for all that goes; 0: there is
 *                       none, so nothing goes.
 */
public record PrunePlan(
    List<String> segments, List<String> snapshots, long bytes, long oldestSequence, long standsFor)
{
    /** The same when records must stay. */
    PrunePlan withoutSegments(final long firstSequence)
    {
        return new PrunePlan(List.of(), snapshots, 0, firstSequence, standsFor);
    }

    public boolean isEmpty()
    {
        return segments.isEmpty() && snapshots.isEmpty();
    }
}
