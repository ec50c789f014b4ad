package io.plimsoll.core;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.SelectPolicy;

/** Says, by looking at everything, which session is next and where it goes: what the indexes must agree with. */
final class ExhaustiveScan
{
    private final CoreState state;
    private final AgentTable agents;
    private final SessionTable sessions;
    private final ShapeTable shapes;
    private long[][] taken;
    private int shape;
    final int[] chosen = new int[KernelTable.KERNELS_MAX];

    ExhaustiveScan(final CoreState state)
    {
        this.state = state;
        agents = state.agents;
        sessions = state.sessions;
        shapes = state.shapes;
    }

    /** The session that is to be placed next in a group, NONE if there is none. */
    int next(final int group)
    {
        if (state.lostTail)
        {
            return Table.NONE;
        }
        long afterPriority = Long.MAX_VALUE;
        long afterId = -1;
        while (true)
        {
            final int session = first(group, afterPriority, afterId);
            if (Table.NONE == session || place(group, session))
            {
                return session;
            }
            afterPriority = shapes.priority.get(sessions.shape.get(session));
            afterId = sessions.nextId.get(session);
        }
    }

    private int first(final int group, final long afterPriority, final long afterId)
    {
        int best = Table.NONE;
        for (int session = 0; session < sessions.highWater(); session++)
        {
            if (sessions.isLive(session) && isReady(session, group))
            {
                final long priority = shapes.priority.get(sessions.shape.get(session));
                final long id = sessions.nextId.get(session);
                final boolean after = priority < afterPriority || (priority == afterPriority && id > afterId);
                if (after && (Table.NONE == best || isBefore(priority, id, best)))
                {
                    best = session;
                }
            }
        }
        return best;
    }

    private boolean isBefore(final long priority, final long id, final int other)
    {
        final long otherPriority = shapes.priority.get(sessions.shape.get(other));
        return priority > otherPriority || (priority == otherPriority && id < sessions.nextId.get(other));
    }

    private boolean isReady(final int session, final int group)
    {
        return LifeState.PENDING.value() == sessions.state.get(session) &&
            group == shapes.group.get(sessions.shape.get(session)) &&
            0 == sessions.unmet.get(session) &&
            sessions.notBeforeNs.get(session) <= state.timestampNs;
    }

    private boolean place(final int group, final int session)
    {
        taken = new long[agents.highWater()][state.slots.count()];
        shape = sessions.shape.get(session);
        final boolean most = SelectPolicy.DISPERSED.value() == state.groups.select.get(group);
        for (int index = 0; index < shapes.kernels.get(shape); index++)
        {
            int best = Table.NONE;
            for (int agent = 1; agent < agents.highWater(); agent++)
            {
                if (group == agents.group.get(agent) && agents.isEligible(agent) && fits(agent) &&
                    (Table.NONE == best || isBetter(agent, best, most, sessions.failedAgent.get(session))))
                {
                    best = agent;
                }
            }
            if (Table.NONE == best)
            {
                return false;
            }
            chosen[index] = best;
            for (int slot = 0; slot < state.slots.count(); slot++)
            {
                taken[best][slot] += shapes.amount(shape, slot);
            }
        }
        return true;
    }

    private long left(final int agent, final int slot)
    {
        return agents.free(agent, slot) - taken[agent][slot];
    }

    private boolean fits(final int agent)
    {
        for (int slot = 0; slot < state.slots.count(); slot++)
        {
            final long amount = shapes.amount(shape, slot);
            if (amount > 0 && left(agent, slot) < amount)
            {
                return false;
            }
        }
        return left(agent, SlotTable.MEM) >= 0 || shapes.amount(shape, SlotTable.MEM) > 0;
    }

    private boolean isBetter(final int agent, final int best, final boolean most, final int failedAgent)
    {
        if ((agent == failedAgent) != (best == failedAgent))
        {
            return best == failedAgent;
        }
        if (0 == shapes.furtherMask.get(shape) && agents.hasFreeFurther(agent) != agents.hasFreeFurther(best))
        {
            return agents.hasFreeFurther(best);
        }
        for (int slot = 0; slot < state.slots.count(); slot++)
        {
            final int byAmount = Long.compare(left(agent, slot), left(best, slot));
            if (0 != byAmount)
            {
                return most == byAmount > 0;
            }
        }
        return agent < best;
    }
}
