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
            pool(group).clear(state.groups.select.get(group));
        }
        for (int agent = 1; agent < agents.highWater(); agent++)
        {
            agents.indexed.set(agent, (byte)0);
            afterChange(agent, false);
        }
    }

    /** The options of a group have changed. */
    void onGroup(final int group)
    {
        if (valid && pool(group).select() != state.groups.select.get(group))
        {
            pool(group).clear(state.groups.select.get(group));
            for (int agent = 1; agent < agents.highWater(); agent++)
            {
                if (group == agents.group.get(agent))
                {
                    agents.indexed.set(agent, (byte)0);
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
                larger[i] = new AgentPool(agents, state.slots, state.groups.select.get(i));
            }
            pools = larger;
        }
        return pools[group];
    }

    /** To be called before anything about an agent changes that its place in the order depends on. */
    void beforeChange(final int agent)
    {
        state.schedule.onAgentChanged(agent);
        if (valid && 0 != agents.indexed.get(agent))
        {
            pool(agents.group.get(agent)).order(agent).remove(agent);
            agents.indexed.set(agent, (byte)0);
        }
    }

    /** To be called after that, and says whether the agent may now hold what it could not before. */
    void afterChange(final int agent, final boolean gained)
    {
        if (valid && agents.isEligible(agent))
        {
            final int group = agents.group.get(agent);
            pool(group).order(agent).add(agent);
            agents.indexed.set(agent, (byte)1);
            if (gained)
            {
                gainListener.onGain(group, agent);
            }
        }
    }
}
