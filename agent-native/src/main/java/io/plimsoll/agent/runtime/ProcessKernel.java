package io.plimsoll.agent.runtime;

import io.plimsoll.agent.allocation.Seat;
import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.KernelEnd;
import java.nio.file.Path;
import java.util.Map;

/** What the process runtime knows of one kernel that it holds. */
final class ProcessKernel implements LoggedKernel
{
    final Assignment assignment;
    final String name;
    final Path directory;
    final Seat seat;
    /** Null: none. */
    KernelCgroup cgroup;
    /** Ports of the kernel by those of the host. */
    Map<Integer, Integer> ports = Map.of();
    /** 0: not known. */
    int supervisorPid;
    /** Whether this process started the supervisor, and so has to wait for it. */
    boolean child;
    /** 0: not started yet, as far as is known. */
    int workloadPid;
    /** When it started, in ticks since the host did; negative: not known. */
    long workloadBorn = -1;
    /** Whether it was seen in this life of the agent, so that its number was not somebody else's then. */
    boolean seen;
    /** Since when the supervisor is missed. */
    long heldSinceNs;
    boolean forestalled;

    boolean killing;
    boolean termSent;
    long graceNs;
    long killAtNs;

    /** Known once it has ended; told once nobody is left. */
    KernelEnd end;
    long lookedAtNs;

    ProcessKernel(final Assignment assignment, final Path directory, final Seat seat, final long nowNs)
    {
        this.assignment = assignment;
        this.name = assignment.key().directoryName();
        this.directory = directory;
        this.seat = seat;
        this.heldSinceNs = nowNs;
        this.lookedAtNs = nowNs;
    }

    @Override
    public Path directory()
    {
        return directory;
    }
}
