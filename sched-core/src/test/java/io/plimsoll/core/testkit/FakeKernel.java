package io.plimsoll.core.testkit;

import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.core.testkit.Commands.Epoch;

/** One attempt at a kernel as its agent knows it. */
final class FakeKernel
{
    final Epoch epoch;
    final long termNonce;
    final long sequence;
    final boolean restart;
    ReportKind kind = ReportKind.ACKNOWLEDGED;
    Reason reason = Reason.NONE;
    int exitCode;
    boolean killed;
    boolean reported;

    FakeKernel(final Epoch epoch, final long termNonce, final long sequence, final boolean restart)
    {
        this.epoch = epoch;
        this.termNonce = termNonce;
        this.sequence = sequence;
        this.restart = restart;
    }

    boolean hasEnded()
    {
        return ReportKind.EXITED == kind || ReportKind.FAILED == kind;
    }

    boolean isRunning()
    {
        return ReportKind.RUNNING == kind;
    }

    void end(final ReportKind how, final Reason why, final int code)
    {
        kind = how;
        reason = why;
        exitCode = code;
        reported = false;
    }

    HeldKernel held()
    {
        return new HeldKernel(
            epoch.kernelId(),
            epoch.term(),
            termNonce,
            epoch.attempt(),
            sequence,
            Commands.CLUSTER_HI,
            Commands.CLUSTER_LO,
            kind,
            reason,
            exitCode);
    }
}
