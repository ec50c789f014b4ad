package io.plimsoll.agent.runtime;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * An engine that is away does not hear that a container needed more memory than it had, and tells nobody afterwards.
 * Its cgroup counts that, and stays until the engine is back and removes it: so while there is none, it is looked at.
 * What is seen is kept in the directory of the kernel. Of the agent's thread, but for {@link #note}.
 */
final class ContainerMemory
{
    /** File in the directory of a kernel: where its container's memory is counted. */
    static final String GROUP = "memory-group";
    /** The same: that there was not enough. */
    static final String SHORT = "memory-short";

    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(250);

    private final DockerCycle cycle;
    private long dueNs = Long.MIN_VALUE;

    ContainerMemory(final DockerCycle cycle)
    {
        this.cycle = cycle;
    }

    /** Writes down where that is, while the container has processes to find it by; null: it is not to be seen. */
    static void note(final Path directory, final Path group)
    {
        if (null != group)
        {
            KernelFiles.write(directory, GROUP, KernelCgroup.MEMORY + " " + group + "\n");
        }
    }

    /** Looks at those of all kernels, now and then, while there is no engine. */
    int poll()
    {
        if (cycle.up || cycle.nowNs < dueNs)
        {
            return 0;
        }
        dueNs = cycle.nowNs + INTERVAL_NS;
        for (final DockerKernel kernel : cycle.held.values())
        {
            if (null == kernel.end)
            {
                look(kernel);
            }
        }
        return 0;
    }

    private static void look(final DockerKernel kernel)
    {
        if (null == kernel.memory)
        {
            kernel.memory = KernelCgroup.of(KernelFiles.text(kernel.directory.resolve(GROUP)));
        }
        final String why =
            null == kernel.memory ? null : kernel.memory.outOfMemory(kernel.assignment.memoryBytes());
        if (null != why && !wasShort(kernel.directory))
        {
            KernelFiles.write(kernel.directory, SHORT, why + "\n");
        }
    }

    /** Whether some process of a kernel was killed for want of memory while its engine was away. */
    static boolean wasShort(final Path directory)
    {
        return KernelFiles.exists(directory, SHORT);
    }
}
