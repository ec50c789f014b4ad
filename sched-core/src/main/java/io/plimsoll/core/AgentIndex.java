package io.plimsoll.core;

/**
 * Where a pass looks for agents: those of each group that may get work, in the order of its selection. A cache, derived
 * from the agent table and told before and after each change of it; while events are restored it is not kept.
 */
final class AgentIndex
{
    /** Hears of agents that have more to give than before. */
    @FunctionalInterface
    interface GainListener
    {
        void onGain(int group, int agent);
    }

    private final CoreState state;
    private final AgentTable agents;
    private final GainListener gainListener;
    private AgentPool[] pools = new AgentPool[0];
    /** Agents on which room is kept for a session. */
    private final AgentSet claimed = new AgentSet();
    private boolean valid = true;

    AgentIndex(final CoreState state, final GainListener gainListener)
    {
        this.state = state;
        this.gainListener = gainListener;
        agents = state.agents;
    }

    /** Forgets all, until it is built anew. */
    void invalidate()
    {
        valid = false;
    }

    /** Builds all of it anew; nobody gains by that. */
    void rebuild()
    {
        valid = true;
        for (int group = 0; group < state.groups.count(); group++)
        {
            pool(group).clear();
        }
        claimed.clear();
        for (int agent = 1; agent < agents.highWater(); agent++)
        {
            onClaimed(agent);
            agents.set(agents.indexed, agent, (byte)0);
            afterChange(agent, false);
        }
    }

    /** The options of a group have changed. */
    void onGroup(final int group)
    {
        if (valid && !pool(group).isCurrent())
        {
            pool(group).clear();
            for (int agent = 1; agent < agents.highWater(); agent++)
            {
                if (group == agents.get(agents.group, agent))
                {
                    agents.set(agents.indexed, agent, (byte)0);
                    afterChange(agent, false);
                }
            }
        }
    }

    AgentPool pool(final int group)
    {
        if (group >= pools.length)
        {
            final AgentPool[] larger = new AgentPool[group + 1];
            System.arraycopy(pools, 0, larger, 0, pools.length);
            for (int i = pools.length; i < larger.length; i++)
            {
                larger[i] = new AgentPool(state, i);
            }
            pools = larger;
        }
        return pools[group];
    }

    /** To be called before anything about an agent changes that its place in the order depends on. */
    void beforeChange(final int agent)
    {
        state.schedule.onAgentChanged(agent);
        if (valid)
        {
            leave(agent, agents.get(agents.group, agent));
        }
    }

    private void leave(final int agent, final int group)
    {
        final byte mark = agents.get(agents.indexed, agent);
        if (0 != mark)
        {
            pool(group).remove(agent, mark);
            agents.set(agents.indexed, agent, (byte)0);
        }
    }

    /** To be called after that, and says whether the agent may now hold what it could not before. */
    void afterChange(final int agent, final boolean gained)
    {
        if (valid && agents.isEligible(agent))
        {
            enter(agent, agents.get(agents.group, agent), gained);
        }
    }

    private void enter(final int agent, final int group, final boolean gained)
    {
        final byte mark = agents.get(agents.indexed, agent);
        final AgentPool pool = pool(group);
        final byte now = 0 == mark ? pool.add(agent) : pool.change(agent, mark);
        if (now != mark)
        {
            agents.set(agents.indexed, agent, now);
        }
        if (gained)
        {
            gainListener.onGain(group, agent);
        }
    }

    /**
     * In place of both, where only what an agent has free has changed, or how many kernels it has; says whether it may
     * now hold what it could not before.
     */
    void onUse(final int agent, final boolean gained)
    {
        state.schedule.onAgentChanged(agent);
        if (valid)
        {
            final int group = agents.get(agents.group, agent);
            if (agents.isEligible(agent))
            {
                enter(agent, group, gained);
            }
            else
            {
                leave(agent, group);
            }
        }
    }

    /** Any agent may now hold what it could not before. */
    void gainAll()
    {
        for (int agent = 1; valid && agent < agents.highWater(); agent++)
        {
            if (0 != agents.get(agents.indexed, agent))
            {
                gainListener.onGain(agents.get(agents.group, agent), agent);
            }
        }
    }

    /** Room on an agent is kept for another session than before, or for none. */
    void onClaimed(final int agent)
    {
        if (0 == agents.get(agents.claimedBy, agent))
        {
            claimed.remove(agent);
        }
        else
        {
            claimed.add(agent);
        }
    }

    /** The next agent above an id on which room is kept; NONE if there is none. */
    int nextClaimed(final int agent)
    {
        return claimed.next(agent);
    }
}
