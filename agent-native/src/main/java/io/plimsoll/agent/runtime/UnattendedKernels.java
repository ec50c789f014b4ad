package io.plimsoll.agent.runtime;

import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.transport.sbe.ReportReason;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kernels of runtimes that this agent had, and has no more: a jar is missing, or its plugin cannot be opened. They may
 * well run, so nobody calls them ended, and what they have is given to nobody else; once the plugin is back, the next
 * life of the agent takes them up. Of the agent's thread.
 */
final class UnattendedKernels
{
    private static final Logger LOG = LoggerFactory.getLogger(UnattendedKernels.class);

    private final PluginLaunches launches;
    private final Map<KernelKey, PluginRuntimeKernel> held = new LinkedHashMap<>();

    UnattendedKernels(final PluginLaunches launches)
    {
        this.launches = launches;
    }

    /** Takes one; false: it never started. */
    boolean adopt(final Assignment assignment, final String runtime)
    {
        final PluginRuntimeKernel kernel = launches.adopt(assignment);
        if (null == kernel)
        {
            return false;
        }
        LOG.error("{} is of the runtime {}, which is not here: it is left alone until that is", kernel.key, runtime);
        held.put(kernel.key, kernel);
        return true;
    }

    int poll(final KernelListener listener, final long nowNs)
    {
        int workCount = 0;
        for (final PluginRuntimeKernel kernel : held.values().toArray(PluginRuntimeKernel[]::new))
        {
            if (null != kernel.kept || launches.isForestalled(kernel))
            {
                held.remove(kernel.key);
                launches.leave(kernel, nowNs);
                listener.onEnded(kernel.key, null != kernel.kept ? KernelEnd.exited(kernel.kept.exitCode()) :
                    KernelEnd.failed(ReportReason.NEVER_STARTED, "killed before its start"));
                workCount++;
            }
            else if (!kernel.isRunning)
            {
                kernel.isRunning = true;
                listener.onPublished(kernel.key, ServicePorts.text(kernel.ports));
                listener.onStarted(
                    kernel.key,
                    launches.since(kernel, nowNs),
                    CpuList.format(kernel.seat.cpus()),
                    Seating.devices(kernel.assignment, kernel.seat));
                workCount++;
            }
        }
        return workCount;
    }

    int count()
    {
        return held.size();
    }
}
