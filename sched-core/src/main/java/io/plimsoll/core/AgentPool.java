package io.plimsoll.core;

import io.plimsoll.core.sbe.SelectPolicy;
import java.util.Arrays;

/**
 * The agents of one resource group that may get work, as its selection looks at them. An agent that was ever in here
 * has a position, which it keeps. A cache.
 */
final class AgentPool
{
    /* Where an agent is in here: in the order of those with free further slots, or wherever else. */
    private static final byte PRESENT = 1;
    private static final byte IN_FURTHER = 2;

    /** Combinations of further slots that are kept in order; each has its price whenever an agent changes. */
    private static final int MASKS_MAX = 8;
    /** Searches after which a combination that nobody asked for makes way for another. */
    private static final int SEARCHES_IDLE = 1_000;

    private final CoreState state;
    private final AgentTable agents;
    private final int group;
    private int select;
    private int selection;
    private boolean isByPriority;

    private int[] agentAt = new int[64];
    /** Position plus one by agent. */
    private int[] positionOf = new int[64];
    private int positions;
    private boolean isInOrder = true;
    private ChangeLog changes;
    private ScoreIndex scores;
    private FreeTree free;
    private TopologyMap topology;
    private TopologyIndex topologyIndex;

    /** Agents that have nothing free beyond cpu and mem; only for selections by what is free. */
    AgentOrder plain;
    /** Agents that have further slots free, for requests for none; only for selections by what is free. */
    AgentBuckets further;
    /** The same for requests that ask for some: made when they are first asked for. */
    private final AgentBuckets[] byMask = new AgentBuckets[MASKS_MAX];
    /** Number of the search that was last in each. */
    private final long[] lastSearch = new long[MASKS_MAX];
    private long searches;
    private int masks;

    AgentPool(final CoreState state, final int group)
    {
        this.state = state;
        this.group = group;
        agents = state.agents;
        clear();
    }

    /** Forgets all agents, and how they were looked at; takes up what the group is now configured to. */
    void clear()
    {
        select = state.groups.get(state.groups.select, group);
        selection = state.groups.get(state.groups.selection, group);
        isByPriority = isByFree() && SlotPriority.isNamed(state.names, selection);
        Arrays.fill(positionOf, 0);
        positions = 0;
        isInOrder = true;
        plain = null;
        further = null;
        masks = 0;
        Arrays.fill(byMask, null);
        changes = null;
        scores = null;
        free = null;
        topology = null;
        topologyIndex = null;
        switch (SelectPolicy.get((short)select))
        {
            case SCORED ->
            {
                changes = new ChangeLog();
                scores = new ScoreIndex(state, this, state.selectionPolicy(group));
            }
            case ROUND_ROBIN -> free = new FreeTree(agents, state.slots);
            case TOPOLOGY ->
            {
                changes = new ChangeLog();
                topology = new TopologyMap(agents, this);
                topologyIndex = new TopologyIndex(state, this);
            }
            case RANDOM ->
            {
                // It looks at agents themselves.
            }
            default ->
            {
                if (isByPriority)
                {
                    return;
                }
                plain = new AgentOrder(agents, state.slots, isMost(), false);
                further = buckets(0);
            }
        }
    }

    private boolean isMost()
    {
        return SelectPolicy.DISPERSED.value() == select;
    }

    private AgentBuckets buckets(final int mask)
    {
        return new AgentBuckets(agents, state.slots, new SlotPriority(state), mask, isMost());
    }

    /** Agents with further slots in order, for what a request asks of these; null if there are too many such orders. */
    AgentBuckets further(final int mask)
    {
        if (0 == mask)
        {
            further = further.isCurrent() ? further : filled(0);
            return further;
        }
        int i = 0;
        while (i < masks && !byMask[i].isFor(mask))
        {
            i++;
        }
        searches++;
        i = MASKS_MAX == i ? longestIdle() : i;
        if (Table.NONE == i)
        {
            return null;
        }
        if (i == masks || !byMask[i].isFor(mask) || !byMask[i].isCurrent())
        {
            byMask[i] = filled(mask);
            masks = Math.max(masks, i + 1);
        }
        lastSearch[i] = searches;
        return byMask[i];
    }

    /** The combination that nobody has asked for the longest; NONE if that is not long. */
    private int longestIdle()
    {
        int idle = 0;
        for (int i = 1; i < MASKS_MAX; i++)
        {
            idle = lastSearch[i] < lastSearch[idle] ? i : idle;
        }
        return searches - lastSearch[idle] > SEARCHES_IDLE ? idle : Table.NONE;
    }

    private AgentBuckets filled(final int mask)
    {
        final AgentBuckets made = buckets(mask);
        for (int position = 0; position < positions; position++)
        {
            if (IN_FURTHER == agents.get(agents.indexed, agentAt[position]))
            {
                made.set(agentAt[position]);
            }
        }
        return made;
    }

    private boolean isByFree()
    {
        return SelectPolicy.CONCENTRATED.value() == select || SelectPolicy.DISPERSED.value() == select;
    }

    /** Whether agents are kept in the order of what they have free. */
    boolean isByOrder()
    {
        return null != plain;
    }

    /** Whether slots are compared in an order of the group's own: then every agent is looked at. */
    boolean isByPriority()
    {
        return isByPriority;
    }

    /** Name of the policy that scores, or that says which slots come first. */
    int selection()
    {
        return selection;
    }

    /** Whether the group is still configured to what this was made for. */
    boolean isCurrent()
    {
        return select == state.groups.get(state.groups.select, group) &&
            selection == state.groups.get(state.groups.selection, group);
    }

    /** Whether it needs a policy that is not there. */
    boolean lacksPolicy()
    {
        return null != scores && null == scores.policy();
    }

    int group()
    {
        return group;
    }

    int select()
    {
        return select;
    }

    /** Scores of agents, null unless a policy scores them. */
    ScoreIndex scores()
    {
        return scores;
    }

    /** What agents have free, null unless they are taken in turn. */
    FreeTree free()
    {
        return free;
    }

    /** Where agents stand, null unless it matters. */
    TopologyMap topology()
    {
        return topology;
    }

    /** What is known of racks and blocks, null unless it matters. */
    TopologyIndex topologyIndex()
    {
        return topologyIndex;
    }

    ChangeLog changes()
    {
        return changes;
    }

    /** One above the highest position. */
    int positions()
    {
        return positions;
    }

    int agentAt(final int position)
    {
        return agentAt[position];
    }

    /** Whether positions are in the order of agent ids. */
    boolean isInOrder()
    {
        return isInOrder;
    }

    /** Mem that the agent of a position has free. */
    long freeMem(final int position)
    {
        return agents.free(agentAt[position], SlotTable.MEM);
    }

    /** Whether an agent was ever in here, and so has a position. */
    boolean isMember(final int agent)
    {
        return agent < positionOf.length && 0 != positionOf[agent];
    }

    int position(final int agent)
    {
        return positionOf[agent] - 1;
    }

    /** Returns a mark that says where the agent is in here, which is above zero. */
    byte add(final int agent)
    {
        if (!isMember(agent))
        {
            join(agent);
        }
        if (null == plain)
        {
            onChanged(agent, true);
            return PRESENT;
        }
        return enter(agent);
    }

    /** An agent that is in here has more or less free than before; returns its new mark. */
    byte change(final int agent, final byte mark)
    {
        if (null == plain)
        {
            onChanged(agent, true);
            return mark;
        }
        if (PRESENT == mark)
        {
            plain.remove(agent);
        }
        else if (!agents.hasFreeFurther(agent))
        {
            leaveFurther(agent);
        }
        return enter(agent);
    }

    private byte enter(final int agent)
    {
        if (!agents.hasFreeFurther(agent))
        {
            plain.add(agent);
            return PRESENT;
        }
        further.set(agent);
        for (int i = 0; i < masks; i++)
        {
            byMask[i].set(agent);
        }
        return IN_FURTHER;
    }

    private void leaveFurther(final int agent)
    {
        further.remove(agent);
        for (int i = 0; i < masks; i++)
        {
            byMask[i].remove(agent);
        }
    }

    private void onChanged(final int agent, final boolean present)
    {
        if (null != changes)
        {
            changes.add(position(agent));
        }
        else if (null != free)
        {
            free.set(agent, present);
        }
    }

    private void join(final int agent)
    {
        if (agent >= positionOf.length)
        {
            positionOf = Arrays.copyOf(positionOf, Math.max(agent + 1, positionOf.length * 2));
        }
        if (positions == agentAt.length)
        {
            agentAt = Arrays.copyOf(agentAt, positions * 2);
        }
        isInOrder &= 0 == positions || agent > agentAt[positions - 1];
        agentAt[positions] = agent;
        positionOf[agent] = ++positions;
    }

    void remove(final int agent, final byte mark)
    {
        if (null == plain)
        {
            onChanged(agent, false);
        }
        else if (IN_FURTHER == mark)
        {
            leaveFurther(agent);
        }
        else
        {
            plain.remove(agent);
        }
    }
}
