package io.plimsoll.loadtest.whatif;

import io.plimsoll.core.SchedulerCore;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Liveness;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.loadtest.whatif.KernelPlan.Planned;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The machines of a cluster that is made up: they hold what is placed on them, let it do what its plan says, and tell
 * the core about it while they are heard. Nothing happens here before {@link #takeOver}. One thread.
 */
final class Machines implements BooksListener
{
    private static final int INVENTORY_PART_MAX = 500;

    private final Agenda agenda;
    private final RecordedLives lives;
    private final Planner planner;
    private final SessionOrigins origins;
    private final AgentCommands commands;
    private final CommandFeed feed;
    private final Map<Integer, Machine> machineById = new HashMap<>();
    private boolean active;
    private long assumed;

    Machines(
        final Agenda agenda,
        final RecordedLives lives,
        final SessionOrigins origins,
        final SchedulerCore core,
        final CommandFeed feed)
    {
        this.agenda = agenda;
        this.lives = lives;
        this.origins = origins;
        this.feed = feed;
        planner = new Planner(lives);
        commands = new AgentCommands(core, feed);
    }

    AgentCommands commands()
    {
        return commands;
    }

    /** Sessions whose run time nobody knows, and that ended by their limit. */
    long assumed()
    {
        return assumed;
    }

    /**
     * From here on consequences are made up: what is on the machines goes on as recorded.
     *
     * @param books    of the cluster.
     * @param sequence of the last record that was as it is.
     */
    void takeOver(final ClusterBooks books, final long sequence)
    {
        active = true;
        for (final AgentBook agent : books.agents.values())
        {
            for (final KernelBook kernel : agent.kernels.values())
            {
                goOn(kernel, sequence);
            }
        }
    }

    private void goOn(final KernelBook kernel, final long sequence)
    {
        final SessionLife life = null == kernel.session ? SessionLife.UNKNOWN : lives.life(kernel.session.id);
        final KernelTrace trace = life.find(kernel.index(), kernel.attempt);
        kernel.trace = trace;
        final KernelPlan plan = planner.plan(kernel, life, kernel.agent.id, null);
        final LiveKernel live = new LiveKernel(kernel, plan);
        kernel.live = live;
        machine(kernel.agent).held.put(kernel.assignmentNo, live);
        live.step(kind(kernel.state), Reason.NONE, 0);
        if (kernel.isAbandoned() && (null == trace || null == trace.end()))
        {
            // Nobody has seen its end, so nobody will.
            live.told = true;
            return;
        }
        if (LifeState.TERMINATING == kernel.state || kernel.isAbandoned())
        {
            final boolean told = null != trace && 0 != trace.killNs();
            final boolean started = null != trace && null != trace.running();
            live.step(started ? ReportKind.RUNNING : ReportKind.ACKNOWLEDGED, Reason.NONE, 0);
            end(live, told ? trace.killReason() : kernel.reason, told ? trace.killNs() : feed.nowNs());
            return;
        }
        // What was reported up to here has been; all else is to come.
        while (live.next < plan.size() && 0 != plan.step(live.next).sequence() &&
            plan.step(live.next).sequence() <= sequence)
        {
            live.next++;
        }
        schedule(live);
    }

    private static ReportKind kind(final LifeState state)
    {
        return switch (state)
        {
            case PULLING -> ReportKind.PULLING;
            case PREPARING -> ReportKind.PREPARING;
            case RUNNING, TERMINATING -> ReportKind.RUNNING;
            default -> ReportKind.ACKNOWLEDGED;
        };
    }

    private Machine machine(final AgentBook agent)
    {
        return machineById.computeIfAbsent(agent.id, id -> new Machine());
    }

    /* What kernels do. */

    private void schedule(final LiveKernel kernel)
    {
        if (kernel.next < kernel.plan.size())
        {
            final Planned step = kernel.plan.step(kernel.next);
            final int version = kernel.version;
            agenda.add(
                Math.max(step.atNs(), feed.nowNs()),
                step.sequence(),
                () ->
                {
                    if (version == kernel.version && !kernel.gone)
                    {
                        kernel.next++;
                        count(kernel, step);
                        take(kernel, step);
                        schedule(kernel);
                    }
                });
        }
    }

    private void count(final LiveKernel kernel, final Planned step)
    {
        if (kernel.plan.assumed && ReportKind.EXITED == step.kind())
        {
            assumed++;
        }
    }

    private void take(final LiveKernel kernel, final Planned step)
    {
        kernel.step(step.kind(), step.reason(), step.exitCode());
        final AgentBook agent = kernel.book.agent;
        if (!agent.connected || !agent.inventoryComplete)
        {
            // The inventory of the next connection tells it, or of this one.
            return;
        }
        final Machine machine = machine(agent);
        if (kernel.hasEnded())
        {
            drop(machine, kernel);
        }
        if (Liveness.ALIVE == agent.liveness || 0 != step.sequence())
        {
            commands.report(kernel.book, step);
        }
        else
        {
            machine.owed.add(() -> commands.report(kernel.book, step));
        }
    }

    private static void drop(final Machine machine, final LiveKernel kernel)
    {
        kernel.gone = true;
        kernel.version++;
        machine.held.remove(kernel.book.assignmentNo);
    }

    private void end(final LiveKernel kernel, final Reason reason, final long toldNs)
    {
        kernel.told = true;
        kernel.version++;
        final int version = kernel.version;
        final Planned end = planEnd(kernel, reason, toldNs);
        agenda.add(
            end.atNs(),
            end.sequence(),
            () ->
            {
                if (version == kernel.version && !kernel.gone)
                {
                    take(kernel, end);
                }
            });
    }

    /** As it ended in the record when it was told to, if it was; otherwise as such things usually go. */
    private Planned planEnd(final LiveKernel kernel, final Reason reason, final long toldNs)
    {
        final KernelTrace trace = kernel.book.trace;
        if (null != trace && 0 != trace.killNs() && null != trace.end() && trace.end().atNs() >= trace.killNs())
        {
            final long atNs = Math.max(feed.nowNs(), toldNs + trace.end().atNs() - trace.killNs());
            if (trace.killReason() == reason && kernel.hasStarted() == (null != trace.running()))
            {
                return Planned.of(trace.end(), atNs);
            }
        }
        final boolean started = kernel.hasStarted();
        return new Planned(
            Math.max(feed.nowNs(), toldNs + (started ? lives.usualKillNs() : 0)),
            started ? ReportKind.EXITED : ReportKind.FAILED,
            started ? reason : Reason.NEVER_STARTED,
            started ? Planner.EXIT_CODE_KILLED : 0,
            0);
    }

    /* What the core decides. */

    @Override
    public void onAssigned(final KernelBook kernel)
    {
        if (!active)
        {
            return;
        }
        final SessionOrigins.Origin origin = origins.of(kernel);
        final int recordedAgent = origins.recordedAgentId(kernel.agent);
        final SessionLife life = origin.life();
        final KernelTrace trace = life.find(kernel.index(), kernel.attempt);
        kernel.trace = trace;
        final KernelPlan plan = null == origin.added() ?
            planner.plan(kernel, life, recordedAgent, origin.duration()) :
            planner.plan(kernel, origin.added(), recordedAgent);
        final LiveKernel live = new LiveKernel(kernel, plan);
        kernel.live = live;
        machine(kernel.agent).held.put(kernel.assignmentNo, live);
        schedule(live);
    }

    @Override
    public void onKill(
        final AgentBook agent, final long kernelId, final long term, final int attempt, final Reason reason)
    {
        if (!active || !agent.connected)
        {
            return;
        }
        for (final LiveKernel kernel : machine(agent).held.values())
        {
            if (kernel.book.kernelId == kernelId && kernel.book.attempt == attempt)
            {
                if (!kernel.told && !kernel.hasEnded())
                {
                    end(kernel, reason, feed.nowNs());
                }
                return;
            }
        }
        final long nowNs = feed.nowNs();
        agenda.add(nowNs, 0, () -> commands.unknown(agent, kernelId, term, attempt));
    }

    @Override
    public void onAttached(final AgentBook agent, final boolean sawMore)
    {
        machine(agent).owed.clear();
    }

    @Override
    public void onChanged(final AgentBook agent)
    {
        if (!active)
        {
            return;
        }
        final Machine machine = machine(agent);
        if (Liveness.LOST == agent.liveness)
        {
            // Their leases have run out: see DESIGN.md, section 3.
            machine.held.values().removeIf(kernel ->
            {
                final boolean ends = null != kernel.book.session && kernel.book.session.request.restart();
                kernel.gone |= ends;
                return ends;
            });
        }
        else if (Liveness.ALIVE == agent.liveness && agent.connected)
        {
            while (!machine.owed.isEmpty())
            {
                agenda.add(feed.nowNs(), 0, machine.owed.remove());
            }
        }
    }

    /**
     * A machine tells what it holds, after it has connected.
     *
     * @param agent    that is connected.
     * @param sequence of the inventory in the record; 0: there is none.
     */
    void inventory(final AgentBook agent, final long sequence)
    {
        final Machine machine = machine(agent);
        final boolean reboot = lives.isReboot(sequence);
        machine.held.values().removeIf(kernel ->
        {
            final boolean missing = reboot ||
                null != kernel.book.trace && 0 != sequence && kernel.book.trace.missingAt == sequence &&
                    kernel.book.trace.agentId == origins.recordedAgentId(agent);
            kernel.gone |= missing;
            return missing;
        });
        final List<LiveKernel> held = new ArrayList<>(machine.held.values());
        int from = 0;
        do
        {
            final int to = Math.min(held.size(), from + INVENTORY_PART_MAX);
            commands.inventory(agent, held.subList(from, to), to == held.size());
            from = to;
        }
        while (from < held.size());
        for (final LiveKernel kernel : held)
        {
            if (kernel.hasEnded())
            {
                drop(machine, kernel);
            }
        }
    }

    private static final class Machine
    {
        private final TreeMap<Long, LiveKernel> held = new TreeMap<>();
        private final ArrayDeque<Runnable> owed = new ArrayDeque<>();
    }
}
