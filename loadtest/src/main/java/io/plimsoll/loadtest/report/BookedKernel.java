package io.plimsoll.loadtest.report;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Reason;

/** One attempt at a kernel, from its assignment until what it used is free again. */
final class BookedKernel
{
    final long kernelId;
    final int attempt;
    final BookedSession session;
    final BookedAgent agent;
    final long assignedNs;
    /** By number: cpu, mem and whatever else it takes. */
    final int[] slotIds;
    final long[] amounts;
    /** Bit masks of devices, 0 for other slots. */
    final long[] devices;
    LifeState state = LifeState.SCHEDULED;
    Reason reason = Reason.NONE;
    /** When the present state began. */
    long stateSinceNs;
    /** Of whoever draws it: the row it stands in, from 0; -1: none. */
    int lane = -1;

    BookedKernel(
        final long kernelId,
        final int attempt,
        final BookedSession session,
        final BookedAgent agent,
        final long assignedNs,
        final int[] slotIds,
        final long[] amounts,
        final long[] devices)
    {
        this.kernelId = kernelId;
        this.attempt = attempt;
        this.session = session;
        this.agent = agent;
        this.assignedNs = assignedNs;
        this.slotIds = slotIds;
        this.amounts = amounts;
        this.devices = devices;
        stateSinceNs = assignedNs;
    }

    /** Whether it has ended; what it used may still be held. */
    boolean hasEnded()
    {
        return BookedSession.isTerminal(state);
    }

    /** Whether it ended by something that should not have happened to it. */
    boolean hasFailed()
    {
        return hasEnded() && isFailure(reason);
    }

    /** Asked for, done, or a consequence of what happened to others: everything else is a failure. */
    static boolean isFailure(final Reason reason)
    {
        return switch (reason)
        {
            case NONE, COMPLETED, USER_REQUESTED, IDLE_TIMEOUT, LOW_USE, PREEMPTED, SUPERSEDED, SIBLING_FAILED -> false;
            default -> true;
        };
    }
}
