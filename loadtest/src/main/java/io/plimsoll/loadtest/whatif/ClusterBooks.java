package io.plimsoll.loadtest.whatif;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.sbe.AccountConfiguredDecoder;
import io.plimsoll.core.sbe.AgentAttachedDecoder;
import io.plimsoll.core.sbe.AgentChangedDecoder;
import io.plimsoll.core.sbe.BooleanType;
import io.plimsoll.core.sbe.CommandRejectedDecoder;
import io.plimsoll.core.sbe.GroupConfiguredDecoder;
import io.plimsoll.core.sbe.InventoryReceivedDecoder;
import io.plimsoll.core.sbe.KernelAdvancedDecoder;
import io.plimsoll.core.sbe.KernelAssignedDecoder;
import io.plimsoll.core.sbe.KernelReleasedDecoder;
import io.plimsoll.core.sbe.KillRequestedDecoder;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Liveness;
import io.plimsoll.core.sbe.LostTailChangedDecoder;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.OnLoss;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.SessionAdvancedDecoder;
import io.plimsoll.core.sbe.SessionQueuedDecoder;
import io.plimsoll.core.sbe.SlotDefinedDecoder;
import io.plimsoll.core.sbe.SlotKind;
import io.plimsoll.core.sbe.SubmissionAcceptedDecoder;
import io.plimsoll.core.sbe.TermBeganDecoder;
import io.plimsoll.loadtest.simulate.AgentSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.DirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.Long2ObjectHashMap;

/** What events say of a cluster: its machines, owners and groups, who waits, what runs where. One thread. */
final class ClusterBooks
{
    final ResourceBook resources = new ResourceBook();
    final TreeMap<Integer, GroupSettings> groups = new TreeMap<>();
    final TreeMap<Integer, AccountSettings> accounts = new TreeMap<>();
    final TreeMap<Integer, AgentBook> agents = new TreeMap<>();
    /** In order of their ids. */
    final List<SessionBook> sessions = new ArrayList<>();
    private final Int2ObjectHashMap<AgentBook> agentById = new Int2ObjectHashMap<>();
    private final Long2ObjectHashMap<SessionBook> sessionById = new Long2ObjectHashMap<>();
    private final Long2ObjectHashMap<KernelBook> kernelById = new Long2ObjectHashMap<>();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final SlotDefinedDecoder slotDefined = new SlotDefinedDecoder();
    private final GroupConfiguredDecoder groupConfigured = new GroupConfiguredDecoder();
    private final AccountConfiguredDecoder accountConfigured = new AccountConfiguredDecoder();
    private final AgentAttachedDecoder attached = new AgentAttachedDecoder();
    private final InventoryReceivedDecoder inventory = new InventoryReceivedDecoder();
    private final AgentChangedDecoder changed = new AgentChangedDecoder();
    private final KernelAssignedDecoder assigned = new KernelAssignedDecoder();
    private final KernelAdvancedDecoder kernelAdvanced = new KernelAdvancedDecoder();
    private final KernelReleasedDecoder released = new KernelReleasedDecoder();
    private final KillRequestedDecoder kill = new KillRequestedDecoder();
    private final SessionQueuedDecoder queued = new SessionQueuedDecoder();
    private final SessionAdvancedDecoder advanced = new SessionAdvancedDecoder();
    private final LostTailChangedDecoder lostTail = new LostTailChangedDecoder();
    private final SubmissionAcceptedDecoder accepted = new SubmissionAcceptedDecoder();
    private final CommandRejectedDecoder rejected = new CommandRejectedDecoder();
    private final RecordFlyweight.EventConsumer onEvent = this::onEvent;
    private final RecordFlyweight.EventConsumer onForetold = this::onForetold;
    private final BooksListener listener;
    private final ClusterMeter meter = new ClusterMeter(this);
    private long sequence;
    private long nowNs;

    ClusterBooks(final BooksListener listener)
    {
        this.listener = listener;
    }

    ClusterMeter meter()
    {
        return meter;
    }

    long nowNs()
    {
        return nowNs;
    }

    /**
     * Takes a record of a time of which only the last word on each machine and group is left, before all of those are
     * taken into account in order: others of them speak of slots and groups before these are told.
     */
    void foretell(final RecordFlyweight record)
    {
        record.forEachEvent(onForetold);
    }

    private void onForetold(final DirectBuffer buffer, final int offset, final int length)
    {
        header.wrap(buffer, offset);
        switch (header.templateId())
        {
            case SlotDefinedDecoder.TEMPLATE_ID -> define(slotDefined.wrapAndApplyHeader(buffer, offset, header));
            case GroupConfiguredDecoder.TEMPLATE_ID ->
                configure(groupConfigured.wrapAndApplyHeader(buffer, offset, header));
            default ->
            {
                // In its turn.
            }
        }
    }

    private void define(final SlotDefinedDecoder event)
    {
        final int slotId = event.slotId();
        final SlotKind kind = event.kind();
        resources.define(slotId, event.slotName(), kind);
    }

    private void configure(final GroupConfiguredDecoder event)
    {
        groups.put(event.groupId(), GroupSettings.of(event));
    }

    /** Takes the next record into account. */
    void onRecord(final RecordFlyweight record)
    {
        sequence = record.sequence();
        nowNs = record.timestampNs();
        meter.advance(nowNs);
        record.forEachEvent(onEvent);
    }

    SessionBook session(final long sessionId)
    {
        return sessionById.get(sessionId);
    }

    KernelBook kernel(final long kernelId)
    {
        return kernelById.get(kernelId);
    }

    AgentBook agent(final int agentId)
    {
        return agentById.get(agentId);
    }

    AgentBook agent(final long uuidHi, final long uuidLo)
    {
        for (final AgentBook agent : agents.values())
        {
            if (agent.uuidHi == uuidHi && agent.uuidLo == uuidLo)
            {
                return agent;
            }
        }
        return null;
    }

    GroupSettings group(final String name)
    {
        for (final GroupSettings group : groups.values())
        {
            if (group.name.equals(name))
            {
                return group;
            }
        }
        return null;
    }

    private void onEvent(final DirectBuffer buffer, final int offset, final int length)
    {
        header.wrap(buffer, offset);
        switch (header.templateId())
        {
            case KernelAdvancedDecoder.TEMPLATE_ID ->
                onKernelAdvanced(kernelAdvanced.wrapAndApplyHeader(buffer, offset, header));
            case SessionAdvancedDecoder.TEMPLATE_ID ->
                onAdvanced(advanced.wrapAndApplyHeader(buffer, offset, header));
            case KernelAssignedDecoder.TEMPLATE_ID -> onAssigned(assigned.wrapAndApplyHeader(buffer, offset, header));
            case SessionQueuedDecoder.TEMPLATE_ID -> onQueued(queued.wrapAndApplyHeader(buffer, offset, header));
            case KillRequestedDecoder.TEMPLATE_ID ->
            {
                kill.wrapAndApplyHeader(buffer, offset, header);
                listener.onKill(
                    agentById.get(kill.agentId()), kill.kernelId(), kill.term(), kill.attempt(), kill.reason());
            }
            case KernelReleasedDecoder.TEMPLATE_ID ->
                release(kernelById.get(released.wrapAndApplyHeader(buffer, offset, header).kernelId()));
            case SubmissionAcceptedDecoder.TEMPLATE_ID ->
            {
                accepted.wrapAndApplyHeader(buffer, offset, header);
                listener.onAccepted(
                    accepted.firstId(), accepted.count(), BooleanType.T == accepted.repeated());
            }
            case CommandRejectedDecoder.TEMPLATE_ID ->
            {
                rejected.wrapAndApplyHeader(buffer, offset, header);
                listener.onRejected(rejected);
            }
            default -> onClusterEvent(buffer, offset);
        }
    }

    private void onClusterEvent(final DirectBuffer buffer, final int offset)
    {
        switch (header.templateId())
        {
            case SlotDefinedDecoder.TEMPLATE_ID -> define(slotDefined.wrapAndApplyHeader(buffer, offset, header));
            case GroupConfiguredDecoder.TEMPLATE_ID ->
            {
                configure(groupConfigured.wrapAndApplyHeader(buffer, offset, header));
                listener.onConfigured();
            }
            case AccountConfiguredDecoder.TEMPLATE_ID ->
            {
                accountConfigured.wrapAndApplyHeader(buffer, offset, header);
                final AccountSettings account = AccountSettings.of(accountConfigured, resources);
                accounts.put(account.id, account);
                listener.onConfigured();
            }
            case AgentAttachedDecoder.TEMPLATE_ID -> onAttached(attached.wrapAndApplyHeader(buffer, offset, header));
            case AgentChangedDecoder.TEMPLATE_ID -> onChanged(changed.wrapAndApplyHeader(buffer, offset, header));
            case InventoryReceivedDecoder.TEMPLATE_ID ->
            {
                inventory.wrapAndApplyHeader(buffer, offset, header);
                final AgentBook agent = agentById.get(inventory.agentId());
                agent.inventoryParts = inventory.part() + 1;
                agent.inventoryComplete = BooleanType.T == inventory.last();
            }
            case TermBeganDecoder.TEMPLATE_ID -> disconnectAll();
            case LostTailChangedDecoder.TEMPLATE_ID ->
            {
                if (BooleanType.F == lostTail.wrapAndApplyHeader(buffer, offset, header).lostTail())
                {
                    disconnectAll();
                }
            }
            default ->
            {
                // Nothing that the books hold.
            }
        }
    }

    /* Machines. */

    private void onAttached(final AgentAttachedDecoder event)
    {
        final AgentBook agent = known(event.agentId());
        agent.uuidHi = event.uuidHi();
        agent.uuidLo = event.uuidLo();
        agent.groupId = event.groupId();
        agent.connection = event.connection();
        agent.connected = true;
        agent.reconciled = false;
        agent.inventoryParts = 0;
        agent.inventoryComplete = false;
        agent.liveness = Liveness.ALIVE;
        final boolean sawMore = BooleanType.T == event.lostTail();
        agent.grow(resources.count());
        Arrays.fill(agent.capacity, 0);
        final int kernelsMax = event.kernelsMax();
        final List<AgentSpec.Capacity> slots = new ArrayList<>();
        for (final AgentAttachedDecoder.SlotsDecoder slot : event.slots())
        {
            final ResourceBook.Slot known = resources.slot(slot.slotId());
            // Shares are the same devices once more.
            if (SlotKind.SHARE != known.kind())
            {
                agent.capacity[known.resource()] += slot.capacity() * known.unit();
                slots.add(new AgentSpec.Capacity(known.name(), known.kind(), slot.capacity()));
            }
        }
        final TreeMap<String, String> labels = new TreeMap<>();
        for (final AgentAttachedDecoder.LabelsDecoder label : event.labels())
        {
            final String key = label.key();
            labels.put(key, label.value());
        }
        agent.name = event.agentName();
        agent.spec = new AgentSpec(
            agent.name, groups.get(agent.groupId).name, event.arch(), 0, slots, labels, kernelsMax, 0);
        meter.onAgent(agent);
        listener.onAttached(agent, sawMore);
    }

    /** Behind a snapshot, what was placed on a machine is told before its last connection is. */
    private AgentBook known(final int id)
    {
        AgentBook agent = agentById.get(id);
        if (null == agent)
        {
            agent = new AgentBook(id);
            agentById.put(id, agent);
            agents.put(id, agent);
        }
        return agent;
    }

    private void onChanged(final AgentChangedDecoder event)
    {
        final AgentBook agent = known(event.agentId());
        agent.connected = BooleanType.T == event.connected();
        agent.reconciled = BooleanType.T == event.reconciled();
        agent.drained = BooleanType.T == event.drained();
        agent.quarantined = BooleanType.T == event.quarantined();
        agent.liveness = event.liveness();
        agent.inventoryComplete = agent.connected && (agent.inventoryComplete || agent.reconciled);
        meter.onAgent(agent);
        listener.onChanged(agent);
    }

    private void disconnectAll()
    {
        for (final AgentBook agent : agents.values())
        {
            agent.connected = false;
            agent.reconciled = false;
            agent.inventoryComplete = false;
            meter.onAgent(agent);
            listener.onChanged(agent);
        }
    }

    /* Sessions. */

    private void onQueued(final SessionQueuedDecoder event)
    {
        final long firstId = event.sessionId();
        final long count = event.elementCount();
        final int entry = event.entryIndex();
        final long[] amounts = new long[resources.count()];
        amounts[ResourceBook.CPU] = event.cpuMillis();
        amounts[ResourceBook.MEM] = event.memoryBytes();
        final int ownerId = event.ownerId();
        final int groupId = event.groupId();
        final int kernels = event.kernels();
        final boolean restart = OnLoss.RESTART == event.onLoss();
        final long walltimeNs = event.walltimeNs();
        for (final SessionQueuedDecoder.SlotsDecoder slot : event.slots())
        {
            final ResourceBook.Slot known = resources.slot(slot.slotId());
            amounts[known.resource()] += slot.amount() * known.unit();
        }
        final SessionBook.Request request = new SessionBook.Request(
            sequence, entry, firstId, ownerId, groupId, kernels, restart, walltimeNs, amounts);
        for (long i = 0; i < count; i++)
        {
            final SessionBook session = new SessionBook(firstId + i, request, nowNs);
            sessionById.put(session.id, session);
            sessions.add(session);
        }
    }

    private void onAdvanced(final SessionAdvancedDecoder event)
    {
        final SessionBook session = sessionById.get(event.sessionId());
        if (null == session)
        {
            return;
        }
        session.state = event.state();
        session.result = event.result();
        session.reason = event.reason();
        session.attempt = event.attempt();
        if (LifeState.TERMINATING == session.state && Reason.PREEMPTED == session.reason)
        {
            session.preemptions++;
            meter.onPreempted();
        }
        if (session.isEnded())
        {
            session.endedNs = nowNs;
            listener.onEnded(session);
        }
    }

    /* Kernels. */

    private void onAssigned(final KernelAssignedDecoder event)
    {
        final long kernelId = event.kernelId();
        final AgentBook agent = known(event.agentId());
        final SessionBook session = sessionById.get(kernelId >> KernelBook.INDEX_BITS);
        agent.grow(resources.count());
        final long[] amounts = new long[resources.count()];
        final KernelBook kernel = new KernelBook(
            kernelId, event.term(), event.attempt(), agent, session, event.assignmentNo(), nowNs, amounts);
        amounts[ResourceBook.CPU] = event.cpuMillis();
        amounts[ResourceBook.MEM] = event.memoryBytes();
        for (final KernelAssignedDecoder.SlotsDecoder slot : event.slots())
        {
            final ResourceBook.Slot known = resources.slot(slot.slotId());
            amounts[known.resource()] += slot.amount() * known.unit();
            if (0 != slot.devices())
            {
                useDevices(kernel, known.resource(), slot.devices(), slot.amount() * known.unit());
            }
        }
        for (int i = 0; i < amounts.length; i++)
        {
            agent.used[i] += amounts[i];
        }
        agent.highestAssignment = Math.max(agent.highestAssignment, kernel.assignmentNo);
        agent.kernels.put(kernel.assignmentNo, kernel);
        kernelById.put(kernelId, kernel);
        meter.onAssigned(kernel);
        listener.onAssigned(kernel);
    }

    private static void useDevices(final KernelBook kernel, final int resource, final long mask, final long amount)
    {
        if (null == kernel.devices)
        {
            kernel.devices = new long[kernel.amounts.length];
        }
        kernel.devices[resource] |= mask;
        deviceUse(kernel.agent, resource, mask, amount);
    }

    private static void deviceUse(final AgentBook agent, final int resource, final long mask, final long amount)
    {
        if (null == agent.deviceUsed[resource])
        {
            agent.deviceUsed[resource] = new int[AgentBook.DEVICES_MAX];
        }
        final int share = (int)(amount / Long.bitCount(mask));
        for (long left = mask; 0 != left; left &= left - 1)
        {
            agent.deviceUsed[resource][Long.numberOfTrailingZeros(left)] += share;
        }
    }

    private void onKernelAdvanced(final KernelAdvancedDecoder event)
    {
        final KernelBook kernel = kernelById.get(event.kernelId());
        if (null == kernel)
        {
            return;
        }
        kernel.state = event.state();
        kernel.reason = event.reason();
        if (LifeState.RUNNING == kernel.state && null != kernel.session &&
            SessionBook.NOT_YET == kernel.session.startedNs)
        {
            kernel.session.startedNs = nowNs;
            kernel.session.firstAgentId = kernel.agent.id;
        }
        if (SessionBook.isEnd(kernel.state) && BooleanType.F == event.held())
        {
            release(kernel);
        }
    }

    private void release(final KernelBook kernel)
    {
        if (null == kernel)
        {
            return;
        }
        kernelById.remove(kernel.kernelId);
        final AgentBook agent = kernel.agent;
        agent.kernels.remove(kernel.assignmentNo);
        for (int i = 0; i < kernel.amounts.length; i++)
        {
            agent.used[i] -= kernel.amounts[i];
            if (null != kernel.devices && 0 != kernel.devices[i])
            {
                deviceUse(agent, i, kernel.devices[i], -kernel.amounts[i]);
            }
        }
        meter.onReleased(kernel);
        listener.onReleased(kernel);
    }

    /** All accounts under one, itself included; or only itself if there are none. */
    List<Integer> accountsUnder(final int accountId)
    {
        final List<Integer> found = new ArrayList<>(List.of(accountId));
        for (int i = 0; i < found.size(); i++)
        {
            for (final Map.Entry<Integer, AccountSettings> account : accounts.entrySet())
            {
                if (account.getValue().isUnder(found.get(i)) && !found.contains(account.getKey()))
                {
                    found.add(account.getKey());
                }
            }
        }
        return found;
    }
}
