package io.plimsoll.core;

import java.util.Arrays;

/**
 * What says of an agent, without a look at its kernels, that it has no room for a request before a time: what it has
 * free, and when the first of its kernels is expected to end. On thousands of full agents nearly all are ruled out by
 * that. It holds for every request, and is looked at anew for agents that changed only. A cache of one queue, for all
 * of its reservations.
 */
final class RoomBounds
{
    private final AgentTable agents;
    private final ExpectedEnds ends;
    private long[] firstEndNs = {};
    private long[] freeCpu = {};
    private long[] freeMem = {};
    private boolean[] isStale = {};
    private int[] stale = {};
    private int staleCount;
    /** Agents below this id were looked at. */
    private int seen = 1;

    RoomBounds(final CoreState state)
    {
        agents = state.agents;
        ends = new ExpectedEnds(state);
    }

    /** Anything about an agent, or about a kernel on it, has changed or is about to. */
    void onAgentChanged(final int agent)
    {
        if (agent < isStale.length && !isStale[agent])
        {
            isStale[agent] = true;
            stale[staleCount++] = agent;
        }
    }

    /** Takes up what changed; to be called before anybody is ruled out. */
    void refresh()
    {
        ensure(agents.highWater());
        while (seen < agents.highWater())
        {
            onAgentChanged(seen++);
        }
        while (staleCount > 0)
        {
            final int agent = stale[--staleCount];
            isStale[agent] = false;
            freeCpu[agent] = agents.free(agent, SlotTable.CPU);
            freeMem[agent] = agents.free(agent, SlotTable.MEM);
            firstEndNs[agent] = ends.firstNs(agent);
        }
    }

    private void ensure(final int rows)
    {
        if (rows > isStale.length)
        {
            final int length = Math.max(rows, Math.max(64, isStale.length * 2));
            firstEndNs = Arrays.copyOf(firstEndNs, length);
            freeCpu = Arrays.copyOf(freeCpu, length);
            freeMem = Arrays.copyOf(freeMem, length);
            isStale = Arrays.copyOf(isStale, length);
            stale = Arrays.copyOf(stale, length);
        }
    }

    /** Whether an agent surely has no room for a kernel before a time. */
    boolean isRuledOut(final int agent, final Wanted wanted, final long atNs)
    {
        return firstEndNs[agent] >= atNs &&
            (freeCpu[agent] < wanted.need[SlotTable.CPU] || freeMem[agent] < wanted.need[SlotTable.MEM]);
    }
}
