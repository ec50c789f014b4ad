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
        agents.rack.set(agent, label(agent, RACK));
        agents.block.set(agent, label(agent, BLOCK));
        agents.kernelsMax.set(agent, attached.kernelsMax());
        attached.wrapAgentName(text);
        agents.rename(agent, state.names.intern(text, 0, text.capacity()));
        attached.wrapArch(text);
        agents.arch.set(agent, state.names.intern(text, 0, text.capacity()));
        agents.connection.set(agent, attached.connection());
        agents.reconciled.set(agent, (byte)0);
        agents.inventoryComplete.set(agent, (byte)0);
        agents.inventoryParts.set(agent, 0);
        agents.liveness.set(agent, (byte)Liveness.ALIVE.value());
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
        state.labels.removeAll(agents.labels.get(agent));
        int first = 0;
        for (final AgentAttachedDecoder.LabelsDecoder label : attached.labels())
        {
            label.wrapKey(text);
            final int key = state.names.intern(text, 0, text.capacity());
            label.wrapValue(text);
            first = state.labels.add(key, state.names.intern(text, 0, text.capacity()), first);
        }
        agents.labels.set(agent, first);
    }

    private int label(final int agent, final DirectBuffer key)
    {
        final int name = state.names.find(key, 0, key.capacity());
        return Table.NONE == name ? Table.NONE : state.labels.find(agents.labels.get(agent), name);
    }

    /** The model of devices {@code X.device} is the label {@code X.model}. */
    private void readModels(final int agent)
    {
        for (int slot = 0; slot < state.slots.count(); slot++)
        {
            final int label = state.slots.isDevice(slot) ? state.slots.modelLabel(slot) : Table.NONE;
            if (Table.NONE != label)
            {
                agents.model(agent, slot, state.models.model(state.labels.find(agents.labels.get(agent), label)));
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
        final int previous = agents.group.get(agent);
        if (previous != group)
        {
            if (Table.NONE != previous)
            {
                groups.agents.set(previous, groups.agents.get(previous) - 1);
            }
            groups.agents.set(group, groups.agents.get(group) + 1);
            agents.group.set(agent, group);
        }
        state.capacityChanges++;
    }

    /** While an agent is away, the deadlines of its starting kernels stand still. */
    void connected(final int agent, final boolean isConnected)
    {
        final boolean wasConnected = 0 != agents.connected.get(agent);
        if (isConnected != wasConnected)
        {
            agents.connected.set(agent, (byte)(isConnected ? 1 : 0));
            if (isConnected)
            {
                final long awayNs = state.timestampNs - agents.disconnectedNs.get(agent);
                resume(agents.waitHead.get(agent), awayNs);
                resume(agents.restartHead.get(agent), awayNs);
            }
            else
            {
                agents.disconnectedNs.set(agent, state.timestampNs);
                pause(agents.waitHead.get(agent));
                pause(agents.restartHead.get(agent));
            }
        }
    }

    private void pause(final int first)
    {
        for (int kernel = first; Table.NONE != kernel; kernel = kernels.agentNext.get(kernel))
        {
            if (state.isPaused(kernel))
            {
                state.schedule.disarmKernel(kernel);
            }
        }
    }

    private void resume(final int first, final long awayNs)
    {
        for (int kernel = first; Table.NONE != kernel; kernel = kernels.agentNext.get(kernel))
        {
            if (0 == kernels.held.get(kernel) && kernels.state.get(kernel) < LifeState.RUNNING.value())
            {
                kernels.deadlineNs.set(kernel, kernels.deadlineNs.get(kernel) + awayNs);
                if (0 != kernels.pullDeadlineNs.get(kernel))
                {
                    kernels.pullDeadlineNs.set(kernel, kernels.pullDeadlineNs.get(kernel) + awayNs);
                }
                state.schedule.armKernel(kernel);
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
        agents.reconciled.set(agent, (byte)changed.reconciledRaw());
        if (BooleanType.F == changed.connected())
        {
            agents.inventoryComplete.set(agent, (byte)0);
        }
        agents.liveness.set(agent, (byte)changed.livenessRaw());
        agents.drained.set(agent, (byte)changed.drainedRaw());
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
        if (quarantined != (0 != agents.quarantined.get(agent)))
        {
            final long lengthNs = state.groups.quarantineNs.get(agents.group.get(agent));
            agents.quarantined.set(agent, (byte)(quarantined ? 1 : 0));
            agents.quarantinedUntilNs.set(agent, quarantined && lengthNs > 0 ? state.timestampNs + lengthNs : 0);
            StartFailures.clear(agents, agent);
            state.schedule.armAgent(agent);
        }
    }

    void onClaimed(final DirectBuffer buffer, final int offset, final MessageHeaderDecoder header)
    {
        claimed.wrapAndApplyHeader(buffer, offset, header);
        final int agent = claimed.agentId();
        state.schedule.agentIndex.beforeChange(agent);
        if (0 == claimed.sessionId())
        {
            noteClaimInVain(agents.claimedBy.get(agent));
        }
        agents.claims += (0 == claimed.sessionId() ? 0 : 1) - (0 == agents.claimedBy.get(agent) ? 0 : 1);
        agents.claimedBy.set(agent, claimed.sessionId());
        state.schedule.agentIndex.onClaimed(agent);
        state.schedule.agentIndex.afterChange(agent, true);
    }

    /** A claim that ends while its session still waits did not help: after some, nobody yields to it for a while. */
    private void noteClaimInVain(final long sessionId)
    {
        final int session = state.sessions.find(sessionId);
        if (Table.NONE != session && LifeState.PENDING.value() == state.sessions.state.get(session))
        {
            final int inVain = state.sessions.yieldsInVain.get(session) + 1;
            state.sessions.yieldsInVain.set(session, inVain);
            state.sessions.yieldNotBeforeNs.set(
                session, inVain < Preemption.IN_VAIN_MAX ? 0 : state.timestampNs + Preemption.RETRY_NS);
        }
    }

    void onInventoryReceived(final DirectBuffer buffer, final int offset, final MessageHeaderDecoder header)
    {
        inventory.wrapAndApplyHeader(buffer, offset, header);
        final int agent = inventory.agentId();
        agents.inventoryParts.set(agent, inventory.part() + 1);
        agents.highestAssignment.set(agent, inventory.highestAssignment());
        agents.inventoryComplete.set(agent, (byte)inventory.lastRaw());
        state.agentWork.add(agent);
    }
}
