package io.plimsoll.manager.snapshot;

import io.plimsoll.core.SchedulerCore;
import io.plimsoll.core.StateImage;
import io.plimsoll.journal.Snapshot;

/** Puts a manager's snapshot together. */
public final class SnapshotWriter
{
    private SnapshotWriter()
    {
    }

    /**
     * A snapshot.
     *
     * @param sequence    of the last record that it stands for.
     * @param timestampNs of that record.
     * @param core        state behind it.
     * @param view        what readers see then.
     * @return the snapshot, made of the memory of both.
     */
    public static Snapshot snapshot(
        final long sequence, final long timestampNs, final StateImage core, final RecordCompactor view)
    {
        return new Snapshot(
            sequence, timestampNs, SchedulerCore.DECISION_VERSION, new SnapshotPieces(core, view));
    }
}
