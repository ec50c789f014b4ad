package io.plimsoll.loadtest.workload;

import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;

/** A kernel as its scripted agent knows it: the epoch of its assignment and the latest step. One thread. */
public final class HeldKernel
{
    private final long kernelId;
    private final long term;
    private final int attempt;
    private final long sequence;
    private final long clusterIdLo;
    private ReportKind kind = ReportKind.ACKNOWLEDGED;
    private Reason reason = Reason.NONE;
    private int exitCode;

    HeldKernel(
        final long kernelId, final long term, final int attempt, final long sequence, final long clusterIdLo)
    {
        this.kernelId = kernelId;
        this.term = term;
        this.attempt = attempt;
        this.sequence = sequence;
        this.clusterIdLo = clusterIdLo;
    }

    public long kernelId()
    {
        return kernelId;
    }

    public long term()
    {
        return term;
    }

    public int attempt()
    {
        return attempt;
    }

    /** Journal sequence of the assignment. */
    public long sequence()
    {
        return sequence;
    }

    public long clusterIdLo()
    {
        return clusterIdLo;
    }

    public ReportKind kind()
    {
        return kind;
    }

    public Reason reason()
    {
        return reason;
    }

    public int exitCode()
    {
        return exitCode;
    }

    /** Whether it has ended and is kept only until that is reported. */
    public boolean ended()
    {
        return ReportKind.EXITED == kind || ReportKind.FAILED == kind;
    }

    boolean isEpoch(final long otherTerm, final int otherAttempt)
    {
        return term == otherTerm && attempt == otherAttempt;
    }

    void step(final ReportKind nextKind, final Reason nextReason, final int nextExitCode)
    {
        kind = nextKind;
        reason = nextReason;
        exitCode = nextExitCode;
    }

    /** The report that stands for its present step; later steps do not change it. */
    HeldKernel copy()
    {
        final HeldKernel copy = new HeldKernel(kernelId, term, attempt, sequence, clusterIdLo);
        copy.step(kind, reason, exitCode);
        return copy;
    }
}
