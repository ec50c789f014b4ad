package io.plimsoll.loadtest.report;

import io.plimsoll.core.PartsFlyweight;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.sbe.AccountConfiguredDecoder;
import io.plimsoll.core.sbe.AgentAttachedDecoder;
import io.plimsoll.core.sbe.AgentChangedDecoder;
import io.plimsoll.core.sbe.AgentClaimedDecoder;
import io.plimsoll.core.sbe.BooleanType;
import io.plimsoll.core.sbe.CommandRejectedDecoder;
import io.plimsoll.core.sbe.GroupConfiguredDecoder;
import io.plimsoll.core.sbe.KernelAdvancedDecoder;
import io.plimsoll.core.sbe.KernelAssignedDecoder;
import io.plimsoll.core.sbe.KernelReleasedDecoder;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Liveness;
import io.plimsoll.core.sbe.LostTailChangedDecoder;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.SessionAdvancedDecoder;
import io.plimsoll.core.sbe.SessionQueuedDecoder;
import io.plimsoll.core.sbe.SlotDefinedDecoder;
import io.plimsoll.core.sbe.TermBeganDecoder;
import io.plimsoll.manager.egress.RecordDispatcher;
import io.plimsoll.manager.egress.RecordListener;
import io.plimsoll.manager.egress.ReleasedRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a report needs to know of a cluster at the present record, and no more: sessions that have not ended, kernels
 * that hold something, agents. It is kept from the records, or from those that a snapshot is made of, and tells
 * listeners what changes. For one thread.
 */
final class ClusterBook implements RecordListener
{
    private static final int KERNEL_BITS = 10;

    private final List<ReportListener> listeners;
    private final RecordDispatcher dispatcher = new RecordDispatcher(this);
    private final BookedNames names;
    private final RequestMixes mixes = new RequestMixes();
    private final Long2ObjectHashMap<BookedSession> sessions = new Long2ObjectHashMap<>();
    private final TreeMap<Long, BookedSession> arrays = new TreeMap<>();
    private final Map<Integer, BookedAgent> agents = new TreeMap<>();
    private final UnsafeBuffer partBytes = new UnsafeBuffer(0, 0);
    private final PartsFlyweight part = new PartsFlyweight();
    /** Who had to yield so far in this record, and to whom is not said yet. */
    private final List<BookedSession> yielding = new ArrayList<>();
    private long commands;
    private long events;

    ClusterBook(final BookedNames names, final List<ReportListener> listeners)
    {
        this.names = names;
        this.listeners = List.copyOf(listeners);
    }

    void onRecord(final RecordFlyweight record)
    {
        events += dispatcher.dispatch(record);
        commands++;
        tellYielding(null, record.timestampNs());
    }

    BookedNames names()
    {
        return names;
    }

    /** What sessions asked for since {@link RequestMixes#clear}. */
    RequestMixes mixes()
    {
        return mixes;
    }

    Collection<BookedAgent> agents()
    {
        return agents.values();
    }

    /** All that has not ended. */
    List<BookedSession> open()
    {
        final List<BookedSession> open = new ArrayList<>(sessions.values());
        arrays.values().stream().filter(array -> array.count > 0).forEach(open::add);
        return open;
    }

    /** Records seen. */
    long commands()
    {
        return commands;
    }

    /** Of all records seen. */
    long events()
    {
        return events;
    }

    // Cluster.

    @Override
    public void onTermBegan(final TermBeganDecoder event, final ReleasedRecord record)
    {
        disconnectAll(record.timestampNs());
        for (final ReportListener listener : listeners)
        {
            listener.onTerm(event.term(), record.timestampNs());
        }
    }

    @Override
    public void onLostTailChanged(final LostTailChangedDecoder event, final ReleasedRecord record)
    {
        if (BooleanType.F == event.lostTail())
        {
            disconnectAll(record.timestampNs());
        }
    }

    private void disconnectAll(final long nowNs)
    {
        for (final BookedAgent agent : agents.values())
        {
            agent.isConnected = false;
            agent.isReconciled = false;
            tell(agent, agent.liveness, nowNs);
        }
    }

    private void tell(final BookedAgent agent, final Liveness before, final long nowNs)
    {
        for (final ReportListener listener : listeners)
        {
            listener.onAgent(agent, before, nowNs);
        }
    }

    @Override
    public void onSlotDefined(final SlotDefinedDecoder event, final ReleasedRecord record)
    {
        names.slot(event.slotId(), event.slotName(), event.kind());
    }

    @Override
    public void onGroupConfigured(final GroupConfiguredDecoder event, final ReleasedRecord record)
    {
        names.group(event.groupId(), event.groupName());
    }

    @Override
    public void onAccountConfigured(final AccountConfiguredDecoder event, final ReleasedRecord record)
    {
        for (final AccountConfiguredDecoder.LimitsDecoder limit : event.limits())
        {
            limit.amount();
        }
        for (final AccountConfiguredDecoder.PendingLimitsDecoder limit : event.pendingLimits())
        {
            limit.amount();
        }
        names.owner(event.accountId(), event.accountName());
    }

    @Override
    public void onCommandRejected(final CommandRejectedDecoder event, final ReleasedRecord record)
    {
        for (final ReportListener listener : listeners)
        {
            listener.onRejected(BookedNames.kebab(event.code()), record.timestampNs());
        }
    }

    // Agents.

    private BookedAgent agent(final int id)
    {
        return agents.computeIfAbsent(id, BookedAgent::new);
    }

    @Override
    public void onAgentAttached(final AgentAttachedDecoder event, final ReleasedRecord record)
    {
        final BookedAgent agent = agent(event.agentId());
        final Liveness before = agent.liveness;
        agent.groupId = event.groupId();
        agent.isAttached = true;
        agent.isConnected = true;
        agent.isReconciled = false;
        agent.liveness = Liveness.ALIVE;
        agent.beginCapacity();
        for (final AgentAttachedDecoder.SlotsDecoder slot : event.slots())
        {
            agent.capacity(slot.slotId(), slot.capacity() * (names.isDevice(slot.slotId()) ? RequestMix.WHOLE : 1));
        }
        for (final AgentAttachedDecoder.LabelsDecoder label : event.labels())
        {
            label.skipKey();
            label.skipValue();
        }
        agent.name = event.agentName();
        tell(agent, before, record.timestampNs());
    }

    @Override
    public void onAgentChanged(final AgentChangedDecoder event, final ReleasedRecord record)
    {
        final BookedAgent agent = agent(event.agentId());
        final Liveness before = agent.liveness;
        agent.isConnected = BooleanType.T == event.connected();
        agent.isReconciled = BooleanType.T == event.reconciled();
        agent.isDrained = BooleanType.T == event.drained();
        agent.isQuarantined = BooleanType.T == event.quarantined();
        agent.liveness = event.liveness();
        agent.isTouched = true;
        tell(agent, before, record.timestampNs());
    }

    // Sessions.

    @Override
    public void onSessionQueued(final SessionQueuedDecoder event, final ReleasedRecord record)
    {
        final long count = event.elementCount();
        final RequestMix mix = mixes.group(event.groupId());
        mix.begin(event.kernels() * count, event.cpuMillis(), event.memoryBytes());
        for (final SessionQueuedDecoder.SlotsDecoder slot : event.slots())
        {
            mix.slot(slot.slotId(), slot.amount());
        }
        mix.end();
        for (final SessionQueuedDecoder.DependenciesDecoder dependency : event.dependencies())
        {
            dependency.sessionId();
        }
        event.skipConstraint();
        final int kernels = event.kernels() + furtherKernels(event, mix, count);
        final BookedSession row = new BookedSession(
            event.sessionId(),
            record.submission().name(event.entryIndex()),
            event.groupId(),
            event.ownerId(),
            kernels,
            count,
            BooleanType.T == event.array());
        row.waitingSinceNs = Math.max(record.timestampNs(), event.startsAtNs());
        if (row.isArray())
        {
            arrays.put(row.id, row);
        }
        else
        {
            sessions.put(row.id, row);
        }
        for (final ReportListener listener : listeners)
        {
            listener.onSubmitted(row, record.timestampNs());
        }
    }

    private int furtherKernels(final SessionQueuedDecoder event, final RequestMix mix, final long count)
    {
        int kernels = 0;
        event.wrapParts(partBytes);
        part.wrap(partBytes);
        while (part.hasNext() && part.next())
        {
            kernels += part.kernels();
            mix.begin(part.kernels() * count, part.cpuMillis(), part.memoryBytes());
            for (int i = part.slots(); i > 0; i--)
            {
                part.nextSlot();
                mix.slot(part.slotId(), part.amount());
            }
            mix.end();
        }
        return kernels;
    }

    /**
     * A session with a row of its own, which an element of an array gets now; null if it has ended, or is not known.
     */
    private BookedSession session(final long id)
    {
        final BookedSession session = sessions.get(id);
        if (null != session)
        {
            return session;
        }
        final BookedSession array = array(id);
        if (null == array || array.isTaken(id))
        {
            return null;
        }
        final BookedSession element = array.element(id);
        sessions.put(id, element);
        return element;
    }

    private BookedSession array(final long id)
    {
        final Map.Entry<Long, BookedSession> entry = arrays.floorEntry(id);
        return null != entry && entry.getValue().contains(id) ? entry.getValue() : null;
    }

    @Override
    public void onSessionAdvanced(final SessionAdvancedDecoder event, final ReleasedRecord record)
    {
        final long id = event.sessionId();
        final long nowNs = record.timestampNs();
        final boolean hadRow = sessions.containsKey(id);
        final BookedSession session = session(id);
        if (null == session)
        {
            return;
        }
        final BookedSession row = hadRow ? session : array(id);
        final LifeState before = session.state;
        final LifeState next = event.state();
        session.state = next;
        if (LifeState.PENDING == before && LifeState.PENDING != next)
        {
            for (final ReportListener listener : listeners)
            {
                listener.onWaited(session, row, next, nowNs);
            }
        }
        else if (LifeState.PENDING == next && LifeState.PENDING != before)
        {
            session.waitingSinceNs = nowNs;
            for (final ReportListener listener : listeners)
            {
                listener.onWaitingAgain(session, nowNs);
            }
        }
        for (final ReportListener listener : listeners)
        {
            listener.onSession(session, event.result(), event.reason(), nowNs);
        }
        if (LifeState.TERMINATING == next && Reason.PREEMPTED == event.reason())
        {
            yielding.add(session);
        }
        if (BookedSession.isTerminal(next))
        {
            forget(session, id);
        }
    }

    /** Behind those who yield stands for whom their agents are claimed. */
    @Override
    public void onAgentClaimed(final AgentClaimedDecoder event, final ReleasedRecord record)
    {
        if (0 != event.sessionId())
        {
            tellYielding(ofKernel(event.sessionId() << KERNEL_BITS), record.timestampNs());
        }
    }

    private void tellYielding(final BookedSession preemptor, final long nowNs)
    {
        for (final BookedSession session : yielding)
        {
            for (final ReportListener listener : listeners)
            {
                listener.onYielded(session, preemptor, nowNs);
            }
        }
        yielding.clear();
    }

    private void forget(final BookedSession session, final long id)
    {
        sessions.remove(id);
        final BookedSession array = array(id);
        if (null != array && array.hasEnded(session))
        {
            arrays.remove(array.id);
        }
    }

    // Kernels.

    @Override
    public void onKernelAssigned(final KernelAssignedDecoder event, final ReleasedRecord record)
    {
        final long kernelId = event.kernelId();
        final long nowNs = record.timestampNs();
        final BookedAgent agent = agent(event.agentId());
        final int further = event.slots().count();
        event.sbeRewind();
        final int[] slotIds = new int[2 + further];
        final long[] amounts = new long[2 + further];
        final long[] devices = new long[2 + further];
        slotIds[1] = BookedNames.MEMORY;
        amounts[0] = event.cpuMillis();
        amounts[1] = event.memoryBytes();
        int at = 2;
        for (final KernelAssignedDecoder.SlotsDecoder slot : event.slots())
        {
            slotIds[at] = slot.slotId();
            amounts[at] = slot.amount();
            devices[at++] = slot.devices();
        }
        final BookedKernel kernel = new BookedKernel(
            kernelId, event.attempt(), ofKernel(kernelId), agent, nowNs, slotIds, amounts, devices);
        final BookedKernel replaced = agent.kernels.put(kernelId, kernel);
        if (null != replaced)
        {
            free(replaced, nowNs);
        }
        use(kernel, 1);
        for (final ReportListener listener : listeners)
        {
            listener.onPlaced(kernel, nowNs);
        }
    }

    /** Kernels are assigned before their session says that it is scheduled: an element of an array has no row yet. */
    private BookedSession ofKernel(final long kernelId)
    {
        final long id = kernelId >> KERNEL_BITS;
        final BookedSession session = sessions.get(id);
        final BookedSession array = null == session ? array(id) : null;
        return null != session ? session :
            null != array ? new BookedSession(id, array.name, array.groupId, array.ownerId, array.kernels, 1, false) :
            new BookedSession(id, "", 0, 0, 1, 1, false);
    }

    /** Devices, whole or shared, are counted in thousandths. */
    private void use(final BookedKernel kernel, final int sign)
    {
        for (int i = 0; i < kernel.slotIds.length; i++)
        {
            final int slotId = kernel.slotIds[i];
            final long mask = kernel.devices[i];
            if (names.isShare(slotId))
            {
                final int each = (int)(kernel.amounts[i] / Math.max(1, Long.bitCount(mask)));
                kernel.agent.use(names.deviceOf(slotId), sign * kernel.amounts[i]);
                kernel.agent.useDevices(names.deviceOf(slotId), mask, sign * each);
            }
            else if (names.isDevice(slotId))
            {
                kernel.agent.use(slotId, sign * RequestMix.WHOLE * kernel.amounts[i]);
                kernel.agent.useDevices(slotId, mask, sign * RequestMix.WHOLE);
            }
            else
            {
                kernel.agent.use(slotId, sign * kernel.amounts[i]);
            }
        }
    }

    @Override
    public void onKernelAdvanced(final KernelAdvancedDecoder event, final ReleasedRecord record)
    {
        final BookedKernel kernel = agent(event.agentId()).kernels.get(event.kernelId());
        if (null == kernel)
        {
            return;
        }
        final LifeState before = kernel.state;
        final long sinceNs = kernel.stateSinceNs;
        kernel.state = event.state();
        kernel.reason = event.reason();
        kernel.stateSinceNs = record.timestampNs();
        for (final ReportListener listener : listeners)
        {
            listener.onKernel(kernel, before, sinceNs, record.timestampNs());
        }
        if (kernel.hasEnded() && BooleanType.T != event.held())
        {
            kernel.agent.kernels.remove(event.kernelId());
            free(kernel, record.timestampNs());
        }
    }

    @Override
    public void onKernelReleased(final KernelReleasedDecoder event, final ReleasedRecord record)
    {
        final BookedKernel kernel = agent(event.agentId()).kernels.remove(event.kernelId());
        if (null != kernel)
        {
            free(kernel, record.timestampNs());
        }
    }

    private void free(final BookedKernel kernel, final long nowNs)
    {
        use(kernel, -1);
        for (final ReportListener listener : listeners)
        {
            listener.onFreed(kernel, nowNs);
        }
    }
}
