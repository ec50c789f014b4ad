package io.plimsoll.agent.runtime;

import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.agent.terminal.KernelTerminal;
import io.plimsoll.agent.terminal.TerminalException;
import io.plimsoll.agent.terminal.TerminalRequest;
import io.plimsoll.agent.usage.UsageSubject;
import io.plimsoll.transport.LaunchSpecCodec;
import io.plimsoll.transport.sbe.ReportReason;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Two runtimes as one: kernels with an image are containers, the others processes. Both make the same marker when a
 * kernel starts, so that it does not matter which of them forestalls. Called by the agent's thread.
 */
public final class CompositeKernelRuntime implements KernelRuntime
{
    private final KernelRuntime processes;
    private final KernelRuntime containers;
    private final ArrayDeque<KernelKey> refused = new ArrayDeque<>();

    /**
     * Joins them.
     *
     * @param processes  for kernels without an image.
     * @param containers for kernels with one; null: such kernels are refused.
     */
    public CompositeKernelRuntime(final KernelRuntime processes, final KernelRuntime containers)
    {
        this.processes = processes;
        this.containers = containers;
    }

    @Override
    public String name()
    {
        return null == containers ? processes.name() : processes.name() + "," + containers.name();
    }

    @Override
    public boolean tryLaunch(final KernelLaunch launch, final long nowNs)
    {
        if (null == launch.spec().image())
        {
            return processes.tryLaunch(launch, nowNs);
        }
        if (null != containers)
        {
            return containers.tryLaunch(launch, nowNs);
        }
        final KernelKey key = launch.assignment().key();
        processes.forestall(key);
        refused.add(key);
        return true;
    }

    @Override
    public boolean adopt(final Assignment assignment, final long nowNs)
    {
        return null != containers && null != LaunchSpecCodec.decode(assignment.spec()).image() ?
            containers.adopt(assignment, nowNs) : processes.adopt(assignment, nowNs);
    }

    @Override
    public boolean forestall(final KernelKey key)
    {
        return processes.forestall(key);
    }

    @Override
    public void kill(final KernelKey key, final long graceNs, final long nowNs)
    {
        processes.kill(key, graceNs, nowNs);
        if (null != containers)
        {
            containers.kill(key, graceNs, nowNs);
        }
    }

    @Override
    public int poll(final KernelListener listener, final long nowNs)
    {
        int workCount = processes.poll(listener, nowNs);
        if (null != containers)
        {
            workCount += containers.poll(listener, nowNs);
        }
        for (KernelKey key = refused.poll(); null != key; key = refused.poll())
        {
            listener.onEnded(key, KernelEnd.failed(
                ReportReason.LAUNCH_FAILED,
                "this agent runs no containers: it is configured without a Docker Engine (agent.docker.host)"));
            workCount++;
        }
        return workCount;
    }

    @Override
    public KernelTerminal openTerminal(final KernelKey key, final TerminalRequest request, final long nowNs)
        throws TerminalException
    {
        final KernelTerminal terminal = processes.openTerminal(key, request, nowNs);
        return null == terminal && null != containers ? containers.openTerminal(key, request, nowNs) : terminal;
    }

    @Override
    public void takeOut(final String device)
    {
        processes.takeOut(device);
        if (null != containers)
        {
            containers.takeOut(device);
        }
    }

    @Override
    public void subjects(final Consumer<UsageSubject> to)
    {
        processes.subjects(to);
        if (null != containers)
        {
            containers.subjects(to);
        }
    }

    @Override
    public void tellPorts(final KernelKey key, final Map<Integer, String> ports)
    {
        if (null != containers)
        {
            containers.tellPorts(key, ports);
        }
    }

    @Override
    public int alive()
    {
        return processes.alive() + refused.size() + (null == containers ? 0 : containers.alive());
    }

    @Override
    public void discard(final KernelKey key)
    {
        processes.discard(key);
        if (null != containers)
        {
            containers.discard(key);
        }
    }

    @Override
    public void close()
    {
        if (null != containers)
        {
            containers.close();
        }
        processes.close();
    }
}
