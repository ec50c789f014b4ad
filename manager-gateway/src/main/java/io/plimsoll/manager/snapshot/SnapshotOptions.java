package io.plimsoll.manager.snapshot;

import io.plimsoll.journal.Retention;

/**
 * When snapshots are made, and what is kept.
 *
 * @param intervalNs after which there is a new one if anything was recorded since; 0: none are made.
 * @param records    after which there is a new one at once.
 * @param retention  of snapshots and records.
 */
public record SnapshotOptions(long intervalNs, long records, Retention retention)
{
    /** Each hour or each five million records. */
    public static final SnapshotOptions DEFAULT =
        new SnapshotOptions(3_600_000_000_000L, 5_000_000, Retention.DEFAULT);

    public SnapshotOptions
    {
        if (intervalNs < 0 || records < 1)
        {
            throw new IllegalArgumentException(
                "intervalNs=" + intervalNs + " records=" + records + "; not below 0 and 1");
        }
    }
}
