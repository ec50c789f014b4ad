package io.plimsoll.loadtest.whatif;

import java.math.BigDecimal;

/** Tells where sessions and machines come from. */
interface SessionOrigins
{
    /** Of the session of a kernel. */
    Origin of(KernelBook kernel);

    /** What the record calls a machine, 0 if it does not know it. */
    int recordedAgentId(AgentBook agent);

    /**
     * Where a session comes from.
     *
     * @param life     what the record has of it.
     * @param duration by which its run time is multiplied; null: as it is.
     * @param added    what it does, if a change has added it; otherwise null.
     */
    record Origin(SessionLife life, BigDecimal duration, AddedSession added)
    {
        /** Nothing is known of it. */
        static final Origin UNKNOWN = new Origin(SessionLife.UNKNOWN, null, null);
    }
}
