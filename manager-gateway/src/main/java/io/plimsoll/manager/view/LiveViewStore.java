package io.plimsoll.manager.view;

import io.plimsoll.core.sbe.AccountConfiguredDecoder;
import io.plimsoll.core.sbe.AgentAttachedDecoder;
import io.plimsoll.core.sbe.AgentChangedDecoder;
import io.plimsoll.core.sbe.BooleanType;
import io.plimsoll.core.sbe.GroupConfiguredDecoder;
import io.plimsoll.core.sbe.KernelAdvancedDecoder;
import io.plimsoll.core.sbe.KernelAssignedDecoder;
import io.plimsoll.core.sbe.KernelReleasedDecoder;
import io.plimsoll.core.sbe.KernelReportDecoder;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.LostTailChangedDecoder;
import io.plimsoll.core.sbe.OrphanFoundDecoder;
import io.plimsoll.core.sbe.SessionAdvancedDecoder;
import io.plimsoll.core.sbe.SessionForgottenDecoder;
import io.plimsoll.core.sbe.SessionQueuedDecoder;
import io.plimsoll.core.sbe.SessionUpdatedDecoder;
import io.plimsoll.core.sbe.SlotDefinedDecoder;
import io.plimsoll.core.sbe.TermBeganDecoder;
import io.plimsoll.manager.control.GroupOptions;
import io.plimsoll.manager.egress.RecordListener;
import io.plimsoll.manager.egress.ReleasedRecord;
import io.plimsoll.manager.egress.SpecStore;
import io.plimsoll.transport.ContainerSpec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.agrona.collections.LongArrayList;

/**
 * Sessions and agents as of the last released record. The thread of the records writes, through the listener methods;
 * any thread reads, through {@link LiveView}; each event is applied under {@link ViewLock}. A restart feeds it every
 * record of the journal, so that it holds the same as before.
 */
public final class LiveViewStore implements LiveView, RecordListener
{
    private static final int KERNEL_BITS = 10;
    /** Bit of the changes of an update. */
    private static final int NAME_CHANGED = 1 << 2;
    private static final int KERNEL_MASK = (1 << KERNEL_BITS) - 1;

    private final ViewLock lock = new ViewLock();
    private final SlotTable slots = new SlotTable();
    private final GroupTable groups = new GroupTable();
    private final SessionTable sessions = new SessionTable();
    private final AccountTable accounts = new AccountTable(slots);
    private final AgentTable agents = new AgentTable();
    private final TermTable terms = new TermTable();
    private final SessionViews views;
    private final AgentViews agentViews;
    private final SpecStore specs;
    private final Waiters waiters;
    private final LongArrayList endedIds = new LongArrayList();
    private final KernelReportDecoder report = new KernelReportDecoder();
    private volatile long sequence;
    private volatile long agentsVersion;
    private volatile boolean lostTail;

    /**
     * An empty view.
     *
     * @param specs      that the sessions' specs are taken from; must be shown each event before this.
     * @param waitersMax most futures of {@link #whenEnded} at a time.
     */
    public LiveViewStore(final SpecStore specs, final int waitersMax)
    {
        this.specs = specs;
        waiters = new Waiters(waitersMax);
        views = new SessionViews(sessions, agents, slots, groups, accounts);
        agentViews = new AgentViews(lock, agents, slots, groups);
    }

    /**
     * Becomes what another view is now, and shares nothing with it that changes; waiters stay where they are.
     *
     * @param other that nobody writes meanwhile.
     */
    public void copyFrom(final LiveViewStore other)
    {
        slots.copyFrom(other.slots);
        groups.copyFrom(other.groups);
        sessions.copyFrom(other.sessions);
        accounts.copyFrom(other.accounts);
        agents.copyFrom(other.agents);
        terms.copyFrom(other.terms);
        sequence = other.sequence;
        lostTail = other.lostTail;
        agentsVersion = other.agentsVersion + 1;
    }

    // Readers.

    @Override
    public long sequence()
    {
        return sequence;
    }

    @Override
    public SessionView session(final long id)
    {
        return lock.read(() -> views.session(id));
    }

    @Override
    public int ownerOf(final long id)
    {
        return lock.read(() -> views.ownerId(id));
    }

    @Override
    public int ownerEver(final long id)
    {
        return lock.read(() -> views.ownerEver(id));
    }

    /** Whether it can be that a session ends when it is not used: cheap, and now and then true of one that does not. */
    public boolean mayBeIdle(final long id)
    {
        return lock.read(() -> views.mayBeIdle(id));
    }

    /** Whether a session has something for the manager itself; now and then true of one that has not. */
    public boolean hasNotes(final long id)
    {
        return lock.read(() -> views.hasNotes(id));
    }

    @Override
    public SessionHistory history(final long id)
    {
        return lock.read(() -> views.history(id));
    }

    @Override
    public SessionGraph graph(final long id, final boolean before, final boolean behind, final int most)
    {
        return new GraphWalk(lock, sessions).walk(id, before, behind, most);
    }

    @Override
    public SessionPage sessions(final SessionFilter filter, final long cursor, final int limit)
    {
        return views.page(lock, filter, cursor, limit);
    }

    @Override
    public SessionPage sessionsDown(final SessionFilter filter, final long cursor, final int limit)
    {
        return views.pageDown(lock, filter, cursor, limit);
    }

    @Override
    public List<AgentView> agents()
    {
        return agentViews.list();
    }

    @Override
    public long agentsVersion()
    {
        return agentsVersion;
    }

    @Override
    public long[] agentsByLiveness()
    {
        return agentViews.byLiveness();
    }

    @Override
    public AgentCounts agentCounts()
    {
        return agentViews.counts();
    }

    @Override
    public AgentView agent(final int id)
    {
        return agentViews.agent(() -> agents.row(id));
    }

    @Override
    public AgentView agent(final String name)
    {
        return agentViews.agent(() -> agents.row(name));
    }

    @Override
    public GroupView group(final String name)
    {
        return groups.group(name);
    }

    @Override
    public List<GroupView> groupList()
    {
        return groups.list();
    }

    @Override
    public AccountView account(final String idOrName)
    {
        return lock.read(() -> accounts.accountOrNumber(idOrName));
    }

    @Override
    public Set<Integer> accountsBelow(final int accountId)
    {
        return lock.read(() -> accounts.below(accountId));
    }

    @Override
    public List<AccountView> accounts()
    {
        return lock.read(accounts::list);
    }

    @Override
    public String accountName(final int accountId)
    {
        return lock.read(() -> accounts.name(accountId));
    }

    @Override
    public Map<LifeState, Long> counts()
    {
        return lock.read(() -> SessionViews.counts(sessions::count));
    }

    @Override
    public Map<LifeState, Long> counts(final String group)
    {
        final GroupView view = groups.group(group);
        return lock.read(
            () -> SessionViews.counts(state -> null == view ? 0 : sessions.count(state, view.id())));
    }

    @Override
    public boolean lostTail()
    {
        return lostTail;
    }

    @Override
    public CompletableFuture<SessionView> whenEnded(final long id)
    {
        final CompletableFuture<SessionView> future = waiters.add(id);
        if (!future.isDone())
        {
            // Asked after it was added: an end that came before is seen here, one that comes later completes it.
            final SessionView view = session(id);
            if (null == view || SessionRow.isTerminal(view.state()))
            {
                future.complete(view);
            }
        }
        return future;
    }

    /** Assignment of a kernel in an attempt, null if that is not known (any more). Any thread. */
    public Assignment assignment(final long kernelId, final int attempt)
    {
        return lock.read(
            () ->
            {
                Assignment assignment = assignmentUnlocked(kernelId);
                while (null != assignment && assignment.attempt() != attempt)
                {
                    assignment = assignment.previous();
                }
                return assignment;
            });
    }

    /** Number of a session's resource group, also when it was forgotten lately; -1 if it is unknown. Any thread. */
    int groupEver(final long sessionId)
    {
        return lock.read(() -> views.groupEver(sessionId));
    }

    /** Waiters at the moment. Any thread. */
    public int waiterCount()
    {
        return waiters.count();
    }

    public SlotTable slots()
    {
        return slots;
    }

    public GroupTable groups()
    {
        return groups;
    }

    /** Reigns so far; read by the thread of the records, the newest by any thread. */
    public TermTable terms()
    {
        return terms;
    }

    // For the thread of the records.

    /** Newest assignment of a kernel, null if there is none. */
    public Assignment newestAssignment(final long kernelId)
    {
        return assignmentUnlocked(kernelId);
    }

    /** What was asked for, null if the session is unknown or forgotten. */
    public SessionForm form(final long sessionId)
    {
        return views.form(sessionId);
    }

    /** Name of the owner of sessions; of one that is no account its number. */
    public String ownerName(final int ownerId)
    {
        return accounts.name(ownerId);
    }

    /** Name of an agent, empty if unknown. */
    public String agentName(final int agentId)
    {
        final AgentRow row = agents.row(agentId);
        return null == row ? "" : row.name;
    }

    /** What an agent says of itself; empty: nothing. The thread of the records. */
    public String agentLabel(final int agentId, final String key)
    {
        final AgentRow row = agents.row(agentId);
        return null == row ? "" : row.labels.getOrDefault(key, "");
    }

    /** Whether a kernel is placed, and was reported with ports of its host. The thread of the records. */
    public boolean publishes(final long kernelId)
    {
        return null != assignmentUnlocked(kernelId) &&
            sessions.row(kernelId >> KERNEL_BITS).kernel((int)kernelId & KERNEL_MASK).detail.startsWith(
                ContainerSpec.PORTS_DETAIL);
    }

    private Assignment assignmentUnlocked(final long kernelId)
    {
        final SessionRow row = sessions.row(kernelId >> KERNEL_BITS);
        return null == row ? null : row.assignment((int)kernelId & KERNEL_MASK);
    }

    @Override
    public void onRecordBegin(final ReleasedRecord record)
    {
        if (KernelReportDecoder.TEMPLATE_ID == record.commandTemplateId())
        {
            onReport(record);
        }
    }

    private void onReport(final ReleasedRecord record)
    {
        report.wrap(
            record.buffer(), record.commandBodyOffset(), record.commandBlockLength(), record.commandVersion());
        final SessionRow row = sessions.row(report.kernelId() >> KERNEL_BITS);
        final Assignment assignment = assignmentUnlocked(report.kernelId());
        if (null == assignment || assignment.agentId() != report.agentId() ||
            assignment.term() != report.term() || assignment.attempt() != report.attempt())
        {
            return;
        }
        final KernelRow kernel = row.kernel((int)report.kernelId() & KERNEL_MASK);
        final String cpus = report.cpus();
        final String devices = report.devices();
        final String detail = report.detail();
        final long stamp = lock.beginWrite();
        // An agent names cores and devices once; later reports without them do not take them back.
        kernel.cpus = cpus.isEmpty() ? kernel.cpus : cpus;
        kernel.devices = devices.isEmpty() ? kernel.devices : devices;
        kernel.detail = detail.isEmpty() ? kernel.detail : detail;
        lock.endWrite(stamp);
    }

    @Override
    public void onRecordEnd(final ReleasedRecord record)
    {
        sequence = record.sequence();
        for (int i = 0; i < endedIds.size(); i++)
        {
            final long id = endedIds.getLong(i);
            if (waiters.waitsFor(id))
            {
                waiters.complete(id, views.session(id));
            }
        }
        endedIds.clear();
    }

    @Override
    public void onTermBegan(final TermBeganDecoder event, final ReleasedRecord record)
    {
        terms.begin(event.term(), event.termNonce(), record.sequence());
        terms.clusterId(event.clusterIdHi(), event.clusterIdLo());
        disconnectAll();
    }

    /** A new reign knows no connection. */
    private void disconnectAll()
    {
        final long stamp = lock.beginWrite();
        for (int id = 1; id <= agents.highestId(); id++)
        {
            final AgentRow row = agents.materialise(id);
            row.connected = false;
            row.reconciled = false;
        }
        lock.endWrite(stamp);
    }

    @Override
    public void onLostTailChanged(final LostTailChangedDecoder event, final ReleasedRecord record)
    {
        lostTail = BooleanType.T == event.lostTail();
        if (!lostTail)
        {
            terms.begin(event.term(), event.termNonce(), record.sequence());
            disconnectAll();
        }
    }

    @Override
    public void onSlotDefined(final SlotDefinedDecoder event, final ReleasedRecord record)
    {
        slots.define(event.slotId(), event.slotName(), event.kind());
    }

    @Override
    public void onGroupConfigured(final GroupConfiguredDecoder event, final ReleasedRecord record)
    {
        final GroupOptions options = GroupOptions.of(event);
        event.sbeRewind();
        groups.define(event.groupId(), event.groupName(), options);
    }

    @Override
    public void onAccountConfigured(final AccountConfiguredDecoder event, final ReleasedRecord record)
    {
        final long stamp = lock.beginWrite();
        accounts.configure(event);
        lock.endWrite(stamp);
    }

    @Override
    public void onSessionQueued(final SessionQueuedDecoder event, final ReleasedRecord record)
    {
        final SessionForm form = SessionForm.of(event, record, slots, specs);
        final long stamp = lock.beginWrite();
        sessions.add(form);
        accounts.queued(form.ownerId(), form.count());
        lock.endWrite(stamp);
    }

    @Override
    public void onSessionAdvanced(final SessionAdvancedDecoder event, final ReleasedRecord record)
    {
        final long id = event.sessionId();
        final LifeState next = event.state();
        final long stamp = lock.beginWrite();
        final SessionRow row = sessions.materialise(id);
        accounts.advanced(row.form.ownerId(), row.state, next);
        sessions.state(row, next);
        if (row.attempt != event.attempt())
        {
            row.attempt = event.attempt();
            row.startedNs = 0;
        }
        row.result = event.result();
        row.reason = event.reason();
        row.exitCode = event.exitCode();
        row.notBeforeNs = event.notBeforeNs();
        if (LifeState.RUNNING == next)
        {
            row.startedNs = record.timestampNs();
        }
        if (SessionRow.isTerminal(next))
        {
            row.endedNs = record.timestampNs();
        }
        row.step(record.timestampNs());
        lock.endWrite(stamp);
        if (SessionRow.isTerminal(next) && !waiters.isEmpty())
        {
            endedIds.addLong(id);
        }
    }

    @Override
    public void onSessionUpdated(final SessionUpdatedDecoder event, final ReleasedRecord record)
    {
        final long id = event.sessionId();
        final long count = event.elementCount();
        final int priority = event.priority();
        final long walltimeNs = event.walltimeNs();
        final String name = 0 == (event.changes() & NAME_CHANGED) ? null : event.sessionName();
        final long stamp = lock.beginWrite();
        sessions.update(id, count, name, priority, walltimeNs);
        lock.endWrite(stamp);
    }

    @Override
    public void onSessionForgotten(final SessionForgottenDecoder event, final ReleasedRecord record)
    {
        final long stamp = lock.beginWrite();
        sessions.forget(event.sessionId());
        lock.endWrite(stamp);
    }

    @Override
    public void onKernelAssigned(final KernelAssignedDecoder event, final ReleasedRecord record)
    {
        final long kernelId = event.kernelId();
        final long stamp = lock.beginWrite();
        final SessionRow row = sessions.materialise(kernelId >> KERNEL_BITS);
        final KernelRow kernel = row.kernel((int)kernelId & KERNEL_MASK);
        final Assignment assignment =
            Assignment.of(event, record.sequence(), row.form.ownerId(), kernel.assignment);
        kernel.begin(assignment);
        accounts.use(agents.materialise(assignment.agentId()).place(assignment), 1);
        lock.endWrite(stamp);
    }

    @Override
    public void onKernelAdvanced(final KernelAdvancedDecoder event, final ReleasedRecord record)
    {
        final long kernelId = event.kernelId();
        final LifeState next = event.state();
        final long stamp = lock.beginWrite();
        final KernelRow kernel =
            sessions.materialise(kernelId >> KERNEL_BITS).kernel((int)kernelId & KERNEL_MASK);
        kernel.state = next;
        kernel.reason = event.reason();
        kernel.exitCode = event.exitCode();
        if (LifeState.RUNNING == next && 0 == kernel.startedNs)
        {
            kernel.startedNs = record.timestampNs();
        }
        if (SessionRow.isTerminal(next))
        {
            kernel.endedNs = record.timestampNs();
            if (BooleanType.T != event.held())
            {
                accounts.use(agents.materialise(event.agentId()).release(kernelId), -1);
            }
        }
        lock.endWrite(stamp);
    }

    @Override
    public void onKernelReleased(final KernelReleasedDecoder event, final ReleasedRecord record)
    {
        final long stamp = lock.beginWrite();
        accounts.use(agents.materialise(event.agentId()).release(event.kernelId()), -1);
        lock.endWrite(stamp);
    }

    @Override
    public void onAgentAttached(final AgentAttachedDecoder event, final ReleasedRecord record)
    {
        terms.seen(event.seenTerm());
        final long stamp = lock.beginWrite();
        final AgentRow row = agents.materialise(event.agentId());
        row.attached(event);
        agents.rename(row, event.agentName());
        row.arch = event.arch();
        lock.endWrite(stamp);
        agentsVersion = record.sequence();
    }

    @Override
    public void onAgentChanged(final AgentChangedDecoder event, final ReleasedRecord record)
    {
        final long stamp = lock.beginWrite();
        agents.materialise(event.agentId()).changed(event);
        lock.endWrite(stamp);
    }

    @Override
    public void onOrphanFound(final OrphanFoundDecoder event, final ReleasedRecord record)
    {
        final long stamp = lock.beginWrite();
        agents.materialise(event.agentId())
            .addOrphan(event.kernelId() + "@" + event.term() + "." + event.attempt());
        lock.endWrite(stamp);
    }
}
