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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Consumer;

/**
 * Several runtimes as one: kernels that name a runtime of the agent's own are that one's, others with an image are
 * containers, and the rest is processes. All make the same marker when a kernel starts, so that it does not matter
 * which of them forestalls. Called by the agent's thread.
 */
public final class CompositeKernelRuntime implements KernelRuntime
{
    private final KernelRuntime processes;
    private final KernelRuntime containers;
    private final OwnRuntimes own;
    private final String otherwise;
    private final Map<KernelKey, String> refused = new LinkedHashMap<>();

    /**
     * Joins them.
     *
     * @param processes  for kernels without an image.
     * @param containers for kernels with one; null: such kernels are refused.
     */
    public CompositeKernelRuntime(final KernelRuntime processes, final KernelRuntime containers)
    {
        this(processes, containers, OwnRuntimes.NONE, "");
    }

    /**
     * Joins them with those of plugins.
     *
     * @param processes  for kernels without an image.
     * @param containers for kernels with one; null: such kernels are refused.
     * @param own        for kernels that name one of these.
     * @param otherwise  name of the one for kernels without an image that name none; empty: they are processes.
     */
    public CompositeKernelRuntime(
        final KernelRuntime processes,
        final KernelRuntime containers,
        final OwnRuntimes own,
        final String otherwise)
    {
        this.processes = processes;
        this.containers = containers;
        this.own = own;
        this.otherwise = otherwise;
    }

    @Override
    public String name()
    {
        final StringJoiner names = new StringJoiner(",");
        names.add(processes.name());
        if (null != containers)
        {
            names.add(containers.name());
        }
        own.all().forEach(runtime -> names.add(runtime.name()));
        return names.toString();
    }

    @Override
    public boolean tryLaunch(final KernelLaunch launch, final long nowNs)
    {
        final String named = null != launch.spec().runtime() ? launch.spec().runtime() :
            null == launch.spec().image() ? otherwise : "";
        if (!named.isEmpty())
        {
            final KernelRuntime runtime = own.find(named);
            return null == runtime ? refuse(launch, own.whyNot(named)) : runtime.tryLaunch(launch, nowNs);
        }
        if (null == launch.spec().image())
        {
            return processes.tryLaunch(launch, nowNs);
        }
        if (null != containers)
        {
            return containers.tryLaunch(launch, nowNs);
        }
        return refuse(
            launch, "this agent runs no containers: it is configured without a Docker Engine (agent.docker.host)");
    }

    private boolean refuse(final KernelLaunch launch, final String why)
    {
        final KernelKey key = launch.assignment().key();
        processes.forestall(key);
        refused.put(key, why);
        return true;
    }

    @Override
    public boolean adopt(final Assignment assignment, final long nowNs)
    {
        final String runtime = own.of(assignment);
        if (null != runtime)
        {
            return own.adopt(assignment, runtime, nowNs);
        }
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
        own.all().forEach(runtime -> runtime.kill(key, graceNs, nowNs));
    }

    @Override
    public int poll(final KernelListener listener, final long nowNs)
    {
        int workCount = processes.poll(listener, nowNs);
        if (null != containers)
        {
            workCount += containers.poll(listener, nowNs);
        }
        workCount += own.poll(listener, nowNs);
        if (!refused.isEmpty())
        {
            final Map<KernelKey, String> told = new LinkedHashMap<>(refused);
            refused.clear();
            told.forEach((key, why) -> listener.onEnded(key, KernelEnd.failed(ReportReason.LAUNCH_FAILED, why)));
            workCount += told.size();
        }
        return workCount;
    }

    @Override
    public KernelTerminal openTerminal(final KernelKey key, final TerminalRequest request, final long nowNs)
        throws TerminalException
    {
        KernelTerminal terminal = processes.openTerminal(key, request, nowNs);
        if (null == terminal && null != containers)
        {
            terminal = containers.openTerminal(key, request, nowNs);
        }
        for (final KernelRuntime runtime : own.all())
        {
            terminal = null == terminal ? runtime.openTerminal(key, request, nowNs) : terminal;
        }
        return terminal;
    }

    @Override
    public KernelTerminal openInput(final KernelKey key, final long nowNs) throws TerminalException
    {
        KernelTerminal input = processes.openInput(key, nowNs);
        if (null == input && null != containers)
        {
            input = containers.openInput(key, nowNs);
        }
        return input;
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
        own.all().forEach(runtime -> runtime.subjects(to));
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
        return processes.alive() + refused.size() + own.alive() + (null == containers ? 0 : containers.alive());
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
        own.all().forEach(KernelRuntime::close);
        if (null != containers)
        {
            containers.close();
        }
        processes.close();
    }
}
