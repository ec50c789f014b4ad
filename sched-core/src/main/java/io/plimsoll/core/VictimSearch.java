package io.plimsoll.core;

import io.plimsoll.core.sbe.AccountLevel;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.VictimScope;

/**
 * Who may have to yield to a session, and what that would cost: sessions of the same group with strictly lower
 * priority that may be preempted, are within the scope of the group, and have run for long enough. The cost of one is
 * its priority, and among equals the work that is lost: the time that it has run times the part of its agents that it
 * has, by the slot of which it has most.
 */
final class VictimSearch
{
    private static final int THOUSAND = 1000;
    private static final long MILLISECOND_NS = 1_000_000L;
    /** About one whole agent for a millisecond; work beyond 68 billion of these, two years of it, counts as that. */
    private static final int WORK_SHIFT = 10;
    private static final long WORK_MAX = (1L << 36) - 1;
    /** Above the work of a thousand victims, and a thousand victims of the highest priority still add up. */
    private static final int PRIORITY_SHIFT = 46;

    private final CoreState state;
    private final SessionTable sessions;
    private final KernelTable kernels;
    private final ShapeTable shapes;
    private final AgentTable agents;
    private final AccountTable accounts;
    private int group;
    private int priority;
    private int owner;
    private long wakeNs;

    VictimSearch(final CoreState state)
    {
        this.state = state;
        sessions = state.sessions;
        kernels = state.kernels;
        shapes = state.shapes;
        agents = state.agents;
        accounts = state.accounts;
    }

    /** A look at all that could make room in a group begins. */
    void begin(final int groupId)
    {
        group = groupId;
        wakeNs = TimerQueue.NEVER;
    }

    /** Another look may find more from a time on. */
    void wakeAt(final long timeNs)
    {
        wakeNs = Math.min(wakeNs, timeNs);
    }

    /** When another look may find more, as the first of those who have not run for long enough will have. */
    long wakeNs()
    {
        return wakeNs;
    }

    /** Takes note of who wants room. */
    void of(final int preemptorShape)
    {
        priority = shapes.get(shapes.priority, preemptorShape);
        owner = shapes.get(shapes.owner, preemptorShape);
    }

    /** Whether a kernel is on its way out: nobody has to yield for what it has. */
    boolean isLeaving(final int kernel)
    {
        final int session = kernels.get(kernels.session, kernel);
        return 0 == kernels.get(kernels.held, kernel) && Table.NONE != session &&
            LifeState.TERMINATING.value() == sessions.get(sessions.state, session);
    }

    boolean isVictim(final int session)
    {
        final int shape = sessions.get(sessions.shape, session);
        if (0 == sessions.get(sessions.preemptible, session) ||
            LifeState.RUNNING.value() != sessions.get(sessions.state, session) ||
            shapes.get(shapes.priority, shape) >= priority ||
            group != shapes.get(shapes.group, shape) ||
            !isInScope(shapes.get(shapes.owner, shape)))
        {
            return false;
        }
        final long dueNs = sessions.get(sessions.runningNs, session) +
            state.groups.get(state.groups.preemptionMinRuntimeNs, group);
        if (dueNs > state.timestampNs)
        {
            wakeNs = Math.min(wakeNs, dueNs);
            return false;
        }
        return true;
    }

    private boolean isInScope(final int victimOwner)
    {
        final int scope = state.groups.get(state.groups.victimScope, group);
        if (VictimScope.GROUP.value() == scope || victimOwner == owner)
        {
            return true;
        }
        final int level = VictimScope.DOMAIN.value() == scope ?
            AccountLevel.DOMAIN.value() :
            VictimScope.PROJECT.value() == scope ? AccountLevel.PROJECT.value() : AccountLevel.USER.value();
        final int mine = above(owner, level);
        return Table.NONE != mine && mine == above(victimOwner, level);
    }

    private int above(final int accountId, final int level)
    {
        final int owner = accounts.find(accountId);
        int row = owner;
        while (Table.NONE != row && accounts.get(accounts.level, row) != level)
        {
            row = accounts.next(owner, row);
        }
        return row;
    }

    /** What is lost with a victim. */
    long cost(final int session)
    {
        final long runMs = (state.timestampNs - sessions.get(sessions.runningNs, session)) / MILLISECOND_NS;
        long parts = 0;
        for (int kernel = sessions.get(sessions.kernelHead, session);
            Table.NONE != kernel;
            kernel = kernels.get(kernels.siblingNext, kernel))
        {
            parts += part(kernel);
        }
        final long work = runMs > Long.MAX_VALUE / parts ? WORK_MAX : Math.min(WORK_MAX, runMs * parts >> WORK_SHIFT);
        return ((long)shapes.get(shapes.priority, sessions.get(sessions.shape, session)) << PRIORITY_SHIFT) + work;
    }

    private long part(final int kernel)
    {
        final int agent = kernels.get(kernels.agent, kernel);
        final int shape = kernels.get(kernels.shape, kernel);
        long most = 1;
        for (int slot = 0; slot < state.slots.count(); slot++)
        {
            final long capacity = agents.capacity(agent, slot);
            final long amount = shapes.amount(shape, slot);
            if (amount > 0 && capacity > 0)
            {
                most = Math.max(most, (long)((double)amount * THOUSAND / capacity));
            }
        }
        return most;
    }
}
