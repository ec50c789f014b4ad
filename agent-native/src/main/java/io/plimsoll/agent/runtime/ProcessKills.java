package io.plimsoll.agent.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Kernels that shall end: what has not started is kept from it, what runs is told, and killed after its grace. Of the
 * agent's thread.
 */
final class ProcessKills
{
    private static final long KILL_REPEAT_NS = 100_000_000L;
    private static final long LOOK_INTERVAL_NS = 20_000_000L;

    private final Consumer<ProcessKernel> scan;
    private final List<ProcessKernel> killing = new ArrayList<>();

    /**
     * None yet.
     *
     * @param scan looks how far a kernel is of which no process is known.
     */
    ProcessKills(final Consumer<ProcessKernel> scan)
    {
        this.scan = scan;
    }

    /** Of one that has not ended; again with less grace, if that is over sooner. */
    void kill(final ProcessKernel kernel, final long graceNs)
    {
        if (!kernel.killing)
        {
            kernel.killing = true;
            kernel.graceNs = graceNs;
            killing.add(kernel);
            if (0 == kernel.workloadPid && kernel.child)
            {
                kernel.forestalled = KernelFiles.forestall(kernel.directory);
            }
        }
        else if (graceNs < kernel.graceNs)
        {
            kernel.killAtNs -= kernel.graceNs - graceNs;
            kernel.graceNs = graceNs;
        }
    }

    int poll(final long nowNs)
    {
        int workCount = 0;
        for (int i = killing.size() - 1; i >= 0; i--)
        {
            final ProcessKernel kernel = killing.get(i);
            if (null != kernel.end)
            {
                killing.remove(i);
            }
            else if (0 != kernel.workloadPid)
            {
                workCount += poll(kernel, nowNs);
            }
            else if (kernel.lookedAtNs + LOOK_INTERVAL_NS <= nowNs)
            {
                kernel.lookedAtNs = nowNs;
                scan.accept(kernel);
            }
        }
        return workCount;
    }

    private static int poll(final ProcessKernel kernel, final long nowNs)
    {
        if (!kernel.termSent)
        {
            kernel.termSent = true;
            kernel.killAtNs = nowNs + kernel.graceNs;
            ProcessEnds.signal(kernel, Libc.SIGTERM);
            return 1;
        }
        if (nowNs >= kernel.killAtNs)
        {
            kernel.killAtNs = nowNs + KILL_REPEAT_NS;
            ProcessEnds.signal(kernel, Libc.SIGKILL);
            if (null != kernel.cgroup)
            {
                kernel.cgroup.killAll();
            }
            return 1;
        }
        return 0;
    }
}
