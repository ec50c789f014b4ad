package io.plimsoll.core;

import io.plimsoll.core.sbe.LifeState;

/**
 * The caches of the scheduler: queues of ready sessions by shape, which shapes are worth trying, agents in order of
 * what they have free, timers. All of it follows from the tables and the time; nothing in here decides anything that an
 * exhaustive look would not. While events are restored the caches are not kept; the first look at them builds them.
 *
 * <p>A shape is <em>open</em> when it may fit, <em>blocked</em> when a try has shown that it does not. Capacity that an
 * agent gains makes the agent <em>dirty</em>: the first blocked shape that fits it is tried again. So a pass looks at
 * what changed, and the session that it takes is always the first, by priority and id, that fits anywhere.
 */
final class Schedule
{
    private static final byte EMPTY = 0;
    private static final byte OPEN = 1;
    private static final byte BLOCKED = 2;
    private static final int PRIORITY_MAX = 100;
    private static final int ID_BITS = 54;

    private final CoreState state;
    private final SessionTable sessions;
    private final ShapeTable shapes;
    private final AgentTable agents;
    private GroupSchedule[] groups = new GroupSchedule[0];
    /** Agents that may get work. */
    final AgentIndex agentIndex;
    final Placement placement;
    /** Deadlines whose passing makes an event. */
    final TimerQueue deadlines = new TimerQueue();
    /** Ends of back-off: the session is ready then. */
    private final TimerQueue wakeups = new TimerQueue();
    private boolean valid = true;

    Schedule(final CoreState state)
    {
        this.state = state;
        sessions = state.sessions;
        shapes = state.shapes;
        agents = state.agents;
        agentIndex = new AgentIndex(state, this::onGain);
        placement = new Placement(state, agentIndex);
    }

    /** Forgets all; the next look builds it anew. */
    void invalidate()
    {
        valid = false;
        agentIndex.invalidate();
    }

    long nextDeadlineNs()
    {
        return Math.min(deadlines.nextDeadlineNs(), wakeups.nextDeadlineNs());
    }

    long bytes()
    {
        return deadlines.bytes() + wakeups.bytes();
    }

    /* Groups and agents. */

    void onGroup(final int group)
    {
        agentIndex.onGroup(group);
    }

    /** What an account may use has changed. */
    void onAccount(final int account)
    {
        // No decision depends on an account's limits here.
    }

    /** The configured mix of requests of a group has changed. */
    void onMix(final int group)
    {
        // No decision depends on a mix here.
    }

    private GroupSchedule group(final int group)
    {
        if (group >= groups.length)
        {
            final GroupSchedule[] larger = new GroupSchedule[group + 1];
            System.arraycopy(groups, 0, larger, 0, groups.length);
            for (int i = groups.length; i < larger.length; i++)
            {
                larger[i] = new GroupSchedule(agents, shapes);
            }
            groups = larger;
        }
        return groups[group];
    }

    private void onGain(final int groupId, final int agent)
    {
        final GroupSchedule group = group(groupId);
        group.gain += Math.max(0, agents.free(agent, SlotTable.CPU));
        if (group.blockedCount > 0 && 0 == agents.dirty.get(agent))
        {
            agents.dirty.set(agent, (byte)1);
            group.dirty.push(0, agent, 0);
        }
    }

    /* Sessions. */

    /** A session came to wait, or may have become ready. */
    void onPending(final int session)
    {
        if (!valid || 0 != sessions.queued.get(session) || sessions.unmet.get(session) > 0)
        {
            return;
        }
        final long notBeforeNs = sessions.notBeforeNs.get(session);
        if (notBeforeNs > state.timestampNs)
        {
            if (Table.NONE == sessions.wakeup.get(session))
            {
                sessions.wakeup.set(session, wakeups.schedule(notBeforeNs, sessions.firstId.get(session), session));
            }
        }
        else
        {
            enqueue(session);
        }
    }

    /** A session no longer waits. */
    void onNotPending(final int session)
    {
        if (!valid)
        {
            return;
        }
        final int wakeup = sessions.wakeup.get(session);
        if (Table.NONE != wakeup)
        {
            wakeups.cancel(wakeup);
            sessions.wakeup.set(session, Table.NONE);
        }
        if (0 != sessions.queued.get(session))
        {
            dequeue(session);
        }
    }

    /** The first element of a waiting array was taken: its row moves back in no queue, but its key grows. */
    void onHeadAdvanced(final int session)
    {
        if (valid && 0 != sessions.queued.get(session))
        {
            final int shape = sessions.shape.get(session);
            if (session == shapes.queueHead.get(shape))
            {
                onHeadChanged(shape, false);
            }
        }
    }

    /** Takes note of the time: sessions whose back-off is over are ready. */
    void wake()
    {
        while (wakeups.nextDeadlineNs() <= state.timestampNs)
        {
            final int session = wakeups.nextOwner();
            wakeups.cancel(sessions.wakeup.get(session));
            sessions.wakeup.set(session, Table.NONE);
            enqueue(session);
        }
    }

    private void enqueue(final int session)
    {
        final int shape = sessions.shape.get(session);
        final int before = predecessor(shape, sessions.nextId.get(session));
        final int after = Table.NONE == before ? shapes.queueHead.get(shape) : sessions.next.get(before);
        sessions.previous.set(session, before);
        sessions.next.set(session, after);
        if (Table.NONE == before)
        {
            shapes.queueHead.set(shape, session);
        }
        else
        {
            sessions.next.set(before, session);
        }
        if (Table.NONE == after)
        {
            shapes.queueTail.set(shape, session);
        }
        else
        {
            sessions.previous.set(after, session);
        }
        shapes.queueHint.set(shape, session);
        sessions.queued.set(session, (byte)1);
        if (Table.NONE == before)
        {
            onHeadChanged(shape, true);
        }
    }

    private void dequeue(final int session)
    {
        final int shape = sessions.shape.get(session);
        final int before = sessions.previous.get(session);
        final int after = sessions.next.get(session);
        if (Table.NONE == after)
        {
            shapes.queueTail.set(shape, before);
        }
        else
        {
            sessions.previous.set(after, before);
        }
        if (Table.NONE == before)
        {
            shapes.queueHead.set(shape, after);
        }
        else
        {
            sessions.next.set(before, after);
        }
        if (session == shapes.queueHint.get(shape))
        {
            shapes.queueHint.set(shape, Table.NONE == before ? after : before);
        }
        sessions.previous.set(session, Table.NONE);
        sessions.next.set(session, Table.NONE);
        sessions.queued.set(session, (byte)0);
        if (Table.NONE == before)
        {
            onHeadChanged(shape, false);
        }
    }

    /**
     * The waiting session after which an id belongs, NONE at the head. The queue is in order of ids; nearly always the
     * place is its end, its head, or next to where the last one went, so the search starts at all three at once.
     */
    private int predecessor(final int shape, final long id)
    {
        int fromTail = shapes.queueTail.get(shape);
        int fromHead = shapes.queueHead.get(shape);
        int fromHint = shapes.queueHint.get(shape);
        while (true)
        {
            if (Table.NONE == fromTail || sessions.nextId.get(fromTail) < id)
            {
                return fromTail;
            }
            fromTail = sessions.previous.get(fromTail);
            if (sessions.nextId.get(fromHead) > id)
            {
                return sessions.previous.get(fromHead);
            }
            fromHead = sessions.next.get(fromHead);
            if (sessions.nextId.get(fromHint) < id)
            {
                final int next = sessions.next.get(fromHint);
                if (sessions.nextId.get(next) > id)
                {
                    return fromHint;
                }
                fromHint = next;
            }
            else
            {
                fromHint = sessions.previous.get(fromHint);
                if (Table.NONE == fromHint)
                {
                    return Table.NONE;
                }
            }
        }
    }

    private void onHeadChanged(final int shape, final boolean earlier)
    {
        final GroupSchedule group = group(shapes.group.get(shape));
        final byte status = shapes.status.get(shape);
        if (Table.NONE == shapes.queueHead.get(shape))
        {
            if (BLOCKED == status)
            {
                unblock(group, shape);
            }
            shapes.status.set(shape, EMPTY);
        }
        else if (BLOCKED == status && !earlier)
        {
            group.tree(shape).update(shape, key(shape));
        }
        else
        {
            if (BLOCKED == status)
            {
                unblock(group, shape);
            }
            final long key = key(shape);
            if (OPEN == status && !group.open.isEmpty() && shape == group.open.value())
            {
                group.open.replaceTop(key, shape, 0);
            }
            else
            {
                shapes.status.set(shape, OPEN);
                group.open.push(key, shape, 0);
            }
        }
    }

    private void unblock(final GroupSchedule group, final int shape)
    {
        group.tree(shape).remove(shape);
        group.blockedCount--;
    }

    private long key(final int shape)
    {
        final long band = PRIORITY_MAX - shapes.priority.get(shape);
        return (band << ID_BITS) | sessions.nextId.get(shapes.queueHead.get(shape));
    }

    /* The pass. */

    /** Whether a session of any group could be placed now. */
    boolean hasPlaceable()
    {
        for (int group = 0; group < groups.length; group++)
        {
            if (Table.NONE != nextPlaceable(group))
            {
                return true;
            }
        }
        return false;
    }

    /**
     * The first waiting session of a group that fits, by priority and id; {@link #placement} then says where. NONE when
     * none fits.
     */
    int nextPlaceable(final int groupId)
    {
        if (state.lostTail || groupId >= groups.length)
        {
            return Table.NONE;
        }
        final GroupSchedule group = groups[groupId];
        while (true)
        {
            final int openShape = firstOpen(group);
            final int dirtyShape = firstDirty(group);
            if (Table.NONE == openShape && Table.NONE == dirtyShape)
            {
                return Table.NONE;
            }
            final boolean takeOpen = Table.NONE == dirtyShape ||
                (Table.NONE != openShape && group.open.key() < group.dirty.key());
            final int shape = takeOpen ? openShape : dirtyShape;
            final int session = shapes.queueHead.get(shape);
            if (placement.tryPlace(groupId, session))
            {
                return session;
            }
            block(group, shape, takeOpen);
        }
    }

    private void block(final GroupSchedule group, final int shape, final boolean wasOpen)
    {
        final int missing = shapes.kernels.get(shape) - placement.chosenCount();
        final boolean gang = shapes.kernels.get(shape) > 1;
        shapes.gainNeeded.set(shape, gang ? group.gain + missing * shapes.amount(shape, SlotTable.CPU) : 0);
        if (wasOpen)
        {
            group.open.pop();
            shapes.status.set(shape, BLOCKED);
            group.tree(shape).add(shape, key(shape));
            group.blockedCount++;
        }
        else
        {
            group.tree(shape).update(shape, key(shape));
            group.dirty.replaceTop(group.dirty.key(), group.dirty.value(), group.dirty.key());
        }
    }

    private int firstOpen(final GroupSchedule group)
    {
        while (!group.open.isEmpty())
        {
            final int shape = group.open.value();
            if (shapes.isLive(shape) && OPEN == shapes.status.get(shape) && key(shape) == group.open.key())
            {
                return shape;
            }
            group.open.pop();
        }
        return Table.NONE;
    }

    /** The first blocked shape that a dirty agent has room for a kernel of; its agent is on top then. */
    private int firstDirty(final GroupSchedule group)
    {
        while (!group.dirty.isEmpty())
        {
            final int agent = group.dirty.value();
            final long afterKey = group.dirty.extra();
            if (0 == group.dirty.key())
            {
                agents.dirty.set(agent, (byte)0);
            }
            final int shape = 0 == agents.indexed.get(agent) ? Table.NONE : group.firstFit(agent, afterKey);
            if (Table.NONE == shape)
            {
                group.dirty.pop();
            }
            else
            {
                final long key = key(shape);
                if (key == group.dirty.key())
                {
                    return shape;
                }
                group.dirty.replaceTop(key, agent, afterKey);
            }
        }
        return Table.NONE;
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
            agents.dirty.set(agent, (byte)0);
        }
        for (int group = 0; group < state.groups.count(); group++)
        {
            group(group).clear();
        }
        for (int shape = 0; shape < shapes.highWater(); shape++)
        {
            shapes.queueHead.set(shape, Table.NONE);
            shapes.queueTail.set(shape, Table.NONE);
            shapes.queueHint.set(shape, Table.NONE);
            shapes.status.set(shape, EMPTY);
            shapes.treeLeaf.set(shape, Table.NONE);
        }
        agentIndex.rebuild();
        deadlines.clear();
        wakeups.clear();
        rebuildSessions();
        rebuildKernels();
    }

    private void rebuildSessions()
    {
        for (int session = 0; session < sessions.highWater(); session++)
        {
            if (sessions.isLive(session))
            {
                sessions.timer.set(session, Table.NONE);
                sessions.wakeup.set(session, Table.NONE);
                sessions.queued.set(session, (byte)0);
                if (LifeState.PENDING.value() == sessions.state.get(session))
                {
                    sessions.previous.set(session, Table.NONE);
                    sessions.next.set(session, Table.NONE);
                    armSession(session);
                    onPending(session);
                }
            }
        }
    }

    private void rebuildKernels()
    {
        final KernelTable kernels = state.kernels;
        for (int kernel = 0; kernel < kernels.highWater(); kernel++)
        {
            if (kernels.isLive(kernel))
            {
                kernels.timer.set(kernel, Table.NONE);
                armKernel(kernel);
            }
        }
    }

    /* Timers. Their ids are unique and in the order of what they belong to. */

    static boolean isKernelTimer(final long timerId)
    {
        return 0 == (timerId & 1);
    }

    /** Sets the timer of a session to its column. */
    void armSession(final int session)
    {
        if (valid)
        {
            disarmSession(session);
            final long deadlineNs = sessions.deadlineNs.get(session);
            if (deadlineNs > 0)
            {
                final long id = (sessions.firstId.get(session) << (KernelTable.INDEX_BITS + 1)) | 1;
                sessions.timer.set(session, deadlines.schedule(deadlineNs, id, session));
            }
        }
    }

    void disarmSession(final int session)
    {
        if (valid && Table.NONE != sessions.timer.get(session))
        {
            deadlines.cancel(sessions.timer.get(session));
            sessions.timer.set(session, Table.NONE);
        }
    }

    /** Sets the timer of a kernel to its column, unless its deadline stands still. */
    void armKernel(final int kernel)
    {
        if (valid)
        {
            final KernelTable kernels = state.kernels;
            final long deadlineNs = kernels.deadlineNs.get(kernel);
            final int timer = kernels.timer.get(kernel);
            if (0 == deadlineNs || state.isPaused(kernel))
            {
                disarmKernel(kernel);
            }
            else if (Table.NONE != timer)
            {
                deadlines.reschedule(timer, deadlineNs);
            }
            else
            {
                final long id = kernels.kernelId.get(kernel) << 1;
                kernels.timer.set(kernel, deadlines.schedule(deadlineNs, id, kernel));
            }
        }
    }

    void disarmKernel(final int kernel)
    {
        final KernelTable kernels = state.kernels;
        if (valid && Table.NONE != kernels.timer.get(kernel))
        {
            deadlines.cancel(kernels.timer.get(kernel));
            kernels.timer.set(kernel, Table.NONE);
        }
    }
}
