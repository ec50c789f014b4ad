package io.plimsoll.core;

import io.plimsoll.core.sbe.FailurePolicy;
import io.plimsoll.core.sbe.OnLoss;
import io.plimsoll.core.sbe.RejectCode;
import io.plimsoll.core.sbe.SessionType;

/** What the numbers of a session may be, whatever the state of the cluster. Belongs to the deciding thread. */
final class EntryLimits
{
    static final long PRIORITY_MAX = 100;
    /** Amounts stay far below the range of a long, so that sums over a gang cannot overflow. */
    static final long AMOUNT_MAX = 1L << 50;
    static final long DURATION_MAX = 1L << 60;
    /** So that a time and a duration still add up to a number of 64 bits. */
    private static final long STARTS_AT_MAX_NS = 1L << 62;

    private final int arraySizeMax;
    private final SubmissionRefusal refusal;

    EntryLimits(final int arraySizeMax, final SubmissionRefusal refusal)
    {
        this.arraySizeMax = arraySizeMax;
        this.refusal = refusal;
    }

    /**
     * Whether all numbers of a session are in their range; says which one is not.
     *
     * @param specCount of the submission.
     */
    boolean hold(final SubmissionEntry entry, final int specCount)
    {
        return holdNumbers(entry, specCount) && holdCpuAndMem(entry.request) && holdTimes(entry);
    }

    private boolean holdNumbers(final SubmissionEntry entry, final int specCount)
    {
        final Request request = entry.request;
        if (entry.specIndex >= specCount)
        {
            return outOfRange("specIndex", entry.specIndex, specCount - 1L);
        }
        if (entry.type > SessionType.SYSTEM.value())
        {
            return outOfRange("type", entry.type, SessionType.SYSTEM.value());
        }
        if (entry.onLoss > OnLoss.RESTART.value())
        {
            return outOfRange("onLoss", entry.onLoss, OnLoss.RESTART.value());
        }
        if (entry.failurePolicy > FailurePolicy.TOLERANT.value())
        {
            return outOfRange("failurePolicy", entry.failurePolicy, FailurePolicy.TOLERANT.value());
        }
        if (request.priority > PRIORITY_MAX)
        {
            return outOfRange("priority", request.priority, PRIORITY_MAX);
        }
        if (!holdKernels(request))
        {
            return false;
        }
        final long countMax = entry.array ? arraySizeMax : 1;
        return entry.count >= 1 && entry.count <= countMax || outOfRange("count", entry.count, countMax);
    }

    private boolean holdTimes(final SubmissionEntry entry)
    {
        if (entry.walltimeNs < 0 || entry.walltimeNs > DURATION_MAX)
        {
            return outOfRange("walltime", entry.walltimeNs, DURATION_MAX);
        }
        if (entry.startsAtNs < 0 || entry.startsAtNs > STARTS_AT_MAX_NS)
        {
            return outOfRange("startsAt", entry.startsAtNs, entry.startsAtNs < 0 ? 0 : STARTS_AT_MAX_NS);
        }
        return entry.graceNs >= 0 && entry.graceNs <= DURATION_MAX ||
            outOfRange("grace", entry.graceNs, DURATION_MAX);
    }

    /** The same for a part of a session: its kernels, and what each of them asks for. */
    boolean holdPart(final Request part)
    {
        return holdKernels(part) && holdCpuAndMem(part);
    }

    private boolean holdKernels(final Request request)
    {
        if (request.kernels < 1)
        {
            return outOfRange("kernels", request.kernels, 1);
        }
        return request.kernels <= KernelTable.KERNELS_MAX ||
            refusal.because(RejectCode.TOO_MANY_KERNELS, "kernels", request.kernels, KernelTable.KERNELS_MAX);
    }

    private boolean holdCpuAndMem(final Request request)
    {
        final long cpu = request.amounts[SlotTable.CPU];
        if (cpu < 1 || cpu > AMOUNT_MAX)
        {
            return outOfRange("cpu", cpu, cpu < 1 ? 1 : AMOUNT_MAX);
        }
        final long mem = request.amounts[SlotTable.MEM];
        return mem >= 0 && mem <= AMOUNT_MAX || outOfRange("mem", mem, mem < 0 ? 0 : AMOUNT_MAX);
    }

    private boolean outOfRange(final String field, final long value, final long nearest)
    {
        return refusal.because(RejectCode.OUT_OF_RANGE, field, value, nearest);
    }
}
