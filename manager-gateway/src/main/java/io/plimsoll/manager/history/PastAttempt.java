package io.plimsoll.manager.history;

import io.plimsoll.core.sbe.Reason;

/** An attempt at a session on its way into its row. For one thread. */
final class PastAttempt
{
    final long sessionId;
    final int number;
    long assignedNs;
    long startedNs;
    long endedNs;
    Reason reason = Reason.NONE;
    int exitCode = -1;

    PastAttempt(final long sessionId, final int number)
    {
        this.sessionId = sessionId;
        this.number = number;
    }
}
