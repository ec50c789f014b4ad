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
        final int whole = sessions.shape.get(session);
        final int shape = shapes.partOf(whole, KernelTable.index(kernelId));
        final int kernel = kernels.add(kernelId, shapes.kernelsInAll.get(whole));
        shapes.addReference(shape);
        kernels.shape.set(kernel, shape);
        kernels.agent.set(kernel, agent);
        kernels.session.set(kernel, session);
        kernels.term.set(kernel, term);
        kernels.attempt.set(kernel, attempt);
        kernels.assignmentNo.set(kernel, assignmentNo);
        kernels.state.set(kernel, (byte)LifeState.SCHEDULED.value());
        kernels.assignedNs.set(kernel, state.timestampNs);
        kernels.restart.set(kernel, sessions.restart.get(session));
        kernels.graceNs.set(kernel, sessions.graceNs.get(session));
        kernels.markedConnection.set(kernel, agents.connection.get(agent));
        agents.nextAssignment.set(agent, assignmentNo + 1);
        linkSibling(session, kernel);
        agentKernels.add(kernel);
        sessions.live.set(session, sessions.live.get(session) + 1);
        sessions.countKernel(session, LifeState.SCHEDULED.value(), 1);
        return kernel;
    }

    private void linkSibling(final int session, final int kernel)
    {
        final int tail = sessions.kernelTail.get(session);
        kernels.siblingPrevious.set(kernel, tail);
        if (Table.NONE == tail)
        {
            sessions.kernelHead.set(session, kernel);
        }
        else
        {
            kernels.siblingNext.set(tail, kernel);
        }
        sessions.kernelTail.set(session, kernel);
    }

    /** Begins to take what a kernel was given; returns whether the agent may now hold what it could not before. */
    private boolean take(final int agent, final int kernel, final long cpuMillis, final long memoryBytes)
    {
        final int shape = kernels.shape.get(kernel);
        agents.countRunning(agent, shapes.deviceClass.get(shape), 1);
        state.groups.cursor.set(shapes.group.get(shape), agent);
        agents.take(agent, SlotTable.CPU, cpuMillis);
        agents.take(agent, SlotTable.MEM, memoryBytes);
        return state.constraints.isOfGroup(shapes.constraint.get(shape)) && join(shape, agent);
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
        final int shape = kernels.shape.get(kernel);
        state.ledger.onKernels(shape, 1);
        final int group = shapes.group.get(shape);
        deadline(kernel, state.timestampNs + state.groups.scheduledTimeoutNs.get(group));
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
        final int agent = kernels.agent.get(kernel);
        final int shape = kernels.shape.get(kernel);
        state.shadows.touch(agents.group.get(agent));
        agents.countRunning(agent, shapes.deviceClass.get(shape), -1);
        agents.take(agent, SlotTable.CPU, -shapes.amount(shape, SlotTable.CPU));
        agents.take(agent, SlotTable.MEM, -shapes.amount(shape, SlotTable.MEM));
        for (int mask = shapes.furtherMask.get(shape); 0 != mask; mask &= mask - 1)
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
        if (state.constraints.isOfGroup(shapes.constraint.get(shape)))
        {
            leave(shape, agent);
        }
    }

    /** Returns whether the agent is now one where others who must go where their group is may go. */
    private boolean join(final int shape, final int agent)
    {
        final byte[] constraint = state.constraints.text(shapes.constraint.get(shape));
        return state.sessionGroups.join(shapes.owner.get(shape), constraint, agent) && state.constraints.hasPacks();
    }

    private void leave(final int shape, final int agent)
    {
        final byte[] constraint = state.constraints.text(shapes.constraint.get(shape));
        if (state.sessionGroups.leave(shapes.owner.get(shape), constraint, agent) && state.constraints.hasPacks())
        {
            // Those who must go where their group is may now go anywhere.
            state.schedule.agentIndex.gainAll();
        }
    }

    private void deadline(final int kernel, final long deadlineNs)
    {
        kernels.deadlineNs.set(kernel, deadlineNs);
        state.schedule.armKernel(kernel);
        state.schedule.onAgentChanged(kernels.agent.get(kernel));
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
        final int previous = kernels.state.get(kernel);
        final int session = kernels.session.get(kernel);
        if (!SessionEdges.kernelMayBecome(previous, next))
        {
            throw new IllegalStateException("kernelId=" + kernels.kernelId.get(kernel) + " " +
                LifeState.get((short)previous) + " -> " + LifeState.get((short)next) + " reason=" + reason);
        }
        sessions.countKernel(session, previous, -1);
        noteFailure(session, kernel, next, reason);
        noteStart(kernel, previous, next, reason, exitCode);
        noteExit(session, kernel, reason, exitCode);
        if (next < LifeState.TERMINATED.value())
        {
            sessions.countKernel(session, next, 1);
            kernels.state.set(kernel, (byte)next);
            kernels.reason.set(kernel, (byte)reason.value());
            deadline(kernel, deadlineOf(kernel, session, previous, next));
        }
        else
        {
            sessions.live.set(session, sessions.live.get(session) - 1);
            if (held)
            {
                hold(kernel, session, next, reason);
            }
            else
            {
                remove(kernel);
            }
        }
        if (0 != sessions.killing.get(session) &&
            sessions.live.get(session) == sessions.liveIn(session, LifeState.TERMINATING.value()))
        {
            sessions.killing.set(session, (byte)0);
            state.killing.remove(session);
        }
    }

    /** The agent on which an attempt failed comes last in the next one. */
    private void noteFailure(final int session, final int kernel, final int next, final Reason reason)
    {
        final boolean told = switch (reason)
        {
            case SIBLING_FAILED, USER_REQUESTED, WALLTIME, COMPLETED, PREEMPTED -> true;
            default -> false;
        };
        if (LifeState.ERROR.value() == next || (LifeState.TERMINATING.value() == next && !told))
        {
            sessions.failedAgent.set(session, kernels.agent.get(kernel));
        }
    }

    /** Agents on which one start after another fails are known by that. */
    private void noteStart(
        final int kernel, final int previous, final int next, final Reason reason, final int exitCode)
    {
        if (previous < LifeState.RUNNING.value())
        {
            final int agent = kernels.agent.get(kernel);
            if (StartFailures.isFailure(next, reason))
            {
                StartFailures.add(agents, agent, KernelTable.sessionId(kernels.kernelId.get(kernel)));
            }
            else if (LifeState.RUNNING.value() == next || exitCode >= 0)
            {
                StartFailures.clear(agents, agent);
            }
        }
    }

    private void noteExit(final int session, final int kernel, final Reason reason, final int exitCode)
    {
        if (Lifecycle.isOwnFailure(reason, exitCode))
        {
            final int index = KernelTable.index(kernels.kernelId.get(kernel));
            if (index < sessions.lowestFailed(session))
            {
                sessions.failedKernel.set(session, index + 1);
            }
        }
    }

    private long deadlineOf(final int kernel, final int session, final int previous, final int next)
    {
        final GroupTable groups = state.groups;
        final int group = shapes.group.get(kernels.shape.get(kernel));
        final long nowNs = state.timestampNs;
        switch (LifeState.get((short)next))
        {
            case SCHEDULED, PREPARING:
                return nowNs + groups.prepareTimeoutNs.get(group);
            case PULLING:
                if (LifeState.PULLING.value() != previous)
                {
                    kernels.pullDeadlineNs.set(kernel, nowNs + groups.pullTimeoutNs.get(group));
                }
                return Math.min(
                    nowNs + groups.pullProgressTimeoutNs.get(group), kernels.pullDeadlineNs.get(kernel));
            case RUNNING:
                final long walltimeNs = sessions.walltimeNs.get(session);
                return 0 == walltimeNs ?
                    0 :
                    nowNs + walltimeNs + kernels.graceNs.get(kernel) + state.options.walltimeSlackNs();
            default:
                return nowNs + kernels.graceNs.get(kernel) + groups.killTimeoutNs.get(group);
        }
    }

    private void hold(final int kernel, final int session, final int next, final Reason reason)
    {
        kernels.state.set(kernel, (byte)next);
        kernels.reason.set(kernel, (byte)reason.value());
        kernels.held.set(kernel, (byte)1);
        sessions.held.set(session, sessions.held.get(session) + 1);
        deadline(kernel, 0);
    }

    private void remove(final int kernel)
    {
        state.schedule.disarmKernel(kernel);
        unlinkSibling(kernel);
        agentKernels.remove(kernel);
        giveBack(kernel);
        final int shape = kernels.shape.get(kernel);
        final int session = kernels.session.get(kernel);
        kernels.remove(kernel);
        state.ledger.onKernels(shape, -1);
        if (Table.NONE != session && 0 == sessions.live.get(session) + sessions.held.get(session))
        {
            state.ledger.onSession(shape, -1);
        }
        state.dropShape(shape);
    }

    private void unlinkSibling(final int kernel)
    {
        final int session = kernels.session.get(kernel);
        final int before = kernels.siblingPrevious.get(kernel);
        final int after = kernels.siblingNext.get(kernel);
        if (Table.NONE != before)
        {
            kernels.siblingNext.set(before, after);
        }
        else if (Table.NONE != session)
        {
            sessions.kernelHead.set(session, after);
        }
        if (Table.NONE != after)
        {
            kernels.siblingPrevious.set(after, before);
        }
        else if (Table.NONE != session)
        {
            sessions.kernelTail.set(session, before);
        }
    }

    void onReleased(final DirectBuffer buffer, final int offset, final EventHeader header)
    {
        released.wrap(buffer, offset + MessageHeaderDecoder.ENCODED_LENGTH, header.blockLength(), header.version());
        final int kernel = kernels.find(released.kernelId());
        final int session = kernels.session.get(kernel);
        if (Table.NONE != session)
        {
            sessions.held.set(session, sessions.held.get(session) - 1);
        }
        remove(kernel);
    }

    void onMarked(final DirectBuffer buffer, final int offset, final EventHeader header)
    {
        marked.wrap(buffer, offset + MessageHeaderDecoder.ENCODED_LENGTH, header.blockLength(), header.version());
        final int kernel = kernels.find(marked.kernelId());
        agentKernels.remove(kernel);
        kernels.markedConnection.set(kernel, marked.connection());
        agentKernels.add(kernel);
    }
}
