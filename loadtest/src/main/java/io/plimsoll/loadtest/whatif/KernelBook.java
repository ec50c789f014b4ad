package io.plimsoll.loadtest.whatif;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Reason;

/** One attempt at a kernel, as events tell of it. */
final class KernelBook
{
    static final int INDEX_BITS = 10;

    final long kernelId;
    final long term;
    final int attempt;
    final AgentBook agent;
    final SessionBook session;
    final long assignmentNo;
    final long assignedNs;
    /** By resource; as long as it needs to be. */
    final long[] amounts;
    /** Mask of devices by resource, null if it has none. */
    long[] devices;
    LifeState state = LifeState.SCHEDULED;
    Reason reason = Reason.NONE;
    /** What the record tells of it, or nothing. */
    KernelTrace trace;
    /** What it does in a cluster that is made up; null in one that was recorded. */
    LiveKernel live;

    KernelBook(
        final long kernelId,
        final long term,
        final int attempt,
        final AgentBook agent,
        final SessionBook session,
        final long assignmentNo,
        final long assignedNs,
        final long[] amounts)
    {
        this.kernelId = kernelId;
        this.term = term;
        this.attempt = attempt;
        this.agent = agent;
        this.session = session;
        this.assignmentNo = assignmentNo;
        this.assignedNs = assignedNs;
        this.amounts = amounts;
    }

    /** Whether it ended without proof: what it used stays held. */
    boolean isAbandoned()
    {
        return SessionBook.isEnd(state);
    }

    int index()
    {
        return (int)(kernelId & (1 << INDEX_BITS) - 1);
    }
}
