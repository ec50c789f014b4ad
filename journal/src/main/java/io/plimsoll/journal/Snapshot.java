package io.plimsoll.journal;

/**
 * All that the records up to a sequence amount to.
 *
 * @param sequence        of the last record that it stands for.
 * @param timestampNs     of that record.
 * @param decisionVersion of the build that made it.
 * @param pieces          what it consists of; gone through several times, with the same result, and each piece is
 *                        used before the next is asked for.
 */
public record Snapshot(long sequence, long timestampNs, int decisionVersion, Iterable<SnapshotPiece> pieces)
{
}
