package io.plimsoll.core;

import java.util.Arrays;

/**
 * Agents that may get work, ordered by free cpu, free mem, further free slots and id: a sorted list in leaves of 64
 * entries, so that a change moves little memory and a search touches few cache lines. Each leaf knows an upper bound of
 * what its agents have free of each slot beyond cpu; removal leaves the bound as it is, a fruitless look tightens it.
 * A cache: derived from the agent table, told before and after each change of it.
 */
final class AgentOrder
{
    private static final int LEAF_SHIFT = 6;
    private static final int LEAF_SIZE = 1 << LEAF_SHIFT;
    private static final int MERGE_BELOW = LEAF_SIZE / 4;
    private static final int BEFORE_ALL = -1;
    private static final int MERGED_MAX = LEAF_SIZE * 3 / 4;

    private final AgentTable agents;
    private final SlotTable slots;
    /** Ties by falling id, for a policy that reads from the end. */
    private final boolean idFalling;

    private long[] cpu = new long[LEAF_SIZE];
    private long[] mem = new long[LEAF_SIZE];
    private int[] agent = new int[LEAF_SIZE];
    private int[] sizes = new int[1];
    /** Leaf of each agent that is in here. */
    private int[] leafOf = new int[64];
    private boolean[] tight = new boolean[1];
    private long[] bounds = new long[SlotTable.SLOTS_MAX];
    private int[] directory = new int[16];
    private int leafCount;
    private int[] freeLeaves = new int[16];
    private int freeCount;
    private int leavesMade;
    private int count;

    /* Result of locate. */
    private int foundAt;
    private int foundIndex;

    /* Cursor of a search. */
    private long[] need;
    private int needMask;
    private int cursorAt;
    private int cursorIndex;

    AgentOrder(final AgentTable agents, final SlotTable slots, final boolean idFalling)
    {
        this.agents = agents;
        this.slots = slots;
        this.idFalling = idFalling;
    }

    int count()
    {
        return count;
    }

    void add(final int agentId)
    {
        final long freeCpu = agents.free(agentId, SlotTable.CPU);
        final long freeMem = agents.free(agentId, SlotTable.MEM);
        if (0 == leafCount)
        {
            insertLeaf(0, takeLeaf());
        }
        locate(freeCpu, freeMem, agentId);
        int leaf = directory[foundAt];
        if (LEAF_SIZE == sizes[leaf])
        {
            split(foundAt);
            locate(freeCpu, freeMem, agentId);
            leaf = directory[foundAt];
        }
        final int base = leaf << LEAF_SHIFT;
        shift(base + foundIndex, base + foundIndex + 1, sizes[leaf] - foundIndex);
        cpu[base + foundIndex] = freeCpu;
        mem[base + foundIndex] = freeMem;
        agent[base + foundIndex] = agentId;
        if (agentId >= leafOf.length)
        {
            leafOf = Arrays.copyOf(leafOf, Math.max(agentId + 1, leafOf.length * 2));
        }
        leafOf[agentId] = leaf;
        sizes[leaf]++;
        raiseBounds(leaf, agentId, freeMem);
        count++;
    }

    void remove(final int agentId)
    {
        final int leaf = leafOf[agentId];
        final int base = leaf << LEAF_SHIFT;
        final int size = sizes[leaf];
        int index = 0;
        while (agent[base + index] != agentId)
        {
            if (++index == size)
            {
                throw new IllegalStateException("order lacks agentId=" + agentId);
            }
        }
        final boolean mayShrink = size <= MERGE_BELOW;
        if (mayShrink)
        {
            locate(cpu[base + index], mem[base + index], agentId);
        }
        shift(base + index + 1, base + index, size - index - 1);
        sizes[leaf] = size - 1;
        tight[leaf] = false;
        count--;
        if (mayShrink)
        {
            shrink(foundAt);
        }
    }

    /** Finds where an agent is or belongs: the first entry not before it. */
    private void locate(final long freeCpu, final long freeMem, final int agentId)
    {
        int low = 0;
        int high = leafCount - 1;
        while (low < high)
        {
            final int middle = (low + high + 1) >>> 1;
            if (compare(directory[middle] << LEAF_SHIFT, freeCpu, freeMem, agentId) <= 0)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }
        foundAt = low;
        final int leaf = directory[low];
        final int base = leaf << LEAF_SHIFT;
        int from = 0;
        int to = sizes[leaf];
        while (from < to)
        {
            final int middle = (from + to) >>> 1;
            if (compare(base + middle, freeCpu, freeMem, agentId) < 0)
            {
                from = middle + 1;
            }
            else
            {
                to = middle;
            }
        }
        foundIndex = from;
    }

    private int compare(final int entry, final long freeCpu, final long freeMem, final int agentId)
    {
        if (cpu[entry] != freeCpu)
        {
            return cpu[entry] < freeCpu ? -1 : 1;
        }
        if (mem[entry] != freeMem)
        {
            return mem[entry] < freeMem ? -1 : 1;
        }
        return BEFORE_ALL == agentId ? 1 : compareFurther(agent[entry], agentId);
    }

    private int compareFurther(final int left, final int right)
    {
        if (left == right)
        {
            return 0;
        }
        final int slotCount = slots.count();
        for (int slot = SlotTable.MEM + 1; slot < slotCount; slot++)
        {
            final int byAmount = Long.compare(agents.free(left, slot), agents.free(right, slot));
            if (0 != byAmount)
            {
                return byAmount;
            }
        }
        return idFalling ? Integer.compare(right, left) : Integer.compare(left, right);
    }

    private void split(final int at)
    {
        final int leaf = directory[at];
        final int upper = takeLeaf();
        insertLeaf(at + 1, upper);
        moveEntries(leaf, LEAF_SIZE / 2, upper, 0, LEAF_SIZE / 2);
        sizes[leaf] = LEAF_SIZE / 2;
        sizes[upper] = LEAF_SIZE / 2;
        System.arraycopy(
            bounds, leaf * SlotTable.SLOTS_MAX, bounds, upper * SlotTable.SLOTS_MAX, SlotTable.SLOTS_MAX);
        tight[leaf] = false;
        tight[upper] = false;
    }

    private void shrink(final int at)
    {
        final int leaf = directory[at];
        if (0 == sizes[leaf])
        {
            removeLeaf(at);
        }
        else if (at + 1 < leafCount && sizes[leaf] + sizes[directory[at + 1]] <= MERGED_MAX)
        {
            merge(at);
        }
        else if (at > 0 && sizes[leaf] + sizes[directory[at - 1]] <= MERGED_MAX)
        {
            merge(at - 1);
        }
    }

    private void merge(final int at)
    {
        final int lower = directory[at];
        final int upper = directory[at + 1];
        moveEntries(upper, 0, lower, sizes[lower], sizes[upper]);
        sizes[lower] += sizes[upper];
        for (int slot = 0; slot < SlotTable.SLOTS_MAX; slot++)
        {
            final int lowerBound = lower * SlotTable.SLOTS_MAX + slot;
            bounds[lowerBound] = Math.max(bounds[lowerBound], bounds[upper * SlotTable.SLOTS_MAX + slot]);
        }
        tight[lower] = false;
        removeLeaf(at + 1);
    }

    private void moveEntries(final int from, final int fromIndex, final int to, final int toIndex, final int length)
    {
        final int source = (from << LEAF_SHIFT) + fromIndex;
        final int target = (to << LEAF_SHIFT) + toIndex;
        System.arraycopy(cpu, source, cpu, target, length);
        System.arraycopy(mem, source, mem, target, length);
        System.arraycopy(agent, source, agent, target, length);
        for (int i = 0; i < length; i++)
        {
            leafOf[agent[target + i]] = to;
        }
    }

    private void shift(final int source, final int target, final int length)
    {
        System.arraycopy(cpu, source, cpu, target, length);
        System.arraycopy(mem, source, mem, target, length);
        System.arraycopy(agent, source, agent, target, length);
    }

    private int takeLeaf()
    {
        final int leaf;
        if (freeCount > 0)
        {
            leaf = freeLeaves[--freeCount];
        }
        else
        {
            leaf = leavesMade++;
            if (leaf == sizes.length)
            {
                grow(leaf * 2);
            }
        }
        sizes[leaf] = 0;
        tight[leaf] = true;
        Arrays.fill(bounds, leaf * SlotTable.SLOTS_MAX, (leaf + 1) * SlotTable.SLOTS_MAX, Long.MIN_VALUE);
        return leaf;
    }

    private void grow(final int leaves)
    {
        cpu = Arrays.copyOf(cpu, leaves << LEAF_SHIFT);
        mem = Arrays.copyOf(mem, leaves << LEAF_SHIFT);
        agent = Arrays.copyOf(agent, leaves << LEAF_SHIFT);
        sizes = Arrays.copyOf(sizes, leaves);
        tight = Arrays.copyOf(tight, leaves);
        bounds = Arrays.copyOf(bounds, leaves * SlotTable.SLOTS_MAX);
    }

    private void insertLeaf(final int at, final int leaf)
    {
        if (leafCount == directory.length)
        {
            directory = Arrays.copyOf(directory, leafCount * 2);
        }
        System.arraycopy(directory, at, directory, at + 1, leafCount - at);
        directory[at] = leaf;
        leafCount++;
    }

    private void removeLeaf(final int at)
    {
        if (freeCount == freeLeaves.length)
        {
            freeLeaves = Arrays.copyOf(freeLeaves, freeCount * 2);
        }
        freeLeaves[freeCount++] = directory[at];
        leafCount--;
        System.arraycopy(directory, at + 1, directory, at, leafCount - at);
    }

    private void raiseBounds(final int leaf, final int agentId, final long freeMem)
    {
        final int base = leaf * SlotTable.SLOTS_MAX;
        bounds[base + SlotTable.MEM] = Math.max(bounds[base + SlotTable.MEM], freeMem);
        final int slotCount = slots.count();
        for (int slot = SlotTable.MEM + 1; slot < slotCount; slot++)
        {
            bounds[base + slot] = Math.max(bounds[base + slot], agents.free(agentId, slot));
        }
    }

    private void tighten(final int leaf)
    {
        final int base = leaf * SlotTable.SLOTS_MAX;
        Arrays.fill(bounds, base, base + SlotTable.SLOTS_MAX, Long.MIN_VALUE);
        for (int i = 0; i < sizes[leaf]; i++)
        {
            final int entry = (leaf << LEAF_SHIFT) + i;
            raiseBounds(leaf, agent[entry], mem[entry]);
        }
        tight[leaf] = true;
    }

    /** Starts a search from the least free that could fit. */
    void seekLeast(final long[] amounts, final int furtherMask)
    {
        need = amounts;
        needMask = furtherMask;
        cursorAt = 0;
        cursorIndex = 0;
        if (leafCount > 0)
        {
            locate(amounts[SlotTable.CPU], amounts[SlotTable.MEM], BEFORE_ALL);
            cursorAt = foundAt;
            cursorIndex = foundIndex;
        }
    }

    /** The next agent that fits, in rising order; NONE after the last. */
    int nextLeast()
    {
        while (cursorAt < leafCount)
        {
            final int leaf = directory[cursorAt];
            if (mayFit(leaf))
            {
                final boolean whole = 0 == cursorIndex;
                final int base = leaf << LEAF_SHIFT;
                while (cursorIndex < sizes[leaf])
                {
                    final int entry = base + cursorIndex++;
                    if (fits(entry))
                    {
                        return agent[entry];
                    }
                }
                if (whole && !tight[leaf])
                {
                    tighten(leaf);
                }
            }
            cursorAt++;
            cursorIndex = 0;
        }
        return Table.NONE;
    }

    /** Starts a search from the most free. */
    void seekMost(final long[] amounts, final int furtherMask)
    {
        need = amounts;
        needMask = furtherMask;
        cursorAt = leafCount - 1;
        cursorIndex = cursorAt < 0 ? -1 : sizes[directory[cursorAt]] - 1;
    }

    /** The next agent that fits, in falling order; NONE after the last. */
    int nextMost()
    {
        while (cursorAt >= 0)
        {
            final int leaf = directory[cursorAt];
            final int base = leaf << LEAF_SHIFT;
            if (cpu[base + sizes[leaf] - 1] < need[SlotTable.CPU])
            {
                cursorAt = -1;
                return Table.NONE;
            }
            if (mayFit(leaf))
            {
                final boolean whole = sizes[leaf] - 1 == cursorIndex;
                while (cursorIndex >= 0)
                {
                    final int entry = base + cursorIndex--;
                    if (fits(entry))
                    {
                        return agent[entry];
                    }
                }
                if (whole && !tight[leaf])
                {
                    tighten(leaf);
                }
            }
            cursorAt--;
            cursorIndex = cursorAt < 0 ? -1 : sizes[directory[cursorAt]] - 1;
        }
        return Table.NONE;
    }

    private boolean mayFit(final int leaf)
    {
        final int base = leaf * SlotTable.SLOTS_MAX;
        if (bounds[base + SlotTable.MEM] < need[SlotTable.MEM])
        {
            return false;
        }
        for (int mask = needMask; 0 != mask; mask &= mask - 1)
        {
            final int slot = Integer.numberOfTrailingZeros(mask);
            if (bounds[base + slot] < need[slot])
            {
                return false;
            }
        }
        return true;
    }

    private boolean fits(final int entry)
    {
        if (cpu[entry] < need[SlotTable.CPU] || mem[entry] < need[SlotTable.MEM])
        {
            return false;
        }
        for (int mask = needMask; 0 != mask; mask &= mask - 1)
        {
            final int slot = Integer.numberOfTrailingZeros(mask);
            if (agents.free(agent[entry], slot) < need[slot])
            {
                return false;
            }
        }
        return true;
    }
}
