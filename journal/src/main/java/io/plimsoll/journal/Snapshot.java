package io.plimsoll.journal;

import java.util.List;

/**
 * All that the records up to a sequence amount to.
 *
 * @param sequence        of the last record that it stands for.
 * @param timestampNs     of that record.
 * @param decisionVersion of the build that made it.
 * @param pieces          what it consists of.
 */
public record Snapshot(long sequence, long timestampNs, int decisionVersion, List<SnapshotPiece> pieces)
{
}
