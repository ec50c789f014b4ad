package io.plimsoll.manager.view;

import io.plimsoll.core.QueueTally;
import java.util.Map;

/**
 * Who waits, by group and by what for; immutable.
 *
 * @param byGroup of each group that anybody waits in.
 */
public record QueueCounts(Map<String, Group> byGroup)
{
    /** Nobody waits, or nobody has counted. */
    public static final QueueCounts NONE = new QueueCounts(Map.of());

    /**
     * A group.
     *
     * @param sessions        that wait, by the ordinal of {@link QueueTally.Reason}; nobody changes it.
     * @param oldestWaitNs    how long the one has waited that has waited longest for room; 0: none does.
     */
    public record Group(long[] sessions, long oldestWaitNs)
    {
        /** Sessions that wait for something. */
        public long sessions(final QueueTally.Reason reason)
        {
            return sessions[reason.ordinal()];
        }
    }
}
