package io.plimsoll.core;

import io.plimsoll.core.sbe.LifeState;
import java.util.Arrays;

/**
 * The caches of the scheduler: queues of ready sessions by shape, what each group would place next, agents in order of
 * what they have free, timers. All of it follows from the tables and the time; nothing in here decides anything that an
 * exhaustive look would not. While events are restored the caches are not kept; the first look at them builds them.
 */
final class Schedule
{
    /** In place of the options of a group: its queue is to be made anew. */
    private static final long STALE = -1;

    private final CoreState state;
    private final SessionTable sessions;
    private final ShapeTable shapes;
    private final AgentTable agents;
    private final ShapeQueues shapeQueues;
    private final CappedShapes capped;
    private final GroupCapacities capacities;
    private final Quotas quotas;
    private final YieldCounts yieldCounts;
    private final GroupQueueFactory factory;
    private GroupQueue[] groups = new GroupQueue[0];
    /** Options of each group that its queue was made for. */
    private long[] optionsOfGroup = new long[0];
    /** Agents that may get work. */
    final AgentIndex agentIndex;
    final Placement placement;
    /** When kernels will have ended. */
    final KernelEnds kernelEnds;
    final Deadlines deadlines;
    /** Ends of back-off: the session is ready then. */
    private final TimerQueue wakeups = new TimerQueue();
    private boolean valid = true;

    Schedule(final CoreState state)
    {
        this.state = state;
        sessions = state.sessions;
        shapes = state.shapes;
        agents = state.agents;
        shapeQueues = new ShapeQueues(state);
        capped = new CappedShapes(state);
        capacities = new GroupCapacities(state);
        quotas = new Quotas(state);
        yieldCounts = new YieldCounts(state);
        kernelEnds = new KernelEnds(state);
        deadlines = new Deadlines(state, kernelEnds);
        agentIndex = new AgentIndex(state, this::onGain);
        placement = new Placement(state, agentIndex);
        factory = new GroupQueueFactory(state, placement, capacities);
    }

    /** Forgets all; the next look builds it anew. */
    void invalidate()
    {
        valid = false;
        deadlines.invalidate();
        kernelEnds.clear();
        agentIndex.invalidate();
    }

    long nextDeadlineNs()
    {
        long nextNs = Math.min(nextPassNs(), Math.min(deadlines.nextNs(), wakeups.nextDeadlineNs()));
        for (int group = 0; group < groups.length; group++)
        {
            nextNs = mayReserve(group) && isOpen(group) ? Math.min(nextNs, groups[group].nextDueNs()) : nextNs;
        }
        return nextNs;
    }

    long bytes()
    {
        return deadlines.bytes() + wakeups.bytes();
    }

    /* Groups and agents. */

    void onGroup(final int group)
    {
        agentIndex.onGroup(group);
        if (valid && group < groups.length && optionsOfGroup[group] != factory.options(group))
        {
            makeQueue(group);
            requeue(group);
        }
    }

    /** Accounts stand in other places under each other, or are new: whom they held back is looked at again. */
    void onAccountsMoved()
    {
        for (int group = 0; valid && group < groups.length; group++)
        {
            if (groups[group].order().dependsOnAccounts())
            {
                optionsOfGroup[group] = STALE;
            }
        }
        for (int account = 0; valid && account < state.accounts.highWater(); account++)
        {
            for (int shape = capped.first(account); Table.NONE != shape; shape = capped.first(account))
            {
                release(shape);
            }
        }
    }

    private void release(final int shape)
    {
        capped.remove(shape);
        group(shapes.get(shapes.group, shape)).onHeadChanged(shape, true);
    }

    /** An account uses less than before, or may use more: those whom it held back are looked at again. */
    void onAccountGain(final int account)
    {
        int shape = valid ? capped.first(account) : Table.NONE;
        while (Table.NONE != shape)
        {
            final int next = capped.next(shape);
            if (quotas.hasRoom(account, shape))
            {
                release(shape);
            }
            shape = next;
        }
    }

    /** Whether an account holds a shape back; if so its queue forgets it, and is told of it when that changes. */
    boolean cap(final int shape)
    {
        final int account = quotas.firstViolated(shape);
        if (Table.NONE == account)
        {
            return false;
        }
        capped.add(shape, account);
        return true;
    }

    private void onHeadChanged(final int shape, final boolean earlier)
    {
        if (!capped.contains(shape))
        {
            group(shapes.get(shapes.group, shape)).onHeadChanged(shape, earlier);
        }
        else if (Table.NONE == shapes.get(shapes.queueHead, shape))
        {
            capped.remove(shape);
        }
    }

    /** Capacity or liveness of an agent may have changed. */
    void onAgent(final int agent)
    {
        if (valid)
        {
            capacities.onAgent(agent);
        }
    }

    /** Kernels of a shape were placed, or are gone if the number is negative. */
    void onKernels(final int shape, final int number)
    {
        if (valid)
        {
            group(shapes.get(shapes.group, shape)).order().onKernels(shape, number);
        }
    }

    private GroupQueue group(final int group)
    {
        if (group >= groups.length)
        {
            final int known = groups.length;
            groups = Arrays.copyOf(groups, group + 1);
            optionsOfGroup = Arrays.copyOf(optionsOfGroup, group + 1);
            for (int i = known; i <= group; i++)
            {
                makeQueue(i);
            }
        }
        return groups[group];
    }

    private void makeQueue(final int group)
    {
        optionsOfGroup[group] = factory.options(group);
        groups[group] = factory.queue(group);
    }

    /** Tells a new queue of all that is ready. */
    private void requeue(final int group)
    {
        for (int agent = 1; agent < agents.highWater(); agent++)
        {
            if (group == agents.get(agents.group, agent))
            {
                agents.set(agents.dirty, agent, (byte)0);
            }
        }
        for (int shape = 0; shape < shapes.highWater(); shape++)
        {
            if (shapes.isLive(shape) && group == shapes.get(shapes.group, shape))
            {
                forget(shape);
            }
        }
        for (int shape = 0; shape < shapes.highWater(); shape++)
        {
            if (shapes.isLive(shape) && group == shapes.get(shapes.group, shape) &&
                Table.NONE != shapes.get(shapes.queueHead, shape) && !capped.contains(shape))
            {
                groups[group].onHeadChanged(shape, true);
            }
        }
    }

    private void forget(final int shape)
    {
        shapes.set(shapes.status, shape, (byte)0);
        shapes.set(shapes.treeLeaf, shape, Table.NONE);
        if (shapes.isLive(shape))
        {
            shapes.needs.forget(shapes.get(shapes.needRow, shape));
        }
    }

    /** Anything about an agent, or about a kernel on it, has changed or is about to. */
    void onAgentChanged(final int agent)
    {
        final int group = agents.get(agents.group, agent);
        if (valid && group >= 0 && group < groups.length)
        {
            groups[group].onAgentChanged(agent);
        }
    }

    /**
     * A reservation on an agent has come, or is no longer among those on it, and nothing else about it has changed.
     *
     * @param row    of the reservation, still as it was.
     * @param change 1 or -1.
     */
    void onReserved(final int row, final int change)
    {
        final int agent = state.reservations.get(state.reservations.agent, row);
        final int group = agents.get(agents.group, agent);
        if (valid && group >= 0 && group < groups.length)
        {
            groups[group].onReserved(agent, row, change);
        }
    }

    private void onGain(final int group, final int agent)
    {
        group(group).onGain(agent);
    }

    /* Sessions. */

    /** A session came to wait, or may have become ready. */
    void onPending(final int session)
    {
        if (!valid || 0 != sessions.get(sessions.queued, session) || sessions.get(sessions.unmet, session) > 0)
        {
            return;
        }
        final long notBeforeNs = readyNs(session);
        if (notBeforeNs > state.timestampNs)
        {
            if (Table.NONE == sessions.get(sessions.wakeup, session))
            {
                final long firstId = sessions.get(sessions.firstId, session);
                sessions.set(sessions.wakeup, session, wakeups.schedule(0, notBeforeNs, firstId, session));
            }
        }
        else
        {
            enqueue(session);
        }
    }

    /** From when on a session may be placed, as far as that is a matter of time. */
    long readyNs(final int session)
    {
        return Math.max(sessions.get(sessions.notBeforeNs, session), sessions.get(sessions.startsAtNs, session));
    }

    /** A session no longer waits. */
    void onNotPending(final int session)
    {
        if (!valid)
        {
            return;
        }
        final int wakeup = sessions.get(sessions.wakeup, session);
        if (Table.NONE != wakeup)
        {
            wakeups.cancel(wakeup);
            sessions.set(sessions.wakeup, session, Table.NONE);
        }
        if (0 != sessions.get(sessions.queued, session))
        {
            dequeue(session);
        }
    }

    /** The first element of a waiting array was taken: its row moves back in no queue, but its key grows. */
    void onHeadAdvanced(final int session)
    {
        if (valid && 0 != sessions.get(sessions.queued, session))
        {
            final int shape = sessions.get(sessions.shape, session);
            final GroupQueue queue = group(shapes.get(shapes.group, shape));
            queue.onUnqueued(session);
            if (session == queue.order().first(shape))
            {
                onHeadChanged(shape, false);
            }
        }
    }

    /** A session went from one state to another. */
    void onAdvanced(final int session, final int from, final int to)
    {
        if (valid)
        {
            yieldCounts.onAdvanced(session, from, to);
        }
    }

    /** What a session that has not ended asks for is about to be changed: until then it is as if it were not there. */
    void beforeReshape(final int session)
    {
        onNotPending(session);
        onAdvanced(session, sessions.get(sessions.state, session), LifeState.PENDING.value());
    }

    /** What a session asks for was changed. */
    void afterReshape(final int session)
    {
        final int at = sessions.get(sessions.state, session);
        onAdvanced(session, LifeState.PENDING.value(), at);
        if (LifeState.PENDING.value() == at)
        {
            onPending(session);
        }
    }

    /** Whether anybody waits in a group who goes before anybody who runs and may be preempted. */
    boolean mayYield(final int group)
    {
        return yieldCounts.mayYield(group);
    }

    /** When the next back-off or start time is over. */
    long nextWakeupNs()
    {
        return wakeups.nextDeadlineNs();
    }

    /** Takes note of the time: sessions whose back-off is over are ready. */
    void wake()
    {
        while (wakeups.nextDeadlineNs() <= state.timestampNs)
        {
            final int session = wakeups.nextOwner();
            wakeups.cancel(sessions.get(sessions.wakeup, session));
            sessions.set(sessions.wakeup, session, Table.NONE);
            enqueue(session);
        }
    }

    private void enqueue(final int session)
    {
        shapeQueues.add(session);
        yieldCounts.onWaiting(session, 1);
        final int shape = sessions.get(sessions.shape, session);
        final GroupQueue queue = group(shapes.get(shapes.group, shape));
        queue.onQueued(session);
        if (session == queue.order().first(shape))
        {
            onHeadChanged(shape, true);
        }
    }

    private void dequeue(final int session)
    {
        final int shape = sessions.get(sessions.shape, session);
        final GroupQueue queue = group(shapes.get(shapes.group, shape));
        final boolean wasFirst = session == queue.order().first(shape);
        shapeQueues.remove(session);
        yieldCounts.onWaiting(session, -1);
        queue.onUnqueued(session);
        if (wasFirst)
        {
            onHeadChanged(shape, false);
        }
    }

    /* The pass. */

    /** Whether a session of any group could be placed now. */
    boolean hasPlaceable()
    {
        for (int group = 0; group < groups.length; group++)
        {
            if (Table.NONE != nextPlaceable(group) || null != nextReservation(group))
            {
                return true;
            }
        }
        return false;
    }

    /** The session of a group that goes next; {@link #placement} then says where. NONE when none can. */
    int nextPlaceable(final int group)
    {
        return isOpen(group) ? groups[group].nextPlaceable() : Table.NONE;
    }

    /** Whether a group places anybody; its queue is as it is to be then. */
    private boolean isOpen(final int group)
    {
        if (state.lostTail || group >= groups.length || lacksPolicy(group))
        {
            return false;
        }
        if (STALE == optionsOfGroup[group])
        {
            makeQueue(group);
            requeue(group);
        }
        return true;
    }

    /** Whether a group places nothing because the policy by which it selects is not there. */
    boolean lacksPolicy(final int group)
    {
        return state.groups.isSelectionMissing(group) || agentIndex.pool(group).lacksPolicy();
    }

    /** Whether an account keeps sessions of a shape from being placed now. */
    boolean isHeldBack(final int shape)
    {
        return Table.NONE != quotas.firstViolated(shape);
    }

    /** The queue of a group that backfills with a promise; null if it does not, or cannot place anything. */
    PromisedQueue promised(final int group)
    {
        return group < groups.length && groups[group] instanceof final PromisedQueue promised && !lacksPolicy(group) ?
            promised : null;
    }

    /** When time alone will change who goes next. */
    private long nextPassNs()
    {
        long nextNs = TimerQueue.NEVER;
        for (int group = 0; group < groups.length; group++)
        {
            final PromisedQueue promised = promised(group);
            nextNs = null == promised ? nextNs : Math.min(nextNs, promised.wakeNs());
        }
        return nextNs;
    }

    /** A reservation of a group that is to be made, moved or given up first; null: none. */
    ReservationPlan nextReservation(final int group)
    {
        return mayReserve(group) && isOpen(group) ? groups[group].nextReservation() : null;
    }

    /** Asked for every group after every command, and most do not. */
    private boolean mayReserve(final int group)
    {
        return group < groups.length && (STALE == optionsOfGroup[group] || groups[group].mayReserve());
    }

    GroupQueue queue(final int group)
    {
        return group(group);
    }

    /* Building anew. */

    void ensureValid()
    {
        if (!valid)
        {
            valid = true;
            rebuild();
        }
    }

    private void rebuild()
    {
        for (int agent = 1; agent < agents.highWater(); agent++)
        {
            agents.set(agents.dirty, agent, (byte)0);
        }
        capacities.rebuild();
        for (int group = 0; group < state.groups.count(); group++)
        {
            group(group);
            makeQueue(group);
        }
        shapeQueues.clear();
        capped.clear();
        yieldCounts.clear();
        for (int shape = 0; shape < shapes.highWater(); shape++)
        {
            forget(shape);
        }
        agentIndex.rebuild();
        deadlines.begin();
        wakeups.clear();
        rebuildSessions();
        deadlines.rebuild();
    }

    private void rebuildSessions()
    {
        for (int session = 0; session < sessions.highWater(); session++)
        {
            if (sessions.isLive(session))
            {
                sessions.set(sessions.wakeup, session, Table.NONE);
                sessions.set(sessions.queued, session, (byte)0);
                yieldCounts.onAdvanced(session, LifeState.PENDING.value(), sessions.get(sessions.state, session));
                if (LifeState.PENDING.value() == sessions.get(sessions.state, session))
                {
                    sessions.set(sessions.previous, session, Table.NONE);
                    sessions.set(sessions.next, session, Table.NONE);
                    deadlines.armSession(session);
                    onPending(session);
                }
            }
        }
    }
}
