package io.plimsoll.core;

import java.util.Arrays;

/**
 * Agents of a group that offer the same, whatever runs there: clusters are large, but consist of few kinds of machines.
 * Derived, kept with every agent that tells what it offers.
 */
final class AgentKinds
{
    private static final int SLOTS = SlotTable.SLOTS_MAX;

    private final CoreState state;
    private final AgentTable agents;
    private final RowIndex index = new RowIndex();
    /** Kind of each agent, plus one; 0: it has told nothing yet. */
    private int[] kindOf = new int[64];
    private long[] hash = new long[16];
    private int[] group = new int[16];
    private int[] kernelsMax = new int[16];
    private long[] capacity = new long[16 * SLOTS];
    /** Agents of each kind; 0: the row is free. */
    private int[] members = new int[16];
    private int used;

    AgentKinds(final CoreState state)
    {
        this.state = state;
        agents = state.agents;
    }

    /** One above the highest kind there ever was. */
    int highWater()
    {
        return used;
    }

    /** Agents of a kind that are of a group. */
    int members(final int kind, final int ofGroup)
    {
        return ofGroup == group[kind] ? members[kind] : 0;
    }

    int kindOf(final int agent)
    {
        return kindOf[agent] - 1;
    }

    long capacity(final int kind, final int slot)
    {
        return capacity[kind * SLOTS + slot];
    }

    int kernelsMax(final int kind)
    {
        return kernelsMax[kind];
    }

    void rebuild()
    {
        index.clear();
        Arrays.fill(kindOf, 0);
        used = 0;
        for (int agent = 1; agent < agents.highWater(); agent++)
        {
            if (agents.isLive(agent) && Table.NONE != agents.get(agents.group, agent))
            {
                onAttached(agent);
            }
        }
    }

    /** An agent told what it offers. */
    void onAttached(final int agent)
    {
        if (agent >= kindOf.length)
        {
            kindOf = Arrays.copyOf(kindOf, agent * 2);
        }
        final int previous = kindOf[agent] - 1;
        if (Table.NONE != previous && isOf(previous, agent))
        {
            return;
        }
        if (Table.NONE != previous && 0 == --members[previous])
        {
            index.remove(hash[previous], previous);
        }
        final int kind = kind(agent);
        members[kind]++;
        kindOf[agent] = kind + 1;
    }

    private int kind(final int agent)
    {
        long hashed = Hashing.chain(agents.get(agents.group, agent), agents.get(agents.kernelsMax, agent));
        for (int slot = 0; slot < state.slots.count(); slot++)
        {
            // A slot that is defined later changes no hash.
            final long amount = agents.capacity(agent, slot);
            hashed = 0 == amount ? hashed : Hashing.chain(hashed + slot, amount);
        }
        hashed = Hashing.mix(hashed);
        for (int kind = index.first(hashed); Table.NONE != kind; kind = index.next())
        {
            if (hashed == hash[kind] && isOf(kind, agent))
            {
                return kind;
            }
        }
        final int kind = freeRow();
        hash[kind] = hashed;
        group[kind] = agents.get(agents.group, agent);
        kernelsMax[kind] = agents.get(agents.kernelsMax, agent);
        for (int slot = 0; slot < SLOTS; slot++)
        {
            capacity[kind * SLOTS + slot] = slot < state.slots.count() ? agents.capacity(agent, slot) : 0;
        }
        index.add(hashed, kind);
        return kind;
    }

    /** Kinds are few, and new ones come seldom. */
    private int freeRow()
    {
        for (int kind = 0; kind < used; kind++)
        {
            if (0 == members[kind])
            {
                return kind;
            }
        }
        if (used == hash.length)
        {
            hash = Arrays.copyOf(hash, used * 2);
            group = Arrays.copyOf(group, used * 2);
            kernelsMax = Arrays.copyOf(kernelsMax, used * 2);
            capacity = Arrays.copyOf(capacity, used * 2 * SLOTS);
            members = Arrays.copyOf(members, used * 2);
        }
        members[used] = 0;
        return used++;
    }

    private boolean isOf(final int kind, final int agent)
    {
        boolean same = group[kind] == agents.get(agents.group, agent) &&
            kernelsMax[kind] == agents.get(agents.kernelsMax, agent);
        for (int slot = 0; slot < state.slots.count() && same; slot++)
        {
            same = capacity(kind, slot) == agents.capacity(agent, slot);
        }
        return same;
    }
}
