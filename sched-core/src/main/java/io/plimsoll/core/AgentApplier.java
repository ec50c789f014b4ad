package io.plimsoll.core;

import io.plimsoll.core.sbe.AgentAttachedDecoder;
import io.plimsoll.core.sbe.AgentChangedDecoder;
import io.plimsoll.core.sbe.AgentClaimedDecoder;
import io.plimsoll.core.sbe.BooleanType;
import io.plimsoll.core.sbe.InventoryReceivedDecoder;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Liveness;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Applies events about agents: connections, liveness, capacity, inventories. */
final class AgentApplier
{
    private static final DirectBuffer RACK = new UnsafeBuffer(new byte[]{'r', 'a', 'c', 'k'});
    private static final DirectBuffer BLOCK = new UnsafeBuffer(new byte[]{'b', 'l', 'o', 'c', 'k'});

    private final CoreState state;
    private final AgentTable agents;
    private final KernelTable kernels;
    private final AgentAttachedDecoder attached = new AgentAttachedDecoder();
    private final AgentChangedDecoder changed = new AgentChangedDecoder();
    private final AgentClaimedDecoder claimed = new AgentClaimedDecoder();
    private final InventoryReceivedDecoder inventory = new InventoryReceivedDecoder();
    private final UnsafeBuffer text = new UnsafeBuffer(0, 0);
    private final long[] capacity = new long[SlotTable.SLOTS_MAX];

    AgentApplier(final CoreState state)
    {
        this.state = state;
        agents = state.agents;
        kernels = state.kernels;
    }

    void onAttached(final DirectBuffer buffer, final int offset, final MessageHeaderDecoder header)
    {
        attached.wrapAndApplyHeader(buffer, offset, header);
        final int agent = attached.agentId();
        if (!agents.isKnown(agent))
        {
            agents.add(agent, attached.uuidHi(), attached.uuidLo());
        }
        state.schedule.agentIndex.beforeChange(agent);
        readCapacity();
        join(agent, attached.groupId());
        if (BooleanType.T == attached.lostTail())
        {
            state.seenTermMax = Math.max(state.seenTermMax, attached.seenTerm());
        }
        for (int slot = 0; slot < state.slots.count(); slot++)
        {
            agents.capacity(agent, slot, capacity[slot]);
        }
        readLabels(agent);
        readModels(agent);
        agents.set(agents.rack, agent, label(agent, RACK));
        agents.set(agents.block, agent, label(agent, BLOCK));
        agents.set(agents.kernelsMax, agent, attached.kernelsMax());
        attached.wrapAgentName(text);
        agents.rename(agent, state.names.intern(text, 0, text.capacity()));
        attached.wrapArch(text);
        agents.set(agents.arch, agent, state.names.intern(text, 0, text.capacity()));
        agents.set(agents.connection, agent, attached.connection());
        agents.set(agents.reconciled, agent, (byte)0);
        agents.set(agents.inventoryComplete, agent, (byte)0);
        agents.set(agents.inventoryParts, agent, 0);
        agents.set(agents.liveness, agent, (byte)Liveness.ALIVE.value());
        connected(agent, true);
        agents.attaches++;
        state.kinds.onAttached(agent);
        state.schedule.onAgent(agent);
        state.shadows.onAgent(agent);
        state.agentWork.add(agent);
    }

    private void readCapacity()
    {
        for (int slot = 0; slot < capacity.length; slot++)
        {
            capacity[slot] = 0;
        }
        for (final AgentAttachedDecoder.SlotsDecoder slot : attached.slots())
        {
            capacity[slot.slotId()] = slot.capacity();
        }
    }

    private void readLabels(final int agent)
    {
        state.labels.removeAll(agents.get(agents.labels, agent));
        int first = 0;
        for (final AgentAttachedDecoder.LabelsDecoder label : attached.labels())
        {
            label.wrapKey(text);
            final int key = state.names.intern(text, 0, text.capacity());
            label.wrapValue(text);
            first = state.labels.add(key, state.names.intern(text, 0, text.capacity()), first);
        }
        agents.set(agents.labels, agent, first);
    }

    private int label(final int agent, final DirectBuffer key)
    {
        final int name = state.names.find(key, 0, key.capacity());
        return Table.NONE == name ? Table.NONE : state.labels.find(agents.get(agents.labels, agent), name);
    }

    /** The model of devices {@code X.device} is the label {@code X.model}. */
    private void readModels(final int agent)
    {
        for (int slot = 0; slot < state.slots.count(); slot++)
        {
            final int label = state.slots.isDevice(slot) ? state.slots.modelLabel(slot) : Table.NONE;
            if (Table.NONE != label)
            {
                agents.model(
                    agent, slot, state.models.model(state.labels.find(agents.get(agents.labels, agent), label)));
            }
            else
            {
                agents.model(agent, slot, 0);
            }
        }
    }

    private void join(final int agent, final int group)
    {
        final GroupTable groups = state.groups;
        final int previous = agents.get(agents.group, agent);
        if (previous != group)
        {
            if (Table.NONE != previous)
            {
                groups.add(groups.agents, previous, -1);
            }
            groups.add(groups.agents, group, 1);
            agents.set(agents.group, agent, group);
        }
        state.capacityChanges++;
    }

    /** While an agent is away, the deadlines of its starting kernels stand still. */
    void connected(final int agent, final boolean isConnected)
    {
        final boolean wasConnected = 0 != agents.get(agents.connected, agent);
        if (isConnected != wasConnected)
        {
            agents.set(agents.connected, agent, (byte)(isConnected ? 1 : 0));
            if (isConnected)
            {
                final long awayNs = state.timestampNs - agents.get(agents.disconnectedNs, agent);
                resume(agents.get(agents.waitHead, agent), awayNs);
                resume(agents.get(agents.restartHead, agent), awayNs);
            }
            else
            {
                agents.set(agents.disconnectedNs, agent, state.timestampNs);
                pause(agents.get(agents.waitHead, agent));
                pause(agents.get(agents.restartHead, agent));
            }
        }
    }

    private void pause(final int first)
    {
        for (int kernel = first; Table.NONE != kernel; kernel = kernels.get(kernels.agentNext, kernel))
        {
            if (state.isPaused(kernel))
            {
                state.schedule.deadlines.disarmKernel(kernel);
            }
        }
    }

    private void resume(final int first, final long awayNs)
    {
        for (int kernel = first; Table.NONE != kernel; kernel = kernels.get(kernels.agentNext, kernel))
        {
            if (0 == kernels.get(kernels.held, kernel) &&
                kernels.get(kernels.state, kernel) < LifeState.RUNNING.value())
            {
                kernels.add(kernels.deadlineNs, kernel, awayNs);
                if (0 != kernels.get(kernels.pullDeadlineNs, kernel))
                {
                    kernels.add(kernels.pullDeadlineNs, kernel, awayNs);
                }
                state.schedule.deadlines.armKernel(kernel);
            }
        }
    }

    void onChanged(final DirectBuffer buffer, final int offset, final MessageHeaderDecoder header)
    {
        changed.wrapAndApplyHeader(buffer, offset, header);
        final int agent = changed.agentId();
        final boolean wasEligible = agents.isEligible(agent);
        state.schedule.agentIndex.beforeChange(agent);
        connected(agent, BooleanType.T == changed.connected());
        agents.set(agents.reconciled, agent, (byte)changed.reconciledRaw());
        if (BooleanType.F == changed.connected())
        {
            agents.set(agents.inventoryComplete, agent, (byte)0);
        }
        agents.set(agents.liveness, agent, (byte)changed.livenessRaw());
        agents.set(agents.drained, agent, (byte)changed.drainedRaw());
        quarantine(agent, BooleanType.T == changed.quarantined());
        state.schedule.agentIndex.afterChange(agent, !wasEligible);
        state.schedule.onAgent(agent);
        state.shadows.onAgent(agent);
        if (Liveness.LOST.value() == changed.livenessRaw())
        {
            state.agentWork.add(agent);
        }
    }

    /** Who leaves quarantine starts with a clean slate. */
    private void quarantine(final int agent, final boolean quarantined)
    {
        if (quarantined != (0 != agents.get(agents.quarantined, agent)))
        {
            final long lengthNs = state.groups.get(state.groups.quarantineNs, agents.get(agents.group, agent));
            agents.set(agents.quarantined, agent, (byte)(quarantined ? 1 : 0));
            agents.set(
                agents.quarantinedUntilNs, agent, quarantined && lengthNs > 0 ? state.timestampNs + lengthNs : 0);
            agents.clearFailedStarts(agent);
            state.schedule.deadlines.armAgent(agent);
        }
    }

    void onClaimed(final DirectBuffer buffer, final int offset, final MessageHeaderDecoder header)
    {
        claimed.wrapAndApplyHeader(buffer, offset, header);
        final int agent = claimed.agentId();
        state.schedule.agentIndex.beforeChange(agent);
        if (0 == claimed.sessionId())
        {
            noteClaimInVain(agents.get(agents.claimedBy, agent));
        }
        agents.claims += (0 == claimed.sessionId() ? 0 : 1) - (0 == agents.get(agents.claimedBy, agent) ? 0 : 1);
        agents.set(agents.claimedBy, agent, claimed.sessionId());
        state.schedule.agentIndex.onClaimed(agent);
        state.schedule.agentIndex.afterChange(agent, true);
    }

    /** A claim that ends while its session still waits did not help: after some, nobody yields to it for a while. */
    private void noteClaimInVain(final long sessionId)
    {
        final int session = state.sessions.find(sessionId);
        if (Table.NONE != session && LifeState.PENDING.value() == state.sessions.get(state.sessions.state, session))
        {
            final int inVain = state.sessions.get(state.sessions.yieldsInVain, session) + 1;
            state.sessions.set(state.sessions.yieldsInVain, session, inVain);
            state.sessions.set(
                state.sessions.yieldNotBeforeNs,
                session,
                inVain < Preemption.IN_VAIN_MAX ? 0 : state.timestampNs + Preemption.RETRY_NS);
        }
    }

    void onInventoryReceived(final DirectBuffer buffer, final int offset, final MessageHeaderDecoder header)
    {
        inventory.wrapAndApplyHeader(buffer, offset, header);
        final int agent = inventory.agentId();
        agents.set(agents.inventoryParts, agent, inventory.part() + 1);
        agents.set(agents.highestAssignment, agent, inventory.highestAssignment());
        agents.set(agents.inventoryComplete, agent, (byte)inventory.lastRaw());
        state.agentWork.add(agent);
    }
}
