package io.plimsoll.agent;

import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.transport.sbe.ReportKind;
import io.plimsoll.transport.sbe.ReportReason;

/** One attempt at a kernel, from its assignment (or fence) until it is discarded. Of the agent's thread. */
final class Kernel
{
    final KernelKey key;
    /** Null: a fence. */
    Assignment assignment;
    /** Latest step. */
    ReportKind kind = ReportKind.ACKNOWLEDGED;
    /** Null: not ended. */
    KernelEnd end;
    /** Whether the manager has journalled the end. */
    boolean acknowledged;
    boolean launched;
    String cpus = "";
    String devices = "";
    /** As {@code 8080=30000}. */
    String ports = "";
    /** Walltime counts from here. */
    long runningSinceNs;
    /** Null: it does not run, or has no limit. */
    KernelKeeper.Walltime walltime;
    long endedNs;
    /** Why somebody wants it ended; NONE: nobody does. */
    ReportReason killReason = ReportReason.NONE;
    String killDetail = "";

    /** Steps not yet sent on this connection, by ordinal of the kind. */
    int unsentKinds;
    /** Whether it is in the queue of those that have such. */
    boolean queued;

    Kernel(final KernelKey key, final Assignment assignment)
    {
        this.key = key;
        this.assignment = assignment;
    }

    boolean isEnded()
    {
        return null != end;
    }

    void end(final KernelEnd how, final long nowNs)
    {
        end = how;
        kind = how.kind();
        endedNs = nowNs;
        if (null != assignment)
        {
            assignment = assignment.ended();
        }
    }
}
