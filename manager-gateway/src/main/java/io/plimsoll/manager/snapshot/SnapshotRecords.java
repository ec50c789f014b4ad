package io.plimsoll.manager.snapshot;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.journal.SnapshotReader;
import java.util.function.Consumer;

/** The records that a snapshot keeps of all that it stands for, see {@link RecordCompactor}. Stateless. */
public final class SnapshotRecords
{
    private SnapshotRecords()
    {
    }

    /**
     * Hands them over in order of their sequences, one event in each, so several of one sequence.
     *
     * @param reader   at its start.
     * @param consumer of the records; each is valid during the call.
     * @throws io.plimsoll.journal.JournalDamagedException if the snapshot is not what was written.
     */
    public static void forEach(final SnapshotReader reader, final Consumer<RecordFlyweight> consumer)
    {
        while (reader.next())
        {
            if (SnapshotPieces.VIEW == reader.kind())
            {
                SnapshotPieces.forEachRecord(reader, consumer);
            }
        }
    }
}
