package io.plimsoll.manager.why;

import io.plimsoll.core.sbe.AccountConfiguredDecoder;
import io.plimsoll.core.sbe.AgentAttachedDecoder;
import io.plimsoll.core.sbe.AgentChangedDecoder;
import io.plimsoll.core.sbe.BooleanType;
import io.plimsoll.core.sbe.GroupConfiguredDecoder;
import io.plimsoll.core.sbe.KernelAdvancedDecoder;
import io.plimsoll.core.sbe.KernelAssignedDecoder;
import io.plimsoll.core.sbe.KernelReleasedDecoder;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.SessionAdvancedDecoder;
import io.plimsoll.core.sbe.SessionQueuedDecoder;
import io.plimsoll.core.sbe.SessionUpdatedDecoder;
import io.plimsoll.manager.egress.RecordListener;
import io.plimsoll.manager.egress.ReleasedRecord;
import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.Int2IntHashMap;
import org.agrona.collections.LongArrayList;
import org.agrona.collections.LongHashSet;

/** Follows one session through records, and notes what in each of them may matter to it while it waits. */
final class SessionTracker implements RecordListener
{
    private static final int KERNEL_BITS = 10;
    private static final int UNKNOWN = -1;
    /** Of accounts; a longer chain would be a circle. */
    private static final int LEVELS = 5;

    /** Something in a record that freed room or changed what decides. */
    enum Kind
    {
        KERNEL_ENDED,
        KERNEL_RELEASED,
        AGENT_ATTACHED,
        AGENT_CHANGED,
        LIMITS,
        OPTIONS,
        DEPENDENCY,
        UPDATED
    }

    /**
     * One of them.
     *
     * @param kind     of it.
     * @param id       of kernel, agent, account, group or session; of an update the priority.
     * @param agentId  0: none.
     * @param reason   why, {@link Reason#NONE} if nothing is to be said.
     * @param exitCode -1: none.
     */
    record Change(Kind kind, long id, int agentId, Reason reason, int exitCode)
    {
    }

    private final long sessionId;
    private final Int2IntHashMap groupOfAgent = new Int2IntHashMap(UNKNOWN);
    private final Int2IntHashMap parentOfAccount = new Int2IntHashMap(0);
    private final Int2IntHashMap projectOfAccount = new Int2IntHashMap(0);
    private final LongHashSet dependencies = new LongHashSet();
    private final List<Change> changes = new ArrayList<>();
    private final LongArrayList placedKernels = new LongArrayList();
    private final List<WaitStory.Step> steps = new ArrayList<>();
    private int group = UNKNOWN;
    private int owner;
    private LifeState state;
    private int ownEvents;
    private boolean isSpecial;
    private int commandTemplateId;

    SessionTracker(final long sessionId)
    {
        this.sessionId = sessionId;
    }

    /** What records before the first one would have told of an agent. */
    void agent(final int agentId, final int groupId)
    {
        groupOfAgent.put(agentId, groupId);
    }

    /** What records before the first one would have told of an account. */
    void account(final int accountId, final int parentId, final int projectId)
    {
        if (0 != parentId)
        {
            parentOfAccount.put(accountId, parentId);
        }
        if (projectId > 0)
        {
            projectOfAccount.put(accountId, projectId);
        }
    }

    /** What records before the first one would have told of the session. */
    void session(final int groupId, final int ownerId, final LifeState current, final long[] dependsOn)
    {
        group = groupId;
        owner = ownerId;
        state = current;
        for (final long id : dependsOn)
        {
            dependencies.add(id);
        }
    }

    /** Null while it is not known. */
    LifeState state()
    {
        return state;
    }

    boolean isWaiting()
    {
        return LifeState.PENDING == state;
    }

    boolean hasEnded()
    {
        return null != state && isEnd(state);
    }

    /** Whether the last record had something of the session's own. */
    boolean isOwn()
    {
        return ownEvents > 0;
    }

    /** Whether the session was considered in the last record, if it waited before and behind it. */
    boolean isMoment()
    {
        return !changes.isEmpty() || placedKernels.size() > 0;
    }

    /** Whether the last record changed more than who holds room. */
    boolean isSpecial()
    {
        return isSpecial;
    }

    List<Change> changes()
    {
        return changes;
    }

    /** Kernels of other sessions that were placed in the group. */
    LongArrayList placedKernels()
    {
        return placedKernels;
    }

    /** States that it entered, in all records. */
    List<WaitStory.Step> steps()
    {
        return steps;
    }

    int commandTemplateId()
    {
        return commandTemplateId;
    }

    @Override
    public void onRecordBegin(final ReleasedRecord record)
    {
        changes.clear();
        placedKernels.clear();
        ownEvents = 0;
        isSpecial = false;
        commandTemplateId = record.commandTemplateId();
    }

    @Override
    public void onSessionQueued(final SessionQueuedDecoder event, final ReleasedRecord record)
    {
        if (sessionId - event.sessionId() >= 0 && sessionId - event.sessionId() < event.elementCount())
        {
            group = event.groupId();
            owner = event.ownerId();
            for (final SessionQueuedDecoder.SlotsDecoder ignored : event.slots())
            {
                ignored.slotId();
            }
            for (final SessionQueuedDecoder.DependenciesDecoder dependency : event.dependencies())
            {
                dependencies.add(dependency.sessionId());
            }
            enter(LifeState.PENDING, Reason.NONE, 0, -1, record);
        }
    }

    @Override
    public void onSessionAdvanced(final SessionAdvancedDecoder event, final ReleasedRecord record)
    {
        if (sessionId == event.sessionId())
        {
            enter(event.state(), event.reason(), event.attempt(), event.exitCode(), record);
        }
        else if (isEnd(event.state()) && dependencies.contains(event.sessionId()))
        {
            change(Kind.DEPENDENCY, event.sessionId(), 0, event.reason(), event.exitCode());
            isSpecial = true;
        }
    }

    @Override
    public void onSessionUpdated(final SessionUpdatedDecoder event, final ReleasedRecord record)
    {
        final boolean isOwn =
            sessionId - event.sessionId() >= 0 && sessionId - event.sessionId() < event.elementCount();
        special(Kind.UPDATED, event.priority(), 0, isOwn);
    }

    private void enter(
        final LifeState next, final Reason reason, final int attempt, final int exitCode, final ReleasedRecord record)
    {
        state = next;
        ownEvents++;
        steps.add(new WaitStory.Step(
            new WaitStory.Point(record.sequence(), record.timestampNs()), next, reason, attempt, exitCode));
    }

    @Override
    public void onKernelAssigned(final KernelAssignedDecoder event, final ReleasedRecord record)
    {
        if (sessionId != event.kernelId() >> KERNEL_BITS && isOurs(event.agentId()))
        {
            placedKernels.addLong(event.kernelId());
        }
    }

    @Override
    public void onKernelAdvanced(final KernelAdvancedDecoder event, final ReleasedRecord record)
    {
        final boolean isFree = isEnd(event.state()) && BooleanType.T != event.held();
        if (isFree && isOurs(event.agentId()) && sessionId != event.kernelId() >> KERNEL_BITS)
        {
            change(Kind.KERNEL_ENDED, event.kernelId(), event.agentId(), event.reason(), event.exitCode());
        }
    }

    @Override
    public void onKernelReleased(final KernelReleasedDecoder event, final ReleasedRecord record)
    {
        if (isOurs(event.agentId()))
        {
            change(Kind.KERNEL_RELEASED, event.kernelId(), event.agentId(), Reason.NONE, -1);
        }
    }

    @Override
    public void onAgentAttached(final AgentAttachedDecoder event, final ReleasedRecord record)
    {
        groupOfAgent.put(event.agentId(), event.groupId());
        special(Kind.AGENT_ATTACHED, event.agentId(), event.agentId(), isOurs(event.agentId()));
    }

    @Override
    public void onAgentChanged(final AgentChangedDecoder event, final ReleasedRecord record)
    {
        special(Kind.AGENT_CHANGED, event.agentId(), event.agentId(), isOurs(event.agentId()));
    }

    @Override
    public void onAccountConfigured(final AccountConfiguredDecoder event, final ReleasedRecord record)
    {
        account(event.accountId(), event.parentId(), event.projectId());
        special(Kind.LIMITS, event.accountId(), 0, isAbove(event.accountId()));
    }

    private boolean isAbove(final int accountId)
    {
        return isAbove(accountId, owner) || isAbove(accountId, projectOfAccount.get(owner));
    }

    private boolean isAbove(final int accountId, final int from)
    {
        int each = from;
        for (int level = 0; level < LEVELS && 0 != each; level++)
        {
            if (accountId == each)
            {
                return true;
            }
            each = parentOfAccount.get(each);
        }
        return false;
    }

    @Override
    public void onGroupConfigured(final GroupConfiguredDecoder event, final ReleasedRecord record)
    {
        special(Kind.OPTIONS, event.groupId(), 0, group == event.groupId());
    }

    private void special(final Kind kind, final long id, final int agentId, final boolean matters)
    {
        if (matters)
        {
            change(kind, id, agentId, Reason.NONE, -1);
            isSpecial = true;
        }
    }

    private void change(final Kind kind, final long id, final int agentId, final Reason reason, final int exitCode)
    {
        changes.add(new Change(kind, id, agentId, reason, exitCode));
    }

    private boolean isOurs(final int agentId)
    {
        return UNKNOWN != group && group == groupOfAgent.get(agentId);
    }

    private static boolean isEnd(final LifeState of)
    {
        return LifeState.TERMINATED == of || LifeState.CANCELLED == of || LifeState.ERROR == of;
    }
}
