package io.plimsoll.core;

import io.plimsoll.core.sbe.Liveness;
import java.util.Arrays;

/** What the agents of each group have in all, those that are lost left out and drained ones not. A cache. */
final class GroupCapacities
{
    private static final int SLOTS = SlotTable.SLOTS_MAX;

    private final CoreState state;
    private final AgentTable agents;
    /** Group that an agent is counted in, plus one; 0: none. */
    private int[] countedIn = new int[64];
    private long[] counted = new long[64 * SLOTS];
    private long[] sums = new long[4 * SLOTS];
    private long version;

    GroupCapacities(final CoreState state)
    {
        this.state = state;
        agents = state.agents;
    }

    /** Rises with every change. */
    long version()
    {
        return version;
    }

    long capacity(final int group, final int slot)
    {
        final int at = group * SLOTS + slot;
        return at < sums.length ? sums[at] : 0;
    }

    void rebuild()
    {
        version++;
        Arrays.fill(countedIn, 0);
        Arrays.fill(sums, 0);
        for (int agent = 1; agent < agents.highWater(); agent++)
        {
            onAgent(agent);
        }
    }

    /** Something about an agent may have changed. */
    void onAgent(final int agent)
    {
        if (agent >= countedIn.length)
        {
            countedIn = Arrays.copyOf(countedIn, agent * 2);
            counted = Arrays.copyOf(counted, agent * 2 * SLOTS);
        }
        final boolean counts = Liveness.LOST.value() != agents.get(agents.liveness, agent);
        final int group = counts ? agents.get(agents.group, agent) + 1 : 0;
        if (group != countedIn[agent] || (counts && hasChanged(agent)))
        {
            add(agent, -1);
            countedIn[agent] = group;
            for (int slot = 0; slot < state.slots.count(); slot++)
            {
                counted[agent * SLOTS + slot] = agents.capacity(agent, slot);
            }
            add(agent, 1);
            version++;
        }
    }

    private boolean hasChanged(final int agent)
    {
        for (int slot = 0; slot < state.slots.count(); slot++)
        {
            if (counted[agent * SLOTS + slot] != agents.capacity(agent, slot))
            {
                return true;
            }
        }
        return false;
    }

    private void add(final int agent, final int sign)
    {
        final int group = countedIn[agent] - 1;
        if (group < 0)
        {
            return;
        }
        if ((group + 1) * SLOTS > sums.length)
        {
            sums = Arrays.copyOf(sums, (group + 1) * 2 * SLOTS);
        }
        for (int slot = 0; slot < SLOTS; slot++)
        {
            sums[group * SLOTS + slot] += sign * counted[agent * SLOTS + slot];
        }
    }
}
