package io.plimsoll.core;

/**
 * Chooses any agent that fits, each as likely as the others: the seed of the group, the session and the kernel say
 * which. Agents are drawn by number until one fits; when too many draws have failed, one of those that fit is drawn.
 * Both are uniform, so it does not matter which of them it was.
 */
final class RandomSelection
{
    /** Draws among all agents, before those that fit are counted. */
    static final int DRAWS = 64;

    private final AgentTable agents;
    private final GroupTable groups;
    private final Wanted wanted;
    private final Trial trial;
    private final AgentFilter filter;
    private final Chosen chosen;
    private AgentPool pool;
    private FailedAgents failed;

    RandomSelection(
        final CoreState state, final Wanted wanted, final Trial trial, final AgentFilter filter, final Chosen chosen)
    {
        this.wanted = wanted;
        this.trial = trial;
        this.filter = filter;
        this.chosen = chosen;
        agents = state.agents;
        groups = state.groups;
    }

    /** A number from 0 below a bound that these arguments stand for. */
    static int draw(final long seed, final long sessionId, final int kernelIndex, final int draw, final int bound)
    {
        final long kernel = Hashing.chain(Hashing.chain(seed, sessionId), (long)kernelIndex << 32 | draw);
        return (int)((Hashing.mix(kernel) >>> 1) % bound);
    }

    /** Where an agent comes if all that fit are put in a random order. */
    static long rank(final long seed, final long sessionId, final int kernelIndex, final int agent)
    {
        return Hashing.mix(Hashing.chain(Hashing.chain(seed, sessionId), (long)kernelIndex << 32 | agent));
    }

    /** Tries to place all kernels of a session; those that failed are taken last. */
    boolean place(final AgentPool agentPool, final long sessionId, final FailedAgents failedAgents)
    {
        pool = agentPool;
        failed = failedAgents;
        final long seed = groups.get(groups.selectionSeed, pool.group());
        while (chosen.count() < wanted.kernels)
        {
            int agent = drawn(seed, sessionId);
            if (Table.NONE == agent)
            {
                agent = drawnOfFitting(seed, sessionId);
            }
            for (int i = 0; Table.NONE == agent && i < failed.count(); i++)
            {
                agent = fits(failed.agent(i)) ? failed.agent(i) : Table.NONE;
            }
            if (Table.NONE == agent)
            {
                return false;
            }
            chosen.add(agent);
            trial.take(agent);
        }
        return true;
    }

    private boolean fits(final int agent)
    {
        return filter.isUsable(agent) && trial.fits(agent) && filter.matches(agent);
    }

    private int drawn(final long seed, final long sessionId)
    {
        final int bound = agents.highWater() - 1;
        for (int draw = 0; draw < DRAWS && bound > 0; draw++)
        {
            final int agent = 1 + draw(seed, sessionId, chosen.count(), draw, bound);
            if (!failed.contains(agent) && fits(agent))
            {
                return agent;
            }
        }
        return Table.NONE;
    }

    private int drawnOfFitting(final long seed, final long sessionId)
    {
        int count = 0;
        for (int position = 0; position < pool.positions(); position++)
        {
            final int agent = pool.agentAt(position);
            count += !failed.contains(agent) && fits(agent) ? 1 : 0;
        }
        if (0 == count)
        {
            return Table.NONE;
        }
        int left = draw(seed, sessionId, chosen.count(), DRAWS, count);
        for (int agent = 1; agent < agents.highWater(); agent++)
        {
            if (!failed.contains(agent) && fits(agent) && 0 == left--)
            {
                return agent;
            }
        }
        throw new IllegalStateException("sessionId=" + sessionId + " fitting agents=" + count);
    }
}
