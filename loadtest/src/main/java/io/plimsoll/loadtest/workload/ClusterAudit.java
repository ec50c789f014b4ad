package io.plimsoll.loadtest.workload;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.sbe.AgentAttachedDecoder;
import io.plimsoll.core.sbe.AgentChangedDecoder;
import io.plimsoll.core.sbe.BooleanType;
import io.plimsoll.core.sbe.KernelAdvancedDecoder;
import io.plimsoll.core.sbe.KernelAssignedDecoder;
import io.plimsoll.core.sbe.KernelReleasedDecoder;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Liveness;
import io.plimsoll.core.sbe.LostTailChangedDecoder;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.SessionAdvancedDecoder;
import io.plimsoll.core.sbe.SessionForgottenDecoder;
import io.plimsoll.core.sbe.SessionQueuedDecoder;
import io.plimsoll.core.sbe.SlotDefinedDecoder;
import io.plimsoll.core.sbe.TermBeganDecoder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;

/**
 * Keeps books of its own from the events alone, and throws at the first one that must not happen: a kernel placed
 * while an earlier epoch of it is not released, more given than an agent has, a device given twice, work for an agent
 * that may not get any, a session that ends twice. It shares no code with the core. One thread.
 */
public final class ClusterAudit
{
    /** Ids of kernels are those of their sessions, and behind them as many bits for the number in the session. */
    private static final int KERNEL_BITS = 10;
    private static final String SHARES = ".shares";
    private static final long THOUSAND = 1_000;

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final SlotDefinedDecoder slotDefined = new SlotDefinedDecoder();
    private final AgentAttachedDecoder attached = new AgentAttachedDecoder();
    private final AgentChangedDecoder changed = new AgentChangedDecoder();
    private final KernelAssignedDecoder assigned = new KernelAssignedDecoder();
    private final KernelAdvancedDecoder kernelAdvanced = new KernelAdvancedDecoder();
    private final KernelReleasedDecoder released = new KernelReleasedDecoder();
    private final SessionQueuedDecoder queued = new SessionQueuedDecoder();
    private final SessionAdvancedDecoder advanced = new SessionAdvancedDecoder();
    private final SessionForgottenDecoder forgotten = new SessionForgottenDecoder();
    private final TermBeganDecoder termBegan = new TermBeganDecoder();
    private final LostTailChangedDecoder lostTailChanged = new LostTailChangedDecoder();
    private final RecordFlyweight.EventConsumer onEvent = this::onEvent;
    private final Map<Integer, String> slotNameById = new HashMap<>();
    private final Map<Integer, AuditedAgent> agentById = new HashMap<>();
    private final Map<Long, Placement> placementByKernel = new HashMap<>();
    private final Map<Long, LifeState> stateBySession = new HashMap<>();
    private final Map<Long, LifeState> reachedByKernel = new HashMap<>();
    private final Map<Long, Integer> ownerBySession = new HashMap<>();
    private int gangKernels;
    private int gangLeft;
    private long sequence;
    private long timestampNs;
    private long term;
    private boolean lostTail;
    private long endedCount;
    private long placedCount;
    private long highestId;

    /**
     * Audits the next record.
     *
     * @param record the one after the last.
     */
    public void onRecord(final RecordFlyweight record)
    {
        require(record.sequence() == sequence + 1, "sequence is not the next");
        require(record.timestampNs() >= timestampNs, "time falls");
        sequence = record.sequence();
        timestampNs = record.timestampNs();
        record.forEachEvent(onEvent);
        require(0 == gangLeft, "a session was placed without " + gangLeft + " of its " + gangKernels + " kernels");
    }

    /** Sessions in a terminal state, array elements counted. */
    public long endedCount()
    {
        return endedCount;
    }

    /** Sessions accepted and not forgotten. */
    public long sessionCount()
    {
        return stateBySession.size();
    }

    /** Kernels that were placed. */
    public long placedCount()
    {
        return placedCount;
    }

    /** Kernels placed and not proven gone. */
    public int heldCount()
    {
        return placementByKernel.size();
    }

    /**
     * State of a session.
     *
     * @param sessionId of it.
     * @return null if unknown or forgotten.
     */
    public LifeState state(final long sessionId)
    {
        return stateBySession.get(sessionId);
    }

    /**
     * How far a kernel came, before it was to end if it was.
     *
     * @param kernelId of it.
     * @return null if it is not placed.
     */
    public LifeState kernelReached(final long kernelId)
    {
        return reachedByKernel.get(kernelId);
    }

    /**
     * What is taken of each slot, by agent.
     *
     * @return amounts by name of slot by id of agent.
     */
    public Map<Integer, Map<String, Long>> used()
    {
        final Map<Integer, Map<String, Long>> used = new HashMap<>();
        agentById.forEach((id, agent) -> used.put(id, Map.copyOf(agent.usedBySlot)));
        return used;
    }

    /**
     * What is taken of each slot, by owner.
     *
     * @return amounts by name of slot by id of owner.
     */
    public Map<Integer, Map<String, Long>> usedByOwner()
    {
        final Map<Integer, Map<String, Long>> used = new HashMap<>();
        placementByKernel.forEach((kernelId, placement) ->
        {
            final Map<String, Long> ofOwner =
                used.computeIfAbsent(ownerBySession.getOrDefault(kernelId >> KERNEL_BITS, 0), id -> new HashMap<>());
            placement.amounts().forEach((slot, amount) -> ofOwner.merge(slot, amount, Long::sum));
        });
        return used;
    }

    /** Sessions that have not ended. */
    public long openCount()
    {
        return stateBySession.values().stream().filter(state -> !isTerminal(state)).count();
    }

    /**
     * Some of the sessions that have not ended, with their states.
     *
     * @param max of them.
     */
    public String openIds(final int max)
    {
        return stateBySession.entrySet().stream()
            .filter(entry -> !isTerminal(entry.getValue()))
            .limit(max)
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .toList()
            .toString();
    }

    /** Sessions that have not ended, in order. */
    public List<Long> openIds()
    {
        return stateBySession.entrySet().stream()
            .filter(entry -> !isTerminal(entry.getValue()))
            .map(Map.Entry::getKey)
            .sorted()
            .toList();
    }

    /** Highest id that was ever accepted. */
    public long highestId()
    {
        return highestId;
    }

    /**
     * Whether a kernel is placed in exactly this epoch.
     *
     * @param kernelId of it.
     * @param epochTerm term of it.
     * @param attempt  of it.
     * @return whether it is.
     */
    public boolean isPlaced(final long kernelId, final long epochTerm, final int attempt)
    {
        final Placement placement = placementByKernel.get(kernelId);
        return null != placement && placement.term() == epochTerm && placement.attempt() == attempt;
    }

    private void onEvent(final DirectBuffer buffer, final int offset, final int length)
    {
        header.wrap(buffer, offset);
        switch (header.templateId())
        {
            case TermBeganDecoder.TEMPLATE_ID -> onTermBegan(termBegan.wrapAndApplyHeader(buffer, offset, header));
            case SlotDefinedDecoder.TEMPLATE_ID ->
                onSlotDefined(slotDefined.wrapAndApplyHeader(buffer, offset, header));
            case AgentAttachedDecoder.TEMPLATE_ID -> onAttached(attached.wrapAndApplyHeader(buffer, offset, header));
            case AgentChangedDecoder.TEMPLATE_ID -> onChanged(changed.wrapAndApplyHeader(buffer, offset, header));
            case KernelAssignedDecoder.TEMPLATE_ID -> onAssigned(assigned.wrapAndApplyHeader(buffer, offset, header));
            case KernelAdvancedDecoder.TEMPLATE_ID ->
                onKernelAdvanced(kernelAdvanced.wrapAndApplyHeader(buffer, offset, header));
            case KernelReleasedDecoder.TEMPLATE_ID -> onReleased(released.wrapAndApplyHeader(buffer, offset, header));
            case SessionQueuedDecoder.TEMPLATE_ID -> onQueued(queued.wrapAndApplyHeader(buffer, offset, header));
            case SessionAdvancedDecoder.TEMPLATE_ID ->
                onAdvanced(advanced.wrapAndApplyHeader(buffer, offset, header));
            case SessionForgottenDecoder.TEMPLATE_ID ->
                onForgotten(forgotten.wrapAndApplyHeader(buffer, offset, header));
            case LostTailChangedDecoder.TEMPLATE_ID ->
                onLostTail(lostTailChanged.wrapAndApplyHeader(buffer, offset, header));
            default ->
            {
                // Nothing that the books hold.
            }
        }
    }

    private void onTermBegan(final TermBeganDecoder event)
    {
        require(event.term() > term, "term=" + event.term() + " is not above " + term);
        term = event.term();
        agentById.values().forEach(AuditedAgent::onTerm);
    }

    private void onLostTail(final LostTailChangedDecoder event)
    {
        lostTail = BooleanType.T == event.lostTail();
        if (!lostTail)
        {
            require(event.term() > term, "term=" + event.term() + " of the accepted loss is not above " + term);
            term = event.term();
        }
    }

    private void onSlotDefined(final SlotDefinedDecoder event)
    {
        require(null == slotNameById.put(event.slotId(), event.slotName()), "slot defined twice");
    }

    private void onAttached(final AgentAttachedDecoder event)
    {
        final AuditedAgent agent = agentById.computeIfAbsent(event.agentId(), AuditedAgent::new);
        require(event.connection() > agent.connection, "connection does not rise on agent " + event.agentId());
        agent.connection = event.connection();
        agent.connected = true;
        agent.reconciled = false;
        agent.capacityBySlot.clear();
        for (final AgentAttachedDecoder.SlotsDecoder slot : event.slots())
        {
            agent.capacityBySlot.put(slotName(slot.slotId()), slot.capacity());
        }
    }

    private void onChanged(final AgentChangedDecoder event)
    {
        final AuditedAgent agent = agent(event.agentId());
        agent.connected = BooleanType.T == event.connected();
        agent.reconciled = BooleanType.T == event.reconciled();
        agent.drained = BooleanType.T == event.drained();
        agent.liveness = event.liveness();
    }

    private void onAssigned(final KernelAssignedDecoder event)
    {
        final long kernelId = event.kernelId();
        final AuditedAgent agent = agent(event.agentId());
        require(agent.mayGetWork(), "kernel " + kernelId + " placed on agent " + agent);
        require(!lostTail, "kernel " + kernelId + " placed while the journal has lost its tail");
        require(event.term() == term, "kernel " + kernelId + " placed in term " + event.term() + ", not " + term);
        require(
            event.assignmentNo() > agent.assignmentNo,
            "assignment " + event.assignmentNo() + " after " + agent.assignmentNo + " on agent " + agent);
        agent.assignmentNo = event.assignmentNo();
        onGang(event);
        final Map<String, Long> amounts = new HashMap<>();
        amounts.merge("cpu", event.cpuMillis(), Long::sum);
        amounts.merge("mem", event.memoryBytes(), Long::sum);
        final Map<String, Long> devices = new HashMap<>();
        for (final KernelAssignedDecoder.SlotsDecoder slot : event.slots())
        {
            amounts.merge(slotName(slot.slotId()), slot.amount(), Long::sum);
            if (0 != slot.devices())
            {
                final String name = slotName(slot.slotId());
                final int count = Long.bitCount(slot.devices());
                require(name.endsWith(SHARES) ? 1 == count : count == slot.amount(), "devices do not equal the amount");
                devices.put(name, slot.devices());
            }
        }
        final Placement placement = new Placement(agent, event.term(), event.attempt(), amounts, devices);
        final Placement before = placementByKernel.put(kernelId, placement);
        require(null == before, "kernel " + kernelId + " placed in two epochs at once");
        agent.take(placement, this);
        reachedByKernel.put(kernelId, LifeState.SCHEDULED);
        placedCount++;
    }

    /** All kernels of a session follow each other in one record. */
    private void onGang(final KernelAssignedDecoder event)
    {
        if (0 == gangLeft)
        {
            gangKernels = event.kernelCount();
            gangLeft = gangKernels;
        }
        require(
            event.kernelCount() == gangKernels,
            "kernel " + event.kernelId() + " of " + event.kernelCount() + " placed amid a session of " + gangKernels);
        gangLeft--;
    }

    private void onKernelAdvanced(final KernelAdvancedDecoder event)
    {
        final Placement placement = placementByKernel.get(event.kernelId());
        require(
            null != placement && placement.attempt() == event.attempt() && placement.agent().id == event.agentId(),
            "kernel " + event.kernelId() + " advances in attempt " + event.attempt() + " but is " + placement);
        if (event.state().value() < LifeState.TERMINATING.value())
        {
            reachedByKernel.put(event.kernelId(), event.state());
        }
        if (isTerminal(event.state()) && BooleanType.F == event.held())
        {
            release(event.kernelId());
        }
    }

    private void onReleased(final KernelReleasedDecoder event)
    {
        final Placement placement = placementByKernel.get(event.kernelId());
        require(
            null != placement && placement.term() == event.term() && placement.attempt() == event.attempt() &&
            placement.agent().id == event.agentId(),
            "kernel " + event.kernelId() + " released in epoch " + event.term() + "." + event.attempt() +
            " but is " + placement);
        release(event.kernelId());
    }

    private void release(final long kernelId)
    {
        reachedByKernel.remove(kernelId);
        final Placement placement = placementByKernel.remove(kernelId);
        placement.agent().giveBack(placement);
    }

    private void onQueued(final SessionQueuedDecoder event)
    {
        for (long i = 0; i < event.elementCount(); i++)
        {
            final LifeState before = stateBySession.put(event.sessionId() + i, LifeState.PENDING);
            require(null == before, "session " + (event.sessionId() + i) + " queued twice");
            ownerBySession.put(event.sessionId() + i, event.ownerId());
            highestId = Math.max(highestId, event.sessionId() + i);
        }
    }

    private void onAdvanced(final SessionAdvancedDecoder event)
    {
        final LifeState before = stateBySession.put(event.sessionId(), event.state());
        require(null != before, "session " + event.sessionId() + " advances but was never queued");
        require(
            !isTerminal(before), "session " + event.sessionId() + " was " + before + " and becomes " + event.state());
        if (isTerminal(event.state()))
        {
            endedCount++;
        }
    }

    private void onForgotten(final SessionForgottenDecoder event)
    {
        final LifeState before = stateBySession.remove(event.sessionId());
        require(null != before && isTerminal(before), "session " + event.sessionId() + " forgotten while " + before);
    }

    private AuditedAgent agent(final int agentId)
    {
        final AuditedAgent agent = agentById.get(agentId);
        require(null != agent, "agent " + agentId + " was never attached");
        return agent;
    }

    private String slotName(final int slotId)
    {
        // The two that every agent has may have been there before the first SlotDefined.
        return slotNameById.computeIfAbsent(slotId, id -> 0 == id ? "cpu" : 1 == id ? "mem" : "slot-" + id);
    }

    private void require(final boolean holds, final String what)
    {
        if (!holds)
        {
            throw new AuditException("sequence=" + sequence + ": " + what);
        }
    }

    /** Whether nothing follows it. */
    public static boolean isTerminal(final LifeState state)
    {
        return LifeState.TERMINATED == state || LifeState.CANCELLED == state || LifeState.ERROR == state;
    }

    private record Placement(
        AuditedAgent agent, long term, int attempt, Map<String, Long> amounts, Map<String, Long> devices)
    {
    }

    private static final class AuditedAgent
    {
        private final int id;
        private final Map<String, Long> capacityBySlot = new HashMap<>();
        private final Map<String, Long> usedBySlot = new HashMap<>();
        private final Map<String, long[]> thousandthsByDevice = new HashMap<>();
        private long connection;
        private long assignmentNo;
        private boolean connected;
        private boolean reconciled;
        private boolean drained;
        private Liveness liveness = Liveness.ALIVE;

        AuditedAgent(final int id)
        {
            this.id = id;
        }

        void onTerm()
        {
            connected = false;
            reconciled = false;
        }

        boolean mayGetWork()
        {
            return connected && reconciled && !drained && Liveness.ALIVE == liveness;
        }

        void take(final Placement placement, final ClusterAudit audit)
        {
            placement.amounts().forEach((slot, amount) ->
            {
                final long used = usedBySlot.merge(slot, amount, Long::sum);
                final long capacity = capacityBySlot.getOrDefault(slot, 0L);
                // Nobody offers shares: they are of devices, which are looked at below.
                audit.require(used <= capacity || slot.endsWith(SHARES),
                    "agent " + id + " has " + slot + "=" + capacity + " and gives " + used);
            });
            book(placement, 1);
            thousandthsByDevice.forEach((kind, taken) ->
            {
                for (final long thousandths : taken)
                {
                    audit.require(thousandths <= THOUSAND, "agent " + id + " gives a device of " + kind + " twice");
                }
            });
        }

        void giveBack(final Placement placement)
        {
            placement.amounts().forEach((slot, amount) -> usedBySlot.merge(slot, -amount, Long::sum));
            book(placement, -1);
        }

        private void book(final Placement placement, final int sign)
        {
            placement.devices().forEach((slot, mask) ->
            {
                final String kind = slot.substring(0, slot.lastIndexOf('.'));
                final long[] taken = thousandthsByDevice.computeIfAbsent(kind, key -> new long[Long.SIZE]);
                final long each = slot.endsWith(SHARES) ? placement.amounts().get(slot) : THOUSAND;
                for (long left = mask; 0 != left; left &= left - 1)
                {
                    taken[Long.numberOfTrailingZeros(left)] += sign * each;
                }
            });
        }

        @Override
        public String toString()
        {
            return id + "{connected=" + connected + " reconciled=" + reconciled + " drained=" + drained +
                " liveness=" + liveness + "}";
        }
    }

    /** The events broke a rule. */
    public static final class AuditException extends RuntimeException
    {
        private static final long serialVersionUID = 1L;

        AuditException(final String message)
        {
            super(message);
        }
    }
}
