package io.plimsoll.manager.history;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.manager.view.RecordSource;
import java.util.function.Consumer;

/** Where history is read from. For one thread. */
public interface HistorySource extends RecordSource
{
    /** Identity of the cluster whose records they are. */
    String clusterId();

    /** Sequence of the last record that may be read. */
    long released();

    /**
     * Sequence of the oldest snapshot that stands for all records that are gone.
     *
     * @return 0: none was ever made.
     */
    long snapshotSequence();

    /**
     * Hands over the records that a snapshot keeps, in order of sequence, several of which may be the same.
     *
     * @param sequence of the snapshot.
     * @param consumer of the records; each is valid during the call.
     */
    void forEachOfSnapshot(long sequence, Consumer<RecordFlyweight> consumer);
}
