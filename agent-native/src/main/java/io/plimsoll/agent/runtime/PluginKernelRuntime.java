package io.plimsoll.agent.runtime;

import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.agent.plugin.KernelState;
import io.plimsoll.agent.plugin.PluginCalls;
import io.plimsoll.agent.plugin.PluginKernel;
import io.plimsoll.agent.plugin.RuntimePlugin;
import io.plimsoll.agent.terminal.KernelTerminal;
import io.plimsoll.agent.terminal.TerminalException;
import io.plimsoll.agent.terminal.TerminalRequest;
import io.plimsoll.agent.usage.Totals;
import io.plimsoll.agent.usage.UsageSubject;
import io.plimsoll.transport.sbe.ReportKind;
import io.plimsoll.transport.sbe.ReportReason;
import io.plimsoll.transport.sbe.TerminalCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kernels that a plugin runs. The plugin is asked on threads of its own, one call at a time for each kernel, and each
 * call has its time: what a plugin does wrong, it does wrong for one kernel. Of the agent's thread.
 */
final class PluginKernelRuntime implements KernelRuntime
{
    private static final Logger LOG = LoggerFactory.getLogger(PluginKernelRuntime.class);
    private static final int SIGTERM = 15;
    private static final int SIGKILL = 9;

    private final String name;
    private final RuntimePlugin plugin;
    private final PluginCalls calls;
    private final PluginDeadlines deadlines;
    private final PluginLaunches launches;
    private final LogTrimmer trimmer;
    private final Map<KernelKey, PluginRuntimeKernel> held = new LinkedHashMap<>();
    private final List<PluginRuntimeKernel> gone = new ArrayList<>();
    private final List<PluginRuntimeKernel> abandoned = new ArrayList<>();
    private KernelListener listener;
    private long nowNs;

    /**
     * Takes a plugin that was opened.
     *
     * @param name      of it.
     * @param plugin    that runs the kernels.
     * @param calls     to make of it.
     * @param deadlines of these.
     * @param launches  prepares kernels.
     */
    PluginKernelRuntime(
        final String name,
        final RuntimePlugin plugin,
        final PluginCalls calls,
        final PluginDeadlines deadlines,
        final PluginLaunches launches)
    {
        this.name = name;
        this.plugin = plugin;
        this.calls = calls;
        this.deadlines = deadlines;
        this.launches = launches;
        trimmer = new LogTrimmer(launches.logBytesMax());
        launches.pursued().of(name).forEach(assignment -> abandoned.add(launches.bare(assignment)));
    }

    @Override
    public String name()
    {
        return name;
    }

    @Override
    public boolean tryLaunch(final KernelLaunch launch, final long now)
    {
        final PluginRuntimeKernel kernel;
        try
        {
            kernel = launches.prepare(launch, name, now);
        }
        catch (final IOException e)
        {
            final PluginRuntimeKernel refused = launches.bare(launch.assignment());
            held.put(refused.key, refused);
            refused.told = launches.describe(refused);
            refuse(refused, "the agent cannot start it: " + e.getMessage());
            return true;
        }
        held.put(kernel.key, kernel);
        trimmer.limit(kernel.directory, launch.spec().logBytesMax());
        final String obstacle =
            null != launch.leaseFile() && !plugin.obeysLeases() ?
                "the runtime " + name + " cannot end kernels whose agent is lost: submit it with --on-loss wait" :
            null != launch.spec().image() && !plugin.takesImages() ?
                "the runtime " + name + " knows no images: submit it without --image" : null;
        if (null != obstacle)
        {
            refuse(kernel, obstacle);
        }
        else if (launches.mark(kernel))
        {
            kernel.toStart = true;
        }
        // Else somebody was there before: an earlier life of this agent, or who has forestalled it.
        return true;
    }

    private void refuse(final PluginRuntimeKernel kernel, final String why)
    {
        KernelFiles.forestall(kernel.directory);
        kernel.state = new KernelState(KernelState.Phase.ABSENT, 0, null, 0, why);
        gone.add(kernel);
    }

    @Override
    public boolean adopt(final Assignment assignment, final long now)
    {
        final PluginRuntimeKernel kernel = launches.adopt(assignment);
        if (null == kernel)
        {
            return false;
        }
        held.put(kernel.key, kernel);
        kernel.pursuedUntilNs = now + deadlines.startNs();
        return true;
    }

    /** Their end was told by an earlier life of the agent. */
    private void takeUp(final PluginRuntimeKernel kernel)
    {
        if (!held.containsKey(kernel.key))
        {
            kernel.told = launches.describe(kernel);
            kernel.isOver = true;
            kernel.pursuedUntilNs = nowNs + deadlines.startNs();
            held.put(kernel.key, kernel);
            pursue(kernel);
        }
    }

    @Override
    public boolean forestall(final KernelKey key)
    {
        return launches.forestall(key);
    }

    @Override
    public void kill(final KernelKey key, final long graceNs, final long now)
    {
        final PluginRuntimeKernel kernel = held.get(key);
        if (null == kernel || kernel.isOver)
        {
            return;
        }
        if (!kernel.killing)
        {
            kernel.killing = true;
            kernel.graceNs = graceNs;
        }
        else if (graceNs < kernel.graceNs)
        {
            kernel.killAtNs -= kernel.graceNs - graceNs;
            kernel.graceNs = graceNs;
        }
    }

    @Override
    public int poll(final KernelListener kernelListener, final long now)
    {
        listener = kernelListener;
        nowNs = now;
        int workCount = 0;
        for (final PluginRuntimeKernel kernel : gone)
        {
            end(kernel, KernelEnd.failed(ReportReason.LAUNCH_FAILED, kernel.state.detail()));
            leave(kernel);
            workCount++;
        }
        gone.clear();
        abandoned.forEach(this::takeUp);
        abandoned.clear();
        for (final PluginRuntimeKernel kernel : List.copyOf(held.values()))
        {
            workCount += step(kernel);
        }
        return workCount + trimmer.poll(held.values(), now);
    }

    /** Whether nothing is being asked of the plugin, or was and not yet taken in. */
    boolean isIdle()
    {
        return held.values().stream().allMatch(kernel -> null == kernel.call);
    }

    private int step(final PluginRuntimeKernel kernel)
    {
        if (null == kernel.call)
        {
            return next(kernel);
        }
        if (kernel.call.isDone())
        {
            final PluginCalls.Call<PluginRuntimeKernel.Look> call = kernel.call;
            kernel.call = null;
            finish(kernel, call);
            return 1;
        }
        if (nowNs - kernel.deadlineNs >= 0)
        {
            kernel.call.interrupt();
            late(kernel);
            kernel.call = null;
            return 1;
        }
        return 0;
    }

    private int next(final PluginRuntimeKernel kernel)
    {
        if (null != kernel.kept)
        {
            kernel.state = kernel.kept;
            ended(kernel);
            return 1;
        }
        if (kernel.toStart)
        {
            if (kernel.killing)
            {
                end(kernel, KernelEnd.failed(ReportReason.NEVER_STARTED, "killed before its start"));
                leave(kernel);
                return 1;
            }
            return begin(kernel, PluginRuntimeKernel.What.START, deadlines.startNs(), () ->
            {
                launches.bound(kernel, () -> plugin.start(kernel.told));
                return null;
            });
        }
        final int signal = signal(kernel);
        if (0 != signal)
        {
            return begin(kernel, PluginRuntimeKernel.What.SIGNAL, deadlines.callNs(), () ->
            {
                plugin.signal(kernel.told, signal);
                return null;
            });
        }
        return nowNs - kernel.nextLookNs >= 0 ?
            begin(kernel, PluginRuntimeKernel.What.LOOK, deadlines.callNs(), look(kernel)) : 0;
    }

    private Callable<PluginRuntimeKernel.Look> look(final PluginRuntimeKernel kernel)
    {
        final boolean alsoUsage = kernel.isRunning && nowNs - kernel.nextUsageNs >= 0;
        if (alsoUsage)
        {
            kernel.nextUsageNs = nowNs + deadlines.usageNs();
        }
        final PluginKernel told = kernel.told;
        return () ->
        {
            final KernelState state = plugin.state(told);
            if (null == state || null == state.phase())
            {
                throw new IllegalStateException("state() gave nothing");
            }
            return new PluginRuntimeKernel.Look(
                state, alsoUsage && KernelState.Phase.RUNNING == state.phase() ? plugin.usage(told) : null);
        };
    }

    /** 0: none is due. */
    private int signal(final PluginRuntimeKernel kernel)
    {
        if (!kernel.killing || nowNs - kernel.nextSignalNs < 0 && kernel.termSent)
        {
            return 0;
        }
        kernel.nextSignalNs = nowNs + deadlines.retryNs();
        if (!kernel.termSent)
        {
            kernel.termSent = true;
            kernel.killAtNs = nowNs + kernel.graceNs;
            return 0 == kernel.graceNs ? SIGKILL : SIGTERM;
        }
        return nowNs - kernel.killAtNs >= 0 ? SIGKILL : 0;
    }

    private int begin(
        final PluginRuntimeKernel kernel,
        final PluginRuntimeKernel.What what,
        final long timeoutNs,
        final Callable<PluginRuntimeKernel.Look> task)
    {
        kernel.what = what;
        kernel.deadlineNs = nowNs + timeoutNs;
        kernel.call = calls.tryBegin(task);
        if (null != kernel.call)
        {
            kernel.toStart &= PluginRuntimeKernel.What.START != what;
            return 1;
        }
        if (PluginRuntimeKernel.What.LOOK == what)
        {
            trouble(kernel, "too many of its calls do not come back");
        }
        return 0;
    }

    private void finish(
        final PluginRuntimeKernel kernel, final PluginCalls.Call<PluginRuntimeKernel.Look> call)
    {
        try
        {
            final PluginRuntimeKernel.Look look = call.result();
            kernel.nextLookNs = nowNs + (PluginRuntimeKernel.What.LOOK == kernel.what ? deadlines.lookNs() : 0);
            if (null != look)
            {
                kernel.inTrouble = false;
                kernel.state = look.state();
                kernel.usage = null == look.usage() ? kernel.usage : look.usage();
                onState(kernel);
            }
        }
        catch (final PluginCalls.PluginException e)
        {
            switch (kernel.what)
            {
                case START ->
                {
                    end(kernel, KernelEnd.failed(
                        ReportReason.LAUNCH_FAILED, "the runtime " + name + " cannot start it: " + e.getMessage()));
                    pursue(kernel);
                }
                case LOOK -> trouble(kernel, e.getMessage());
                default -> LOG.warn("the runtime {} cannot signal {}: {}", name, kernel.key, e.getMessage());
            }
        }
    }

    private void late(final PluginRuntimeKernel kernel)
    {
        switch (kernel.what)
        {
            case START ->
            {
                kernel.late = kernel.call;
                end(kernel, KernelEnd.failed(
                    ReportReason.LAUNCH_FAILED, "the runtime " + name + " does not come back from starting it"));
                pursue(kernel);
            }
            case LOOK -> trouble(kernel, "no answer");
            default -> LOG.warn("the runtime {} does not come back from signalling {}", name, kernel.key);
        }
    }

    /** What may have been started all the same is ended, and keeps its cores and devices until it is gone. */
    private void pursue(final PluginRuntimeKernel kernel)
    {
        kernel.killing = true;
        kernel.graceNs = 0;
        kernel.termSent = false;
        kernel.nextLookNs = nowNs;
        kernel.isPursued = true;
        launches.pursued().add(kernel.assignment, name);
    }

    private void trouble(final PluginRuntimeKernel kernel, final String why)
    {
        kernel.nextLookNs = nowNs + deadlines.retryNs();
        if (!kernel.inTrouble)
        {
            kernel.inTrouble = true;
            kernel.troubleSinceNs = nowNs;
            LOG.warn("the runtime {} cannot say how {} is: {}", name, kernel.key, why);
        }
        else if (!kernel.isOver && nowNs - kernel.troubleSinceNs >= deadlines.giveUpNs())
        {
            end(kernel, KernelEnd.failed(
                ReportReason.SUPERVISOR_DIED, "the runtime " + name + " cannot say how it is: " + why));
            pursue(kernel);
        }
    }

    private void onState(final PluginRuntimeKernel kernel)
    {
        switch (kernel.state.phase())
        {
            case PULLING -> step(kernel, ReportKind.PULLING);
            case STARTING -> step(kernel, ReportKind.PREPARING);
            case RUNNING -> running(kernel);
            case ABSENT -> absent(kernel);
            default -> ended(kernel);
        }
    }

    private void step(final PluginRuntimeKernel kernel, final ReportKind step)
    {
        if (!kernel.isOver && !kernel.isRunning)
        {
            listener.onStep(kernel.key, step);
        }
    }

    private void running(final PluginRuntimeKernel kernel)
    {
        if (kernel.isOver || kernel.isRunning)
        {
            return;
        }
        kernel.isRunning = true;
        listener.onPublished(kernel.key, ServicePorts.text(kernel.ports));
        listener.onStarted(
            kernel.key,
            launches.since(kernel, nowNs),
            CpuList.format(kernel.seat.cpus()),
            Seating.devices(kernel.assignment, kernel.seat));
    }

    private void absent(final PluginRuntimeKernel kernel)
    {
        if (null != kernel.late && !kernel.late.hasReturned())
        {
            return;
        }
        if (!kernel.isOver)
        {
            end(kernel, launches.isForestalled(kernel) ?
                KernelEnd.failed(ReportReason.NEVER_STARTED, "killed before its start") :
                KernelEnd.failed(ReportReason.SUPERVISOR_DIED, "the runtime " + name + " does not know it"));
        }
        else if (null != kernel.late && !kernel.wasAbsent)
        {
            // It may have come up between the look and the return: looked for once more.
            kernel.wasAbsent = true;
            return;
        }
        if (!kernel.isRunning && nowNs - kernel.pursuedUntilNs < 0)
        {
            // Who was told to start it by an earlier life of the agent may still do so.
            if (!kernel.isPursued && !launches.isForestalled(kernel))
            {
                pursue(kernel);
            }
            if (kernel.isPursued)
            {
                return;
            }
        }
        leave(kernel);
    }

    private void ended(final PluginRuntimeKernel kernel)
    {
        if (null != kernel.cgroup && !kernel.cgroup.killAll())
        {
            return;
        }
        if (!kernel.isOver)
        {
            if (!kernel.isRunning)
            {
                // Too short to be seen, but it ran.
                running(kernel);
            }
            if (!launches.keepEnd(kernel))
            {
                return;
            }
            end(kernel, launches.end(kernel));
        }
        leave(kernel);
    }

    private void end(final PluginRuntimeKernel kernel, final KernelEnd end)
    {
        if (!kernel.isOver)
        {
            kernel.isOver = true;
            trimmer.ended(kernel.directory);
            listener.onEnded(kernel.key, end);
        }
    }

    private void leave(final PluginRuntimeKernel kernel)
    {
        held.remove(kernel.key);
        launches.leave(kernel, nowNs);
        if (kernel.isPursued)
        {
            launches.pursued().remove(kernel.assignment, name);
        }
        // Nobody waits for it: what it throws is the plugin's own affair.
        calls.tryBegin(() ->
        {
            try
            {
                plugin.forget(kernel.told);
            }
            catch (final IOException | RuntimeException | LinkageError e)
            {
                LOG.warn("the runtime {} cannot forget {}: {}", name, kernel.key, e.toString());
            }
            return null;
        });
    }

    @Override
    public int alive()
    {
        return held.size();
    }

    @Override
    public void subjects(final Consumer<UsageSubject> to)
    {
        for (final PluginRuntimeKernel kernel : held.values())
        {
            final Totals told = kernel.usage;
            if (kernel.isRunning && !kernel.isOver && (null != told || kernel.state.pid() > 0))
            {
                to.accept(new UsageSubject(
                    kernel.key, kernel.key.directoryName(), kernel.state.pid(), kernel.seat.deviceIds(), told));
            }
        }
    }

    @Override
    public KernelTerminal openTerminal(final KernelKey key, final TerminalRequest request, final long now)
        throws TerminalException
    {
        final PluginRuntimeKernel kernel = held.get(key);
        if (null == kernel)
        {
            return null;
        }
        if (!kernel.isRunning || kernel.isOver || kernel.killing)
        {
            throw TerminalException.notRunning();
        }
        if (null == kernel.state.entrance() || kernel.state.pid() <= 0)
        {
            throw new TerminalException(TerminalCode.UNSUPPORTED, "the runtime " + name + " has no terminals");
        }
        return launches.openTerminal(kernel, request, now);
    }

    @Override
    public void discard(final KernelKey key)
    {
        // Its directory is all that the agent has of it.
    }

    @Override
    public void close()
    {
        try
        {
            calls.call(
                () ->
                {
                    plugin.close();
                    return null;
                },
                deadlines.retryNs());
        }
        catch (final PluginCalls.PluginException e)
        {
            LOG.warn("the runtime {} does not close: {}", name, e.getMessage());
        }
        calls.close();
    }
}
