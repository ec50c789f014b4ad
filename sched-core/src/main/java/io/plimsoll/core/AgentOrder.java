package io.plimsoll.core;

import java.util.Arrays;

/**
 * Agents that may get work, ordered by free cpu, free mem, further free slots and id: a sorted list in leaves of 64
 * entries, so that a change moves little memory and a search touches few cache lines. Each leaf knows an upper bound of
 * what its agents have free of each slot beyond cpu; removal leaves the bound as it is, a fruitless look tightens it.
 * A cache: derived from the agent table, told before and after each change of it.
 *
 * <p>An entry holds what comes first in that order as one number, mem in units of a MiB: agents of a smaller number
 * come before. When two numbers are equal either the number says that the agents have the same free, or the table has
 * to be asked.
 */
final class AgentOrder
{
    private static final int LEAF_SHIFT = 6;
    private static final int LEAF_SIZE = 1 << LEAF_SHIFT;
    private static final int MERGE_BELOW = LEAF_SIZE / 4;
    private static final int MERGED_MAX = LEAF_SIZE * 3 / 4;

    /* Keys: cpu above mem above kind, the first two raised so that what is missing is no negative number. */
    private static final int KIND_BITS = 2;
    private static final int MEM_BITS = 29;
    private static final int CPU_SHIFT = MEM_BITS + KIND_BITS;
    private static final int MEM_UNIT_SHIFT = 20;
    private static final long MEM_PART_MAX = (1L << MEM_BITS) - 1;
    private static final long MEM_MASK = MEM_PART_MAX << KIND_BITS;
    private static final long CPU_PART_MAX = (1L << 32) - 1;
    private static final long RAISE = 1 << 24;

    /* Kinds, in the order of entries with equal cpu and mem. */
    /** The first further slot that says anything is short. */
    private static final int SHORT = 0;
    /** Mem is a number of MiB, and there is nothing else: equal numbers are equal agents. */
    private static final int PLAIN = 1;
    /** There are further slots. */
    private static final int FURTHER = 2;
    /** Mem is more than the number says, or beyond what it can say. */
    private static final int INEXACT = 3;

    private final AgentTable agents;
    private final SlotTable slots;
    /** Ties by falling id, for a policy that reads from the end. */
    private final boolean idFalling;
    /** Whether anybody asks for slots beyond mem here. */
    private final boolean withFurther;

    private long[] keys = new long[LEAF_SIZE];
    private int[] agent = new int[LEAF_SIZE];
    private int[] sizes = new int[1];
    /** Leaf of each agent that is in here. */
    private int[] leafOf = new int[64];
    private boolean[] tight = new boolean[1];
    private long[] bounds = new long[SlotTable.SLOTS_MAX];
    private int[] directory = new int[16];
    /** By place in the directory: a key that no entry of the leaf is below, and none of those before is above. */
    private long[] firstKeys = new long[16];
    private int leafCount;
    private int[] freeLeaves = new int[16];
    private int freeCount;
    private int leavesMade;
    private int count;

    /* Cursor of a search. */
    private long[] need;
    private int needMask;
    /** Of the smallest kind. */
    private long needKey;
    /** Whether numbers alone say that cpu and mem are enough. */
    private boolean isNeedExact;
    private int cursorAt;
    private int cursorIndex;

    AgentOrder(
        final AgentTable agents, final SlotTable slots, final boolean idFalling, final boolean withFurther)
    {
        this.agents = agents;
        this.slots = slots;
        this.idFalling = idFalling;
        this.withFurther = withFurther;
    }

    int count()
    {
        return count;
    }

    /** Rises with cpu, then mem, then kind; what is beyond its range has one key whatever its mem. */
    private static long key(final long cpu, final long mem, final int kind)
    {
        final long cpuPart = cpu + RAISE;
        if (cpuPart < 0 || cpuPart >= CPU_PART_MAX)
        {
            return cpuPart < 0 ? INEXACT : Long.MAX_VALUE;
        }
        final long memPart = (mem >> MEM_UNIT_SHIFT) + RAISE;
        if (memPart < 0 || memPart >= MEM_PART_MAX)
        {
            return cpuPart << CPU_SHIFT | (memPart < 0 ? 0 : MEM_MASK) | INEXACT;
        }
        final boolean exact = 0 == (mem & (1L << MEM_UNIT_SHIFT) - 1);
        return cpuPart << CPU_SHIFT | memPart << KIND_BITS | (exact ? kind : INEXACT);
    }

    private int kind(final int agentId)
    {
        if (agents.hasNoFurther(agentId))
        {
            return PLAIN;
        }
        int slot = SlotTable.MEM + 1;
        while (0 == agents.free(agentId, slot))
        {
            slot++;
        }
        return agents.free(agentId, slot) < 0 ? SHORT : FURTHER;
    }

    void add(final int agentId)
    {
        final long freeMem = agents.free(agentId, SlotTable.MEM);
        final long key = key(agents.free(agentId, SlotTable.CPU), freeMem, kind(agentId));
        if (0 == leafCount)
        {
            insertLeaf(0, takeLeaf(), key);
        }
        int at = leafAt(key, agentId);
        if (LEAF_SIZE == sizes[directory[at]])
        {
            split(at);
            at = leafAt(key, agentId);
        }
        final int leaf = directory[at];
        final int base = leaf << LEAF_SHIFT;
        final int index = indexIn(leaf, key, agentId);
        shift(base + index, base + index + 1, sizes[leaf] - index);
        keys[base + index] = key;
        agent[base + index] = agentId;
        if (0 == index)
        {
            firstKeys[at] = key;
        }
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
        final long freeMem = agents.free(agentId, SlotTable.MEM);
        int index = lowerBound(leaf, key(agents.free(agentId, SlotTable.CPU), freeMem, kind(agentId)));
        while (index == size || agent[base + index] != agentId)
        {
            if (index == size)
            {
                throw new IllegalStateException("order lacks agentId=" + agentId);
            }
            index++;
        }
        final int at = size <= MERGE_BELOW ? leafAt(keys[base + index], agentId) : Table.NONE;
        shift(base + index + 1, base + index, size - index - 1);
        sizes[leaf] = size - 1;
        tight[leaf] = false;
        count--;
        if (Table.NONE != at)
        {
            shrink(at);
        }
    }

    /** Place in the directory of the leaf where an agent is or belongs: the last whose first entry is not after it. */
    private int leafAt(final long key, final int agentId)
    {
        int low = lastBelow(key);
        if (low + 1 < leafCount && key == firstKeys[low + 1])
        {
            int high = leafCount - 1;
            while (low < high)
            {
                final int middle = (low + high + 1) >>> 1;
                if (firstKeys[middle] == key && compare(directory[middle] << LEAF_SHIFT, key, agentId) <= 0)
                {
                    low = middle;
                }
                else
                {
                    high = middle - 1;
                }
            }
        }
        return low;
    }

    /** The last place in the directory whose leaf begins below a key; the first if none does. No branch but a loop. */
    private int lastBelow(final long key)
    {
        int from = 0;
        for (int length = leafCount; length > 1;)
        {
            final int half = length >>> 1;
            from = firstKeys[from + half] < key ? from + half : from;
            length -= half;
        }
        return from;
    }

    /** Where an agent is or belongs in a leaf: the first entry not before it. */
    private int indexIn(final int leaf, final long key, final int agentId)
    {
        final int base = leaf << LEAF_SHIFT;
        int from = lowerBound(leaf, key);
        int to = sizes[leaf];
        if (from < to && key == keys[base + from])
        {
            while (from < to)
            {
                final int middle = (from + to) >>> 1;
                if (compare(base + middle, key, agentId) < 0)
                {
                    from = middle + 1;
                }
                else
                {
                    to = middle;
                }
            }
        }
        return from;
    }

    /** The first entry of a leaf that is not below a key; written so that it compiles to no branch but the loop's. */
    private int lowerBound(final int leaf, final long key)
    {
        final int size = sizes[leaf];
        if (0 == size)
        {
            return 0;
        }
        final int base = leaf << LEAF_SHIFT;
        int from = base;
        for (int length = size; length > 1;)
        {
            final int half = length >>> 1;
            from = keys[from + half - 1] < key ? from + half : from;
            length -= half;
        }
        return from - base + (keys[from] < key ? 1 : 0);
    }

    private int compare(final int entry, final long key, final int agentId)
    {
        if (keys[entry] != key)
        {
            return keys[entry] < key ? -1 : 1;
        }
        final int other = agent[entry];
        if (PLAIN == (key & INEXACT))
        {
            return idFalling ? Integer.compare(agentId, other) : Integer.compare(other, agentId);
        }
        for (int slot = SlotTable.CPU; slot <= SlotTable.MEM; slot++)
        {
            final int byAmount = Long.compare(agents.free(other, slot), agents.free(agentId, slot));
            if (0 != byAmount)
            {
                return byAmount;
            }
        }
        return compareFurther(other, agentId);
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
        moveEntries(leaf, LEAF_SIZE / 2, upper, 0, LEAF_SIZE / 2);
        insertLeaf(at + 1, upper, keys[upper << LEAF_SHIFT]);
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
        System.arraycopy(keys, source, keys, target, length);
        System.arraycopy(agent, source, agent, target, length);
        for (int i = 0; i < length; i++)
        {
            leafOf[agent[target + i]] = to;
        }
    }

    private void shift(final int source, final int target, final int length)
    {
        System.arraycopy(keys, source, keys, target, length);
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
        keys = Arrays.copyOf(keys, leaves << LEAF_SHIFT);
        agent = Arrays.copyOf(agent, leaves << LEAF_SHIFT);
        sizes = Arrays.copyOf(sizes, leaves);
        tight = Arrays.copyOf(tight, leaves);
        bounds = Arrays.copyOf(bounds, leaves * SlotTable.SLOTS_MAX);
    }

    private void insertLeaf(final int at, final int leaf, final long firstKey)
    {
        if (leafCount == directory.length)
        {
            directory = Arrays.copyOf(directory, leafCount * 2);
            firstKeys = Arrays.copyOf(firstKeys, leafCount * 2);
        }
        System.arraycopy(directory, at, directory, at + 1, leafCount - at);
        System.arraycopy(firstKeys, at, firstKeys, at + 1, leafCount - at);
        directory[at] = leaf;
        firstKeys[at] = firstKey;
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
        System.arraycopy(firstKeys, at + 1, firstKeys, at, leafCount - at);
    }

    private void raiseBounds(final int leaf, final int agentId, final long freeMem)
    {
        final int base = leaf * SlotTable.SLOTS_MAX;
        bounds[base + SlotTable.MEM] = Math.max(bounds[base + SlotTable.MEM], freeMem);
        final int slotCount = withFurther ? slots.count() : 0;
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
            raiseBounds(leaf, agent[entry], agents.free(agent[entry], SlotTable.MEM));
        }
        tight[leaf] = true;
    }

    /** Starts a search from the least free that could fit. */
    void seekLeast(final long[] amounts, final int furtherMask)
    {
        want(amounts, furtherMask);
        cursorAt = lastBelow(needKey);
        cursorIndex = leafCount > 0 ? lowerBound(directory[cursorAt], needKey) : 0;
    }

    private void want(final long[] amounts, final int furtherMask)
    {
        need = amounts;
        needMask = furtherMask;
        needKey = key(amounts[SlotTable.CPU], amounts[SlotTable.MEM], SHORT);
        isNeedExact = SHORT == (needKey & INEXACT);
        needKey &= ~INEXACT;
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
        want(amounts, furtherMask);
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
            if (keys[base + sizes[leaf] - 1] >>> CPU_SHIFT < needKey >>> CPU_SHIFT)
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
        final long key = keys[entry];
        if ((key & MEM_MASK) < (needKey & MEM_MASK) || key >>> CPU_SHIFT < needKey >>> CPU_SHIFT ||
            (!isNeedExact || Long.MAX_VALUE == key) && !hasEnough(agent[entry]))
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

    private boolean hasEnough(final int agentId)
    {
        return agents.free(agentId, SlotTable.CPU) >= need[SlotTable.CPU] &&
            agents.free(agentId, SlotTable.MEM) >= need[SlotTable.MEM];
    }
}
