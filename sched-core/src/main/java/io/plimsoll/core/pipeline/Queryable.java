package io.plimsoll.core.pipeline;

import io.plimsoll.core.Explanation;
import io.plimsoll.core.QueueListing;
import io.plimsoll.core.QueueTally;
import io.plimsoll.core.StateSink;

/** What may be asked of a core between two commands. Nothing of it changes anything. The thread of the core stage. */
public interface Queryable
{
    /**
     * Says why a session is where it is, as of the last command.
     *
     * @param sessionId that is asked about.
     */
    Explanation explain(long sessionId);

    /**
     * Lists who waits in a group, in order, as of the last command.
     *
     * @param group number of it.
     * @param max   sessions that are told.
     */
    QueueListing queue(int group, int max);

    /**
     * Counts who waits and for what, in a part of the table of sessions, as of the last command.
     *
     * @param firstRow of the part, 0 at first.
     * @param rows     that are looked at, which takes time.
     */
    QueueTally tally(int firstRow, int rows);

    /**
     * Writes the whole state, as of the last command.
     *
     * @param sink that takes its blocks.
     */
    void writeState(StateSink sink);

    /** Sequence of the last command that is part of the state. */
    long sequence();

    /** Timestamp of that command. */
    long timestampNs();
}
