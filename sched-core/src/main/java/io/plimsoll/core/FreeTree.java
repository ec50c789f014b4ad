package io.plimsoll.core;

import java.util.Arrays;

/**
 * What agents have free, by their ids, with the most of each slot in every sixteen of them, in every sixteen of those,
 * and so on: the next agent by id that has enough is found without looking at those that have not. What one agent has
 * matters above the leaves only if it is the most of its sixteen, or was. A cache.
 */
final class FreeTree
{
    private static final int FAN_SHIFT = 4;
    private static final int FAN = 1 << FAN_SHIFT;
    private static final int LEAVES_MIN = 64;
    private static final long NOTHING = Long.MIN_VALUE;

    private final AgentTable agents;
    private final SlotTable slots;
    /** A power of two. */
    private int leaves = LEAVES_MIN;
    /** By slot and level, of which the first has all agents and the last sixteen nodes at most. */
    private final long[][][] most = new long[SlotTable.SLOTS_MAX][][];

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
                most[slot] = levels();
                fill(slot);
            }
            raise(most[slot], agent, present ? agents.free(agent, slot) : NOTHING);
        }
    }

    private long[][] levels()
    {
        int height = 1;
        for (int nodes = leaves; nodes > FAN; nodes >>= FAN_SHIFT)
        {
            height++;
        }
        final long[][] levels = new long[height][];
        for (int level = 0; level < height; level++)
        {
            levels[level] = new long[leaves >> FAN_SHIFT * level];
            Arrays.fill(levels[level], NOTHING);
        }
        return levels;
    }

    /** A slot that was defined since: nobody who is in here has any of it. */
    private void fill(final int slot)
    {
        for (int leaf = 0; leaf < leaves; leaf++)
        {
            if (NOTHING != most[SlotTable.CPU][0][leaf])
            {
                raise(most[slot], leaf, agents.free(leaf, slot));
            }
        }
    }

    private static void raise(final long[][] levels, final int leaf, final long value)
    {
        final int top = levels.length - 1;
        int at = leaf;
        long now = value;
        for (int level = 0; level < top; level++)
        {
            final long[] nodes = levels[level];
            final long before = nodes[at];
            nodes[at] = now;
            final long above = levels[level + 1][at >> FAN_SHIFT];
            if (now < above)
            {
                if (before < above)
                {
                    return;
                }
                now = mostOf(nodes, at & -FAN);
            }
            if (now == above)
            {
                return;
            }
            at >>= FAN_SHIFT;
        }
        levels[top][at] = now;
    }

    private static long mostOf(final long[] nodes, final int from)
    {
        long most = nodes[from];
        for (int at = from + 1; at < from + FAN; at++)
        {
            most = Math.max(most, nodes[at]);
        }
        return most;
    }

    private void grow(final int wanted)
    {
        final int before = leaves;
        leaves = Integer.highestOneBit(wanted - 1) << 1;
        for (int slot = 0; slot < most.length; slot++)
        {
            if (null != most[slot])
            {
                final long[] smaller = most[slot][0];
                most[slot] = levels();
                for (int leaf = 0; leaf < before; leaf++)
                {
                    raise(most[slot], leaf, smaller[leaf]);
                }
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
        int level = 0;
        int at = after + 1;
        while (true)
        {
            final int end = Math.min((at | FAN - 1) + 1, leaves >> FAN_SHIFT * level);
            while (at < end && !isEnough(level, at, need, furtherMask))
            {
                at++;
            }
            if (at < end && 0 == level)
            {
                return at;
            }
            if (at < end)
            {
                level--;
                at <<= FAN_SHIFT;
            }
            else if (end == leaves >> FAN_SHIFT * level)
            {
                return Table.NONE;
            }
            else
            {
                // On to the next sixteen, whose node says whether anybody there has enough.
                level++;
                at = end >> FAN_SHIFT;
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

    private boolean isEnough(final int level, final int at, final long[] need, final int furtherMask)
    {
        if (most[SlotTable.CPU][level][at] < need[SlotTable.CPU] ||
            most[SlotTable.MEM][level][at] < need[SlotTable.MEM])
        {
            return false;
        }
        for (int mask = furtherMask; 0 != mask; mask &= mask - 1)
        {
            final int slot = Integer.numberOfTrailingZeros(mask);
            if (most[slot][level][at] < need[slot])
            {
                return false;
            }
        }
        return true;
    }
}
