package io.plimsoll.core;

import io.plimsoll.core.sbe.SelectPolicy;

/**
 * Chooses agents where constraints prefer some, or mind what runs where, or slots have an order of their own: for each
 * kernel every agent of the group is looked at. Those on which no attempt failed come first, or one that is preferred
 * would be tried again and again; among them those that are preferred, then the selection decides.
 */
final class RankedSelection
{
    private final CoreState state;
    private final AgentTable agents;
    private final Wanted wanted;
    private final Trial trial;
    private final AgentFilter filter;
    private final Chosen chosen;
    private final SlotPriority priority;
    private AgentPool pool;
    private SelectPolicy select;
    private FailedAgents failed;
    private int cursor;
    private long sessionId;
    private long seed;
    private long bestScore;

    RankedSelection(
        final CoreState state, final Wanted wanted, final Trial trial, final AgentFilter filter, final Chosen chosen)
    {
        this.state = state;
        this.wanted = wanted;
        this.trial = trial;
        this.filter = filter;
        this.chosen = chosen;
        agents = state.agents;
        priority = new SlotPriority(state);
    }

    /** Tries to place all kernels of a session; those that failed are taken last. */
    boolean place(final AgentPool agentPool, final long id, final FailedAgents failedAgents)
    {
        pool = agentPool;
        select = SelectPolicy.get((short)pool.select());
        failed = failedAgents;
        cursor = state.groups.get(state.groups.cursor, pool.group());
        sessionId = id;
        seed = state.groups.get(state.groups.selectionSeed, pool.group());
        while (chosen.count() < wanted.kernels)
        {
            final int agent = best();
            if (Table.NONE == agent)
            {
                return false;
            }
            chosen.add(agent);
            trial.take(agent);
            cursor = agent;
        }
        return true;
    }

    private int best()
    {
        final boolean related = filter.isRanked();
        final boolean whole = related && wanted.kernels > 1 && filter.packsNew();
        int best = Table.NONE;
        for (int position = 0; position < pool.positions(); position++)
        {
            final int agent = pool.agentAt(position);
            if (filter.isUsable(agent) && trial.fits(agent) && filter.matches(agent) &&
                (!related || filter.allows(agent)) && (!whole || trial.fitsAll(agent)) &&
                (Table.NONE == best || isBetter(agent, best)))
            {
                best = agent;
                bestScore = SelectPolicy.SCORED == select ? pool.scores().score(agent, wanted, trial) : 0;
            }
        }
        return best;
    }

    private boolean isBetter(final int agent, final int best)
    {
        final int byFailure = Integer.compare(failed.turn(best), failed.turn(agent));
        if (0 != byFailure)
        {
            return byFailure > 0;
        }
        final int byConstraints = filter.isRanked() ? filter.compare(agent, best) : 0;
        if (0 != byConstraints)
        {
            return byConstraints > 0;
        }
        final int order = switch (select)
        {
            case SCORED -> Long.compare(pool.scores().score(agent, wanted, trial), bestScore);
            case ROUND_ROBIN -> Integer.compare(distance(best), distance(agent));
            case RANDOM -> Long.compare(rank(best), rank(agent));
            case DISPERSED -> compareFree(agent, best, true);
            default -> compareFree(agent, best, false);
        };
        return order > 0 || 0 == order && agent < best;
    }

    /** How many ids an agent is beyond the one that was taken last, going round. */
    private int distance(final int agent)
    {
        return agent > cursor ? agent - cursor : agent + agents.highWater() - cursor;
    }

    private long rank(final int agent)
    {
        return RandomSelection.rank(seed, sessionId, chosen.count(), agent);
    }

    private int compareFree(final int left, final int right, final boolean most)
    {
        final int byUnused = Integer.compare(
            agents.kindsUnused(right, wanted.furtherMask), agents.kindsUnused(left, wanted.furtherMask));
        if (0 != byUnused)
        {
            return byUnused;
        }
        final int[] order = priority.order(pool.selection(), wanted.furtherMask);
        for (int i = 0; i < order.length; i++)
        {
            final int byAmount = i < priority.led() ?
                Long.compare(trial.left(left, order[i]), trial.left(right, order[i])) :
                Long.compare(trial.free(left, order[i]), trial.free(right, order[i]));
            if (0 != byAmount)
            {
                return most ? byAmount : -byAmount;
            }
        }
        return 0;
    }
}
