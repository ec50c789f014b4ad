package io.plimsoll.core;

/**
 * Who waits, by resource group and by what for, in a part of the sessions; immutable but for its arrays, which nobody
 * keeps.
 *
 * @param sequence    of the last command that it takes into account.
 * @param timestampNs of that command.
 * @param nextRow     with which the next part begins; negative: there is none.
 * @param sessions    that wait, for each group and reason, at {@code group * Reason.values().length + reason}.
 * @param oldestNs    epoch, by group: when the one that has waited longest for room was submitted; 0: none does.
 */
public record QueueTally(long sequence, long timestampNs, int nextRow, long[] sessions, long[] oldestNs)
{
    /** What a session waits for; the first of these that holds. */
    public enum Reason
    {
        /** Sessions that must end first. */
        DEPENDENCY,
        /** A time: when it may start, or the end of the pause before another attempt. */
        TIME,
        /** A policy by which its group selects, and which is not there. */
        POLICY,
        /** A limit of its owner. */
        LIMIT,
        /** Room on agents, or its turn. */
        ROOM;

        private static final Reason[] ALL = values();

        /** How many there are. */
        public static int count()
        {
            return ALL.length;
        }
    }
}
