package io.plimsoll.agent.kernel;

import io.plimsoll.transport.sbe.ReportKind;
import io.plimsoll.transport.sbe.ReportReason;

/**
 * How an attempt at a kernel ended.
 * <p>
 * The supervisor is a shell, and a shell cannot tell a kernel that signal 15 has killed from one that called
 * {@code exit(143)}: both are 143. Codes from 129 to 192 count as signals, which is what they nearly always are.
 *
 * @param kind     EXITED, or FAILED where no exit code of the kernel's own is known.
 * @param reason   why.
 * @param exitCode 0 to 255, 128 + signal if killed by one; -1: none.
 * @param detail   for people.
 */
public record KernelEnd(ReportKind kind, ReportReason reason, int exitCode, String detail)
{
    /** No exit code. */
    public static final int NO_EXIT_CODE = -1;
    private static final int SIGNAL_BASE = 128;
    private static final int SIGNAL_MAX = 64;

    /** A kernel that ended by itself. */
    public static KernelEnd exited(final int exitCode)
    {
        final ReportReason reason;
        if (0 == exitCode)
        {
            reason = ReportReason.COMPLETED;
        }
        else if (exitCode > SIGNAL_BASE && exitCode <= SIGNAL_BASE + SIGNAL_MAX)
        {
            reason = ReportReason.SIGNALLED;
        }
        else
        {
            reason = ReportReason.EXIT_CODE;
        }
        return new KernelEnd(ReportKind.EXITED, reason, exitCode, "");
    }

    /** A kernel that was ended by somebody. */
    public static KernelEnd ended(final ReportReason reason, final int exitCode, final String detail)
    {
        return new KernelEnd(ReportKind.EXITED, reason, exitCode, detail);
    }

    /** A kernel that never ran, or of whose end nothing is known but that it is gone. */
    public static KernelEnd failed(final ReportReason reason, final String detail)
    {
        return new KernelEnd(ReportKind.FAILED, reason, NO_EXIT_CODE, detail);
    }
}
