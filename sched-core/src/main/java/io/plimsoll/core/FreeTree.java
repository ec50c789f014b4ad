package io.plimsoll.core;

import java.util.Arrays;

/**
 * What agents have free, by their ids, with the most of each slot at every node above: the next agent by id that has
 * enough is found without looking at those that have not. A cache.
 */
final class FreeTree
{
    private static final long NOTHING = Long.MIN_VALUE;

    private final AgentTable agents;
    private final SlotTable slots;
    private int leaves = 64;
    private final long[][] most = new long[SlotTable.SLOTS_MAX][];

    FreeTree(final AgentTable agents, final SlotTable slots)
    {
        this.agents = agents;
        this.slots = slots;
    }

    void set(final int agent, final boolean present)
    {
        if (agent >= leaves)
        {
            grow(agent + 1);
        }
        for (int slot = 0; slot < slots.count(); slot++)
        {
            if (null == most[slot])
            {
                most[slot] = new long[leaves * 2];
                Arrays.fill(most[slot], NOTHING);
                fill(slot);
            }
            raise(most[slot], agent, present ? agents.free(agent, slot) : NOTHING);
        }
    }

    /** A slot that was defined since: nobody who is in here has any of it. */
    private void fill(final int slot)
    {
        for (int leaf = 0; leaf < leaves; leaf++)
        {
            if (NOTHING != most[SlotTable.CPU][leaves + leaf])
            {
                raise(most[slot], leaf, agents.free(leaf, slot));
            }
        }
    }

    private void raise(final long[] nodes, final int leaf, final long value)
    {
        int node = leaves + leaf;
        boolean changes = nodes[node] != value;
        nodes[node] = value;
        for (node >>= 1; node > 0 && changes; node >>= 1)
        {
            final long larger = Math.max(nodes[node << 1], nodes[(node << 1) + 1]);
            changes = larger != nodes[node];
            nodes[node] = larger;
        }
    }

    private void grow(final int wanted)
    {
        final int before = leaves;
        leaves = Integer.highestOneBit(wanted - 1) << 1;
        for (int slot = 0; slot < most.length; slot++)
        {
            if (null != most[slot])
            {
                final long[] larger = new long[leaves * 2];
                Arrays.fill(larger, NOTHING);
                System.arraycopy(most[slot], before, larger, leaves, before);
                for (int node = leaves - 1; node > 0; node--)
                {
                    larger[node] = Math.max(larger[node << 1], larger[(node << 1) + 1]);
                }
                most[slot] = larger;
            }
        }
    }

    /** The lowest agent above an id that has enough of each slot, NONE if there is none. */
    int next(final int after, final long[] need, final int furtherMask)
    {
        if (null == most[SlotTable.CPU] || after + 1 >= leaves || !areDefined(furtherMask))
        {
            return Table.NONE;
        }
        int node = leaves + after + 1;
        while (true)
        {
            if (isEnough(node, need, furtherMask))
            {
                if (node >= leaves)
                {
                    return node - leaves;
                }
                node <<= 1;
            }
            else
            {
                // On to the next subtree to the right, from as high up as it begins there.
                while (1 == (node & 1))
                {
                    if (0 == (node & node + 1))
                    {
                        return Table.NONE;
                    }
                    node >>= 1;
                }
                node++;
            }
        }
    }

    private boolean areDefined(final int furtherMask)
    {
        for (int mask = furtherMask; 0 != mask; mask &= mask - 1)
        {
            if (null == most[Integer.numberOfTrailingZeros(mask)])
            {
                return false;
            }
        }
        return true;
    }

    private boolean isEnough(final int node, final long[] need, final int furtherMask)
    {
        if (most[SlotTable.CPU][node] < need[SlotTable.CPU] || most[SlotTable.MEM][node] < need[SlotTable.MEM])
        {
            return false;
        }
        for (int mask = furtherMask; 0 != mask; mask &= mask - 1)
        {
            final int slot = Integer.numberOfTrailingZeros(mask);
            if (most[slot][node] < need[slot])
            {
                return false;
            }
        }
        return true;
    }
}
