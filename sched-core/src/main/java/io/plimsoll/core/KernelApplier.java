package io.plimsoll.core;

import io.plimsoll.core.policy.AgentView;
import io.plimsoll.core.sbe.BooleanType;
import io.plimsoll.core.sbe.InventoryMarkedDecoder;
import io.plimsoll.core.sbe.KernelAdvancedDecoder;
import io.plimsoll.core.sbe.KernelAssignedDecoder;
import io.plimsoll.core.sbe.KernelReleasedDecoder;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.Reason;
import org.agrona.DirectBuffer;

/** Applies events about kernels: placements, their accounts, their deadlines. */
final class KernelApplier
{
    /** Decision version of the first release that remembered more than one. */
    private static final int FAILED_AGENTS_SINCE = 17;

    private final CoreState state;
    private final KernelTable kernels;
    private final SessionTable sessions;
    private final ShapeTable shapes;
    private final AgentTable agents;
    private final AgentKernels agentKernels;
    private final KernelAssignedDecoder assigned = new KernelAssignedDecoder();
    private final KernelAdvancedDecoder advanced = new KernelAdvancedDecoder();
    private final KernelReleasedDecoder released = new KernelReleasedDecoder();
    private final InventoryMarkedDecoder marked = new InventoryMarkedDecoder();

    KernelApplier(final CoreState state)
    {
        this.state = state;
        kernels = state.kernels;
        sessions = state.sessions;
        shapes = state.shapes;
        agents = state.agents;
        agentKernels = new AgentKernels(state);
    }

    void onAssigned(final DirectBuffer buffer, final int offset, final EventHeader header)
    {
        assigned.wrap(buffer, offset + MessageHeaderDecoder.ENCODED_LENGTH, header.blockLength(), header.version());
        final int agent = assigned.agentId();
        final int kernel =
            add(assigned.kernelId(), agent, assigned.term(), assigned.attempt(), assigned.assignmentNo());
        final boolean gained = take(agent, kernel, assigned.cpuMillis(), assigned.memoryBytes());
        takeSlots(agent, kernel);
        taken(agent, kernel, gained);
    }

    /** A kernel was given to an agent in this term, with nothing but cpu and mem. */
    void assign(
        final long kernelId,
        final int agent,
        final int attempt,
        final long assignmentNo,
        final long cpuMillis,
        final long memoryBytes)
    {
        final int kernel = add(kernelId, agent, state.term, attempt, assignmentNo);
        taken(agent, kernel, take(agent, kernel, cpuMillis, memoryBytes));
    }

    private int add(
        final long kernelId, final int agent, final long term, final int attempt, final long assignmentNo)
    {
        final int session = sessions.findOwn(KernelTable.sessionId(kernelId));
        final int whole = sessions.get(sessions.shape, session);
        final int shape = shapes.partOf(whole, KernelTable.index(kernelId));
        final int kernel = kernels.add(kernelId, shapes.get(shapes.kernelsInAll, whole));
        shapes.addReference(shape);
        kernels.set(kernels.shape, kernel, shape);
        kernels.set(kernels.agent, kernel, agent);
        kernels.set(kernels.session, kernel, session);
        kernels.set(kernels.term, kernel, term);
        kernels.set(kernels.attempt, kernel, attempt);
        kernels.set(kernels.assignmentNo, kernel, assignmentNo);
        kernels.set(kernels.state, kernel, (byte)LifeState.SCHEDULED.value());
        kernels.set(kernels.assignedNs, kernel, state.timestampNs);
        kernels.set(kernels.restart, kernel, sessions.get(sessions.restart, session));
        kernels.set(kernels.graceNs, kernel, sessions.get(sessions.graceNs, session));
        kernels.set(kernels.markedConnection, kernel, agents.get(agents.connection, agent));
        agents.set(agents.nextAssignment, agent, assignmentNo + 1);
        linkSibling(session, kernel);
        agentKernels.add(kernel);
        sessions.add(sessions.live, session, 1);
        sessions.countKernel(session, LifeState.SCHEDULED.value(), 1);
        return kernel;
    }

    private void linkSibling(final int session, final int kernel)
    {
        final int tail = sessions.get(sessions.kernelTail, session);
        kernels.set(kernels.siblingPrevious, kernel, tail);
        if (Table.NONE == tail)
        {
            sessions.set(sessions.kernelHead, session, kernel);
        }
        else
        {
            kernels.set(kernels.siblingNext, tail, kernel);
        }
        sessions.set(sessions.kernelTail, session, kernel);
    }

    /** Begins to take what a kernel was given; returns whether the agent may now hold what it could not before. */
    private boolean take(final int agent, final int kernel, final long cpuMillis, final long memoryBytes)
    {
        final int shape = kernels.get(kernels.shape, kernel);
        agents.countRunning(agent, shapes.get(shapes.deviceClass, shape), 1);
        state.groups.set(state.groups.cursor, shapes.get(shapes.group, shape), agent);
        agents.take(agent, SlotTable.CPU, cpuMillis);
        agents.take(agent, SlotTable.MEM, memoryBytes);
        return state.constraints.isOfGroup(shapes.get(shapes.constraint, shape)) && join(shape, agent);
    }

    private void takeSlots(final int agent, final int kernel)
    {
        for (final KernelAssignedDecoder.SlotsDecoder taken : assigned.slots())
        {
            final int slot = taken.slotId();
            final long devices = taken.devices();
            if (0 == devices)
            {
                agents.take(agent, slot, taken.amount());
            }
            else
            {
                kernels.devices(kernel, slot, devices);
                takeDevices(agent, slot, devices, taken.amount());
            }
        }
    }

    private void taken(final int agent, final int kernel, final boolean gained)
    {
        state.schedule.agentIndex.onUse(agent, gained);
        final int shape = kernels.get(kernels.shape, kernel);
        state.ledger.onKernels(shape, 1);
        final int group = shapes.get(shapes.group, shape);
        deadline(kernel, state.timestampNs + state.groups.get(state.groups.scheduledTimeoutNs, group));
    }

    /** An amount of a slot of shares is spread over its devices evenly; a negative one is given back. */
    private void takeDevices(final int agent, final int slot, final long devices, final long amount)
    {
        if (state.slots.isShare(slot))
        {
            agents.takeDevices(agent, state.slots.partner(slot), devices, (int)(amount / Long.bitCount(devices)));
        }
        else
        {
            agents.takeDevices(agent, slot, devices, amount < 0 ? -AgentView.WHOLE : AgentView.WHOLE);
        }
    }

    private void giveBack(final int kernel)
    {
        final int agent = kernels.get(kernels.agent, kernel);
        final int shape = kernels.get(kernels.shape, kernel);
        state.shadows.touch(agents.get(agents.group, agent));
        agents.countRunning(agent, shapes.get(shapes.deviceClass, shape), -1);
        agents.take(agent, SlotTable.CPU, -shapes.amount(shape, SlotTable.CPU));
        agents.take(agent, SlotTable.MEM, -shapes.amount(shape, SlotTable.MEM));
        for (int mask = shapes.get(shapes.furtherMask, shape); 0 != mask; mask &= mask - 1)
        {
            final int slot = Integer.numberOfTrailingZeros(mask);
            final long devices = kernels.devices(kernel, slot);
            if (0 == devices)
            {
                agents.take(agent, slot, -shapes.amount(shape, slot));
            }
            else
            {
                takeDevices(agent, slot, devices, -shapes.need(shape, slot) * Long.bitCount(devices));
            }
        }
        state.schedule.agentIndex.onUse(agent, true);
        if (state.constraints.isOfGroup(shapes.get(shapes.constraint, shape)))
        {
            leave(shape, agent);
        }
    }

    /** Returns whether the agent is now one where others who must go where their group is may go. */
    private boolean join(final int shape, final int agent)
    {
        final byte[] constraint = state.constraints.text(shapes.get(shapes.constraint, shape));
        return state.sessionGroups.join(shapes.get(shapes.owner, shape), constraint, agent) &&
            state.constraints.hasPacks();
    }

    private void leave(final int shape, final int agent)
    {
        final byte[] constraint = state.constraints.text(shapes.get(shapes.constraint, shape));
        if (state.sessionGroups.leave(shapes.get(shapes.owner, shape), constraint, agent) &&
            state.constraints.hasPacks())
        {
            // Those who must go where their group is may now go anywhere.
            state.schedule.agentIndex.gainAll();
        }
    }

    private void deadline(final int kernel, final long deadlineNs)
    {
        kernels.set(kernels.deadlineNs, kernel, deadlineNs);
        state.schedule.deadlines.armKernel(kernel);
        state.schedule.onAgentChanged(kernels.get(kernels.agent, kernel));
    }

    void onAdvanced(final DirectBuffer buffer, final int offset, final EventHeader header)
    {
        advanced.wrap(buffer, offset + MessageHeaderDecoder.ENCODED_LENGTH, header.blockLength(), header.version());
        advance(
            kernels.find(advanced.kernelId()),
            advanced.stateRaw(),
            advanced.reason(),
            advanced.exitCode(),
            BooleanType.T == advanced.held());
    }

    void advance(final int kernel, final int next, final Reason reason, final int exitCode, final boolean held)
    {
        final int previous = kernels.get(kernels.state, kernel);
        final int session = kernels.get(kernels.session, kernel);
        if (!SessionEdges.kernelMayBecome(previous, next))
        {
            throw new IllegalStateException("kernelId=" + kernels.get(kernels.kernelId, kernel) + " " +
                LifeState.get((short)previous) + " -> " + LifeState.get((short)next) + " reason=" + reason);
        }
        sessions.countKernel(session, previous, -1);
        noteFailure(session, kernel, next, reason);
        noteStart(kernel, previous, next, reason, exitCode);
        noteExit(session, kernel, reason, exitCode);
        if (next < LifeState.TERMINATED.value())
        {
            sessions.countKernel(session, next, 1);
            kernels.set(kernels.state, kernel, (byte)next);
            kernels.set(kernels.reason, kernel, (byte)reason.value());
            deadline(kernel, deadlineOf(kernel, session, previous, next));
        }
        else
        {
            sessions.add(sessions.live, session, -1);
            if (held)
            {
                hold(kernel, session, next, reason);
            }
            else
            {
                remove(kernel);
            }
        }
        if (0 != sessions.get(sessions.killing, session) &&
            sessions.get(sessions.live, session) == sessions.liveIn(session, LifeState.TERMINATING.value()))
        {
            sessions.set(sessions.killing, session, (byte)0);
            state.killing.remove(session);
        }
    }

    /** Agents on which attempts failed come last in the next ones; earlier releases knew the latest of them only. */
    private void noteFailure(final int session, final int kernel, final int next, final Reason reason)
    {
        final boolean told = switch (reason)
        {
            case SIBLING_FAILED, USER_REQUESTED, WALLTIME, COMPLETED, PREEMPTED, IDLE_TIMEOUT, LOW_USE -> true;
            default -> false;
        };
        if (LifeState.ERROR.value() == next || (LifeState.TERMINATING.value() == next && !told))
        {
            final int agent = kernels.get(kernels.agent, kernel);
            if (state.requests.decisionVersion() < FAILED_AGENTS_SINCE)
            {
                sessions.set(sessions.failedAgent, session, agent);
            }
            else
            {
                sessions.addFailedAgent(session, agent);
            }
        }
    }

    /** Agents on which one start after another fails are known by that. */
    private void noteStart(
        final int kernel, final int previous, final int next, final Reason reason, final int exitCode)
    {
        if (previous < LifeState.RUNNING.value())
        {
            final int agent = kernels.get(kernels.agent, kernel);
            if (StartFailures.isFailure(next, reason))
            {
                StartFailures.add(agents, agent, KernelTable.sessionId(kernels.get(kernels.kernelId, kernel)));
            }
            else if (LifeState.RUNNING.value() == next || exitCode >= 0)
            {
                agents.clearFailedStarts(agent);
            }
        }
    }

    private void noteExit(final int session, final int kernel, final Reason reason, final int exitCode)
    {
        if (Lifecycle.isOwnFailure(reason, exitCode))
        {
            final int index = KernelTable.index(kernels.get(kernels.kernelId, kernel));
            if (index < sessions.lowestFailed(session))
            {
                sessions.set(sessions.failedKernel, session, index + 1);
            }
        }
    }

    private long deadlineOf(final int kernel, final int session, final int previous, final int next)
    {
        final GroupTable groups = state.groups;
        final int group = shapes.get(shapes.group, kernels.get(kernels.shape, kernel));
        final long nowNs = state.timestampNs;
        switch (LifeState.get((short)next))
        {
            case SCHEDULED, PREPARING:
                return nowNs + groups.get(groups.prepareTimeoutNs, group);
            case PULLING:
                if (LifeState.PULLING.value() != previous)
                {
                    kernels.set(kernels.pullDeadlineNs, kernel, nowNs + groups.get(groups.pullTimeoutNs, group));
                }
                return Math.min(
                    nowNs + groups.get(groups.pullProgressTimeoutNs, group),
                    kernels.get(kernels.pullDeadlineNs, kernel));
            case RUNNING:
                final long walltimeNs = sessions.get(sessions.walltimeNs, session);
                return 0 == walltimeNs ?
                    0 :
                    nowNs + walltimeNs + kernels.get(kernels.graceNs, kernel) + state.options.walltimeSlackNs();
            default:
                return nowNs + kernels.get(kernels.graceNs, kernel) + groups.get(groups.killTimeoutNs, group);
        }
    }

    /** The limit of a session is another one: those of its kernels that live are to end by that. */
    void onWalltime(final int session, final long oldNs)
    {
        final long newNs = sessions.get(sessions.walltimeNs, session);
        for (int kernel = sessions.get(sessions.kernelHead, session);
            Table.NONE != kernel;
            kernel = kernels.get(kernels.siblingNext, kernel))
        {
            if (0 == kernels.get(kernels.held, kernel))
            {
                final boolean runs = LifeState.RUNNING.value() == kernels.get(kernels.state, kernel);
                final long deadlineNs = kernels.get(kernels.deadlineNs, kernel);
                deadline(kernel, runs ? deadlineOfRun(kernel, session, oldNs, newNs) : deadlineNs);
            }
        }
    }

    private long deadlineOfRun(final int kernel, final int session, final long oldNs, final long newNs)
    {
        if (0 == newNs)
        {
            return 0;
        }
        if (0 != oldNs)
        {
            return kernels.get(kernels.deadlineNs, kernel) - oldNs + newNs;
        }
        // When a single kernel came to run is not kept: of a session in which some still start, it is now.
        final long runningNs = sessions.get(sessions.runningNs, session);
        return (0 == runningNs ? state.timestampNs : runningNs) + newNs + kernels.get(kernels.graceNs, kernel) +
            state.options.walltimeSlackNs();
    }

    private void hold(final int kernel, final int session, final int next, final Reason reason)
    {
        kernels.set(kernels.state, kernel, (byte)next);
        kernels.set(kernels.reason, kernel, (byte)reason.value());
        kernels.set(kernels.held, kernel, (byte)1);
        sessions.add(sessions.held, session, 1);
        deadline(kernel, 0);
    }

    private void remove(final int kernel)
    {
        state.schedule.deadlines.onKernelGone(kernel);
        unlinkSibling(kernel);
        agentKernels.remove(kernel);
        giveBack(kernel);
        final int shape = kernels.get(kernels.shape, kernel);
        final int session = kernels.get(kernels.session, kernel);
        kernels.remove(kernel);
        state.ledger.onKernels(shape, -1);
        if (Table.NONE != session && 0 == sessions.get(sessions.live, session) + sessions.get(sessions.held, session))
        {
            state.ledger.onSession(shape, -1);
        }
        state.dropShape(shape);
    }

    private void unlinkSibling(final int kernel)
    {
        final int session = kernels.get(kernels.session, kernel);
        final int before = kernels.get(kernels.siblingPrevious, kernel);
        final int after = kernels.get(kernels.siblingNext, kernel);
        if (Table.NONE != before)
        {
            kernels.set(kernels.siblingNext, before, after);
        }
        else if (Table.NONE != session)
        {
            sessions.set(sessions.kernelHead, session, after);
        }
        if (Table.NONE != after)
        {
            kernels.set(kernels.siblingPrevious, after, before);
        }
        else if (Table.NONE != session)
        {
            sessions.set(sessions.kernelTail, session, before);
        }
    }

    void onReleased(final DirectBuffer buffer, final int offset, final EventHeader header)
    {
        released.wrap(buffer, offset + MessageHeaderDecoder.ENCODED_LENGTH, header.blockLength(), header.version());
        final int kernel = kernels.find(released.kernelId());
        final int session = kernels.get(kernels.session, kernel);
        if (Table.NONE != session)
        {
            sessions.add(sessions.held, session, -1);
        }
        remove(kernel);
    }

    void onMarked(final DirectBuffer buffer, final int offset, final EventHeader header)
    {
        marked.wrap(buffer, offset + MessageHeaderDecoder.ENCODED_LENGTH, header.blockLength(), header.version());
        final int kernel = kernels.find(marked.kernelId());
        agentKernels.remove(kernel);
        kernels.set(kernels.markedConnection, kernel, marked.connection());
        agentKernels.add(kernel);
    }
}
