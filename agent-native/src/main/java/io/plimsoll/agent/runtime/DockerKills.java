package io.plimsoll.agent.runtime;

import io.plimsoll.transport.sbe.ReportReason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Kernels that shall end: what has not started is kept from it, what runs is told, and killed after its grace. */
final class DockerKills
{
    private static final String KILL = "KILL";
    private static final long KILL_REPEAT_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(200);

    private final DockerCycle cycle;
    private final DockerEnds ends;
    private final ContainerSweep sweep;
    private final List<DockerKernel> killing = new ArrayList<>();

    DockerKills(final DockerCycle cycle, final DockerEnds ends, final ContainerSweep sweep)
    {
        this.sweep = sweep;
        this.cycle = cycle;
        this.ends = ends;
    }

    void kill(final DockerKernel kernel, final long graceNs)
    {
        if (!kernel.killing)
        {
            kernel.killing = true;
            kernel.graceNs = graceNs;
            killing.add(kernel);
        }
        else if (graceNs < kernel.graceNs)
        {
            kernel.killAtNs -= kernel.graceNs - graceNs;
            kernel.graceNs = graceNs;
        }
    }

    int poll()
    {
        int workCount = 0;
        for (int i = killing.size() - 1; i >= 0; i--)
        {
            final DockerKernel kernel = killing.get(i);
            if (null != kernel.end || null != kernel.exit)
            {
                killing.remove(i);
            }
            else
            {
                workCount += poll(kernel);
            }
        }
        return workCount;
    }

    private int poll(final DockerKernel kernel)
    {
        switch (kernel.step)
        {
            case WAITING, PULLING:
                if (cycle.nowNs < kernel.killAtNs)
                {
                    return 0;
                }
                kernel.killAtNs = cycle.nowNs + RETRY_NS;
                if (cycle.forestall(kernel.assignment.key()))
                {
                    cycle.fail(kernel, ReportReason.NEVER_STARTED, "killed before its start");
                }
                return 1;

            case STARTING:
                // The start finds this marker, or has made its own, and then it is killed once it runs.
                if (!kernel.forestalled)
                {
                    kernel.forestalled = true;
                    cycle.forestall(kernel.assignment.key());
                }
                return 0;

            case RUNNING:
                return pollRunning(kernel);

            case UNCERTAIN:
                return null == kernel.container ? 0 : pollRunning(kernel);

            default:
                return 0;
        }
    }

    private int pollRunning(final DockerKernel kernel)
    {
        if (!kernel.termSent)
        {
            kernel.termSent = true;
            kernel.killAtNs = cycle.nowNs + kernel.graceNs;
            signal(kernel, "TERM");
            return 1;
        }
        if (!cycle.up && !kernel.termReceived)
        {
            kernel.termReceived = true;
            withoutEngine(kernel, ContainerProcesses::terminate);
            return 1;
        }
        if (cycle.nowNs >= kernel.killAtNs)
        {
            kernel.killAtNs = cycle.nowNs + KILL_REPEAT_NS;
            if (cycle.up)
            {
                signal(kernel, KILL);
            }
            else
            {
                withoutEngine(kernel, ContainerProcesses::kill);
            }
            return 1;
        }
        return 0;
    }

    /** As the watchdog does; how it ended is told once the engine answers. */
    private void withoutEngine(final DockerKernel kernel, final Consumer<String> what)
    {
        final String container = kernel.container;
        cycle.calls.submit("end the processes of " + container, () ->
        {
            what.accept(container);
            return null;
        }, (nothing, failure) -> sweep.want());
    }

    private void signal(final DockerKernel kernel, final String signal)
    {
        final String container = kernel.container;
        cycle.calls.submit("kill " + container, () ->
        {
            cycle.engine().kill(container, signal);
            return null;
        }, (nothing, failure) ->
        {
            kernel.termReceived |= null == failure;
            if (null != failure && EngineException.Kind.NO_ANSWER == failure.kind() && KILL.equals(signal))
            {
                withoutEngine(kernel, ContainerProcesses::kill);
            }
            else if (null != failure && DockerKernel.Step.RUNNING == kernel.step)
            {
                ends.examine(kernel);
            }
        });
    }
}
