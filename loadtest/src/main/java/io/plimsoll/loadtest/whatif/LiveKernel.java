package io.plimsoll.loadtest.whatif;

import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;

/** A kernel of a cluster that is made up: what it is going to do, and how far it is. */
final class LiveKernel
{
    final KernelBook book;
    final KernelPlan plan;
    /** Position in the plan. */
    int next;
    /** Orders to end it replace its plan; what was due before is void. */
    int version;
    boolean told;
    boolean gone;
    ReportKind kind = ReportKind.ACKNOWLEDGED;
    Reason reason = Reason.NONE;
    int exitCode;

    LiveKernel(final KernelBook book, final KernelPlan plan)
    {
        this.book = book;
        this.plan = plan;
    }

    boolean hasEnded()
    {
        return ReportKind.EXITED == kind || ReportKind.FAILED == kind;
    }

    boolean hasStarted()
    {
        return ReportKind.RUNNING == kind;
    }

    /** Takes a step. */
    void step(final ReportKind nextKind, final Reason nextReason, final int nextExitCode)
    {
        kind = nextKind;
        reason = nextReason;
        exitCode = nextExitCode;
    }
}
