package io.plimsoll.journal;

import java.util.List;

/**
 * What a repair wrote, and what it did not.
 *
 * @param place         of the new journal.
 * @param firstSequence that is in it.
 * @param lastSequence  that is in it; one below the first: none.
 * @param snapshot      sequence of the snapshot that stands for what is before the first; 0: nothing is before it.
 * @param snapshots     names of the snapshots that are in it.
 * @param leftOut       what is not in it, and why; empty: nothing was left out.
 */
public record RepairReport(
    String place,
    long firstSequence,
    long lastSequence,
    long snapshot,
    List<String> snapshots,
    List<String> leftOut)
{
}
