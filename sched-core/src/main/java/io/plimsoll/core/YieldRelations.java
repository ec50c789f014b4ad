package io.plimsoll.core;

import java.util.Arrays;

/**
 * Where a session may go that must be apart from others of its owner, or together with them, once those have left who
 * are on their way or yield in what is just being tried. Preferences ask nothing.
 */
final class YieldRelations
{
    private final KernelTable kernels;
    private final SessionTable sessions;
    private final AgentTable agents;
    private final SessionGroups groups;
    private final VictimSearch search;
    private final YieldCandidates candidates;
    private final SessionRelations relations;
    private int count;
    /** By relation: the row of those that it is about, and how many of their kernels are not on their way out. */
    private int[] rows = new int[4];
    private int[] staying = new int[4];

    YieldRelations(final CoreState state, final VictimSearch search, final YieldCandidates candidates)
    {
        this.search = search;
        this.candidates = candidates;
        kernels = state.kernels;
        sessions = state.sessions;
        agents = state.agents;
        groups = state.sessionGroups;
        relations = new SessionRelations(state);
    }

    /** Takes note of whom it is about. */
    void load(final int shape)
    {
        relations.load(shape);
        count = relations.count();
        if (count > rows.length)
        {
            rows = Arrays.copyOf(rows, count * 2);
            staying = Arrays.copyOf(staying, count * 2);
        }
        for (int i = 0; i < count; i++)
        {
            rows[i] = relations.row(i);
            staying[i] = relations.isPack(i) ? groups.total(rows[i]) - leaving(i) : 0;
        }
    }

    private int leaving(final int relation)
    {
        int sum = 0;
        for (int i = 0; i < groups.agents(rows[relation]); i++)
        {
            sum += gone(relation, groups.agent(rows[relation], i), false);
        }
        return sum;
    }

    /** How many relations there are; 0: it may go anywhere. */
    int count()
    {
        return count;
    }

    boolean isPack(final int relation)
    {
        return relations.isPack(relation);
    }

    /** Whether no two kernels may be on one agent. */
    boolean spreads()
    {
        return relations.spreads();
    }

    /** Whether it has to be where others are, or all of it on one agent. */
    boolean packs()
    {
        return relations.packs();
    }

    /** Whether any are on their way out with whom it has to be as long as they are there. */
    boolean isAnyLeaving()
    {
        boolean any = false;
        for (int i = 0; i < count && !any; i++)
        {
            any = relations.isPack(i) && staying[i] < groups.total(rows[i]);
        }
        return any;
    }

    /** Kernels of a relation on an agent that are on their way out, or yield as well. */
    private int gone(final int relation, final int agent, final boolean yieldingToo)
    {
        return goneFrom(agents.get(agents.waitHead, agent), relation, yieldingToo) +
            goneFrom(agents.get(agents.restartHead, agent), relation, yieldingToo);
    }

    private int goneFrom(final int first, final int relation, final boolean yieldingToo)
    {
        int sum = 0;
        for (int kernel = first; Table.NONE != kernel; kernel = kernels.get(kernels.agentNext, kernel))
        {
            if ((search.isLeaving(kernel) || yieldingToo && yields(kernel)) && concerns(relation, kernel))
            {
                sum++;
            }
        }
        return sum;
    }

    /** Whether a kernel leaves with a session that yields. */
    boolean yields(final int kernel)
    {
        final int session = kernels.get(kernels.session, kernel);
        return Table.NONE != session && 0 == kernels.get(kernels.held, kernel) && candidates.isYielding(session);
    }

    private boolean concerns(final int relation, final int kernel)
    {
        return relations.concerns(relation, kernels.get(kernels.shape, kernel));
    }

    /** Whether a session is one with whom it has to be. */
    boolean isPackedWith(final int session)
    {
        boolean packed = false;
        for (int i = 0; i < count && !packed; i++)
        {
            packed = relations.isPack(i) && relations.concerns(i, sessions.get(sessions.shape, session));
        }
        return packed;
    }

    private int stayingOn(final int relation, final int agent)
    {
        final int there = groups.count(rows[relation], agent);
        return 0 == there ? 0 : there - gone(relation, agent, true);
    }

    /** Whether none is left with whom it has to be as long as they are there. */
    boolean isEmpty(final int relation)
    {
        int left = staying[relation];
        for (int i = 0; i < candidates.always() && left > 0; i++)
        {
            left -= kernelsOf(candidates.sessionAlways(i), relation);
        }
        for (int i = 0; i < candidates.count() && left > 0; i++)
        {
            left -= candidates.yields(i) ? kernelsOf(candidates.session(i), relation) : 0;
        }
        return left <= 0;
    }

    private int kernelsOf(final int session, final int relation)
    {
        int sum = 0;
        for (int kernel = sessions.get(sessions.kernelHead, session);
            Table.NONE != kernel;
            kernel = kernels.get(kernels.siblingNext, kernel))
        {
            sum += 0 == kernels.get(kernels.held, kernel) && concerns(relation, kernel) ? 1 : 0;
        }
        return sum;
    }

    /** Whether all kernels have to go to one agent, as none is left with whom they have to be. */
    boolean isNew()
    {
        boolean empty = false;
        for (int i = 0; i < count && !empty; i++)
        {
            empty = relations.isPack(i) && isEmpty(i);
        }
        return empty;
    }

    /** Whether an agent may have a first kernel. */
    boolean allows(final int agent)
    {
        boolean allowed = true;
        for (int i = 0; i < count && allowed; i++)
        {
            final int there = stayingOn(i, agent);
            allowed = relations.isPack(i) ? there > 0 || isEmpty(i) : 0 == there;
        }
        return allowed;
    }

    /** Whether any are on an agent with whom it has to be, and not on their way out. */
    boolean isOn(final int relation, final int agent)
    {
        return stayingOn(relation, agent) > 0;
    }

    /** Adds all to those who yield anyway with whom it would have to be; false if one of them may not have to. */
    boolean tryYieldAll(final int relation)
    {
        boolean all = true;
        for (int i = 0; i < groups.agents(rows[relation]) && all; i++)
        {
            final int agent = groups.agent(rows[relation], i);
            all = groups.count(rows[relation], agent) == gone(relation, agent, false) +
                yieldAll(agents.get(agents.waitHead, agent), relation) +
                yieldAll(agents.get(agents.restartHead, agent), relation);
        }
        return all;
    }

    private int yieldAll(final int first, final int relation)
    {
        int sum = 0;
        for (int kernel = first; Table.NONE != kernel; kernel = kernels.get(kernels.agentNext, kernel))
        {
            if (!search.isLeaving(kernel) && concerns(relation, kernel) && mayYield(kernel))
            {
                sum++;
            }
        }
        return sum;
    }

    private boolean mayYield(final int kernel)
    {
        final int session = kernels.get(kernels.session, kernel);
        if (Table.NONE != session && 0 == kernels.get(kernels.held, kernel) && !candidates.contains(session) &&
            search.isVictim(session))
        {
            candidates.addAlways(session, search.cost(session));
        }
        return yields(kernel);
    }
}
