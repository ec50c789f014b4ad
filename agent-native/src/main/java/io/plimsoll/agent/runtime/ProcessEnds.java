package io.plimsoll.agent.runtime;

import io.plimsoll.agent.kernel.KernelDirectory;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.transport.sbe.ReportReason;

/** What the traces of a kernel say of its end, and how nobody of it is left. Of the agent's thread. */
final class ProcessEnds
{
    private ProcessEnds()
    {
    }

    /** By what its supervisor wrote. */
    static KernelEnd written(final ProcessKernel kernel, final int code, final String word)
    {
        final ReportReason reason = reason(word);
        if (ReportReason.NONE != reason)
        {
            return 0 == kernel.workloadPid ?
                KernelEnd.failed(reason, "ended before its start: " + word) :
                KernelEnd.ended(reason, code, "ended by its supervisor: " + word);
        }
        if (0 == kernel.workloadPid)
        {
            return KernelEnd.failed(
                ReportReason.LAUNCH_FAILED,
                "its supervisor ended with code " + code + " before the command was started; it could not enter its " +
                    "cgroups or write to " + kernel.directory);
        }
        final String outOfMemory = 0 == code || null == kernel.cgroup ?
            null : kernel.cgroup.outOfMemory(kernel.assignment.memoryBytes());
        return null == outOfMemory ?
            KernelEnd.exited(code) : KernelEnd.ended(ReportReason.OUT_OF_MEMORY, code, outOfMemory);
    }

    /** By what a supervisor left that is gone. */
    static KernelEnd unwritten(final ProcessKernel kernel)
    {
        final String killed = KernelFiles.line(kernel.directory, "killed");
        final ReportReason reason = null == killed ? ReportReason.NONE : reason(killed);
        return KernelEnd.failed(
            ReportReason.NONE == reason ? ReportReason.SUPERVISOR_DIED : reason,
            "its supervisor is gone and left no exit code");
    }

    private static ReportReason reason(final String word)
    {
        return switch (word)
        {
            case "lease-expired" -> ReportReason.LEASE_EXPIRED;
            case "walltime" -> ReportReason.WALLTIME;
            default -> ReportReason.NONE;
        };
    }

    /** Takes up the process of a kernel from its directory, as far as it has one. */
    static void read(final ProcessKernel kernel)
    {
        kernel.workloadPid = Math.max(0, KernelFiles.number(kernel.directory, KernelDirectory.PID));
        kernel.workloadBorn = KernelFiles.number(kernel.directory, KernelDirectory.PID, 1);
        kernel.seen = 0 != kernel.workloadPid &&
            (kernel.child || kernel.workloadBorn == ProcessTable.born(kernel.workloadPid));
    }

    /**
     * Whether the number of a kernel's process is still the kernel's: it is given to somebody else once the process and
     * its group are gone, and by each start of the host.
     */
    static boolean isOurs(final ProcessKernel kernel)
    {
        final long born = ProcessTable.born(kernel.workloadPid);
        if (born >= 0 && kernel.workloadBorn >= 0)
        {
            return born == kernel.workloadBorn;
        }
        return ProcessTable.anyMember(kernel, kernel.seen);
    }

    /** To all of it; before it leads its own group, that is one process. */
    static void signal(final ProcessKernel kernel, final int signal)
    {
        if (isOurs(kernel) && 0 != Libc.kill(-kernel.workloadPid, signal))
        {
            Libc.kill(kernel.workloadPid, signal);
        }
    }

    /** Whether nobody of it is left; kills who is. Zombies that nobody waits for do not count, but cost a look. */
    static boolean isGone(final ProcessKernel kernel, final long nowNs, final long lookIntervalNs)
    {
        if (null != kernel.cgroup && !kernel.cgroup.killAll())
        {
            return false;
        }
        if (0 == kernel.workloadPid || 0 != Libc.kill(-kernel.workloadPid, 0))
        {
            return true;
        }
        if (nowNs - kernel.lookedAtNs < lookIntervalNs)
        {
            return false;
        }
        kernel.lookedAtNs = nowNs;
        if (!isOurs(kernel) || !ProcessTable.anyMember(kernel, kernel.seen))
        {
            return true;
        }
        Libc.kill(-kernel.workloadPid, Libc.SIGKILL);
        return false;
    }
}
