package io.plimsoll.core;

import java.util.Arrays;

/**
 * Agents that may get work, ordered by free cpu, free mem, further free slots and id: ranges of that order in leaves of
 * at most 64 entries. Within a leaf entries stand in no order until somebody walks through it, so an agent that changes
 * is taken out, and put in elsewhere, without a search in the leaf and without moving others; the first of a leaf is
 * found by a look at all of its keys, which stand side by side. Each leaf knows an upper bound of what its agents have
 * free of each slot beyond cpu; removal leaves the bound as it is, a fruitless look tightens it. A cache: derived from
 * the agent table, and told of each change of it.
 *
 * <p>What entries are compared by is said in {@link AgentRank}.
 */
final class AgentOrder
{
    private static final int LEAF_SHIFT = 6;
    private static final int LEAF_SIZE = 1 << LEAF_SHIFT;
    private static final int MERGE_BELOW = LEAF_SIZE / 4;
    private static final int MERGED_MAX = LEAF_SIZE * 3 / 4;
    private static final int SLOTS = SlotTable.SLOTS_MAX;
    /** Nobody was returned from the leaf under the cursor. */
    private static final int FRESH = -1;

    private final AgentTable agents;
    private final SlotTable slots;
    private final AgentRank rank;
    /** Whether anybody asks for slots beyond mem here. */
    private final boolean withFurther;

    private long[] keys = new long[LEAF_SIZE];
    private long[] ties = new long[LEAF_SIZE];
    private int[] sizes = new int[1];
    private boolean[] sorted = new boolean[1];
    /** Entry of each agent that is in here. */
    private int[] entryOf = new int[64];
    private boolean[] tight = new boolean[1];
    /** In the unit of keys. */
    private long[] memBounds = new long[1];
    private long[] bounds = new long[SLOTS];

    private final LeafDirectory directory;
    private int[] freeLeaves = new int[16];
    private int freeCount;
    private int leavesMade;
    private int count;

    /* Cursor of a search. */
    private long[] need;
    private int needMask;
    private long needKey;
    /** Whether keys alone say that cpu and mem are enough. */
    private boolean isNeedExact;
    private int cursorAt;
    private int cursorEntry;

    AgentOrder(
        final AgentTable agents, final SlotTable slots, final boolean idFalling, final boolean withFurther)
    {
        this.agents = agents;
        this.slots = slots;
        this.withFurther = withFurther;
        rank = new AgentRank(agents, slots, idFalling);
        directory = new LeafDirectory(rank);
    }

    int count()
    {
        return count;
    }

    void add(final int agentId)
    {
        final long key = rank.key(agentId);
        final long tie = rank.tie(agentId, key);
        if (0 == directory.count())
        {
            directory.begin(takeLeaf());
        }
        int at = directory.of(key, tie);
        if (LEAF_SIZE == sizes[directory.leaf(at)])
        {
            split(at);
            at = directory.of(key, tie);
        }
        final int leaf = directory.leaf(at);
        final int entry = (leaf << LEAF_SHIFT) + sizes[leaf]++;
        keys[entry] = key;
        ties[entry] = tie;
        sorted[leaf] = false;
        if (agentId >= entryOf.length)
        {
            entryOf = Arrays.copyOf(entryOf, Math.max(agentId + 1, entryOf.length * 2));
        }
        entryOf[agentId] = entry;
        memBounds[leaf] = Math.max(memBounds[leaf], key & AgentRank.MEM_MASK);
        raiseFurtherBounds(leaf, agentId);
        count++;
    }

    /** To be called for agents that are in here only, however they have changed. */
    void remove(final int agentId)
    {
        final int entry = entryOf[agentId];
        final int leaf = entry >> LEAF_SHIFT;
        if (agentId != rank.agent(ties[entry]) || (entry & LEAF_SIZE - 1) >= sizes[leaf])
        {
            throw new IllegalStateException("order lacks agentId=" + agentId);
        }
        final int size = --sizes[leaf];
        final int last = (leaf << LEAF_SHIFT) + size;
        keys[entry] = keys[last];
        ties[entry] = ties[last];
        entryOf[rank.agent(ties[last])] = entry;
        sorted[leaf] = false;
        tight[leaf] = false;
        count--;
        if (size <= MERGE_BELOW && 0 == (size & 7))
        {
            shrink(directory.at(leaf));
        }
    }

    private void split(final int at)
    {
        final int leaf = directory.leaf(at);
        final int upper = takeLeaf();
        sort(leaf);
        moveEntries(leaf, LEAF_SIZE / 2, upper, 0, LEAF_SIZE / 2);
        directory.insert(at + 1, upper, keys[upper << LEAF_SHIFT], ties[upper << LEAF_SHIFT]);
        sizes[leaf] = LEAF_SIZE / 2;
        sizes[upper] = LEAF_SIZE / 2;
        memBounds[upper] = memBounds[leaf];
        System.arraycopy(bounds, leaf * SLOTS, bounds, upper * SLOTS, SLOTS);
        sorted[upper] = true;
        tight[leaf] = false;
        tight[upper] = false;
    }

    private void shrink(final int at)
    {
        final int size = sizes[directory.leaf(at)];
        if (0 == size)
        {
            removeLeaf(at);
        }
        else if (at + 1 < directory.count() && size + sizes[directory.leaf(at + 1)] <= MERGED_MAX)
        {
            merge(at);
        }
        else if (at > 0 && size + sizes[directory.leaf(at - 1)] <= MERGED_MAX)
        {
            merge(at - 1);
        }
    }

    private void merge(final int at)
    {
        final int lower = directory.leaf(at);
        final int upper = directory.leaf(at + 1);
        moveEntries(upper, 0, lower, sizes[lower], sizes[upper]);
        sizes[lower] += sizes[upper];
        memBounds[lower] = Math.max(memBounds[lower], memBounds[upper]);
        for (int slot = 0; slot < SLOTS; slot++)
        {
            bounds[lower * SLOTS + slot] = Math.max(bounds[lower * SLOTS + slot], bounds[upper * SLOTS + slot]);
        }
        sorted[lower] = false;
        tight[lower] = false;
        removeLeaf(at + 1);
    }

    private void moveEntries(final int from, final int fromIndex, final int to, final int toIndex, final int length)
    {
        final int source = (from << LEAF_SHIFT) + fromIndex;
        final int target = (to << LEAF_SHIFT) + toIndex;
        System.arraycopy(keys, source, keys, target, length);
        System.arraycopy(ties, source, ties, target, length);
        for (int entry = target; entry < target + length; entry++)
        {
            entryOf[rank.agent(ties[entry])] = entry;
        }
    }

    /** By insertion, since most of a leaf is where it was when it was sorted last. */
    private void sort(final int leaf)
    {
        final int base = leaf << LEAF_SHIFT;
        final int end = base + sizes[leaf];
        for (int entry = base + 1; entry < end && !sorted[leaf]; entry++)
        {
            final long key = keys[entry];
            final long tie = ties[entry];
            int target = entry;
            while (target > base && rank.compare(keys[target - 1], ties[target - 1], key, tie) > 0)
            {
                keys[target] = keys[target - 1];
                ties[target] = ties[target - 1];
                entryOf[rank.agent(ties[target])] = target;
                target--;
            }
            if (target < entry)
            {
                keys[target] = key;
                ties[target] = tie;
                entryOf[rank.agent(tie)] = target;
            }
        }
        sorted[leaf] = true;
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
        sorted[leaf] = true;
        tight[leaf] = true;
        memBounds[leaf] = 0;
        clearFurtherBounds(leaf);
        return leaf;
    }

    private void grow(final int leaves)
    {
        keys = Arrays.copyOf(keys, leaves << LEAF_SHIFT);
        ties = Arrays.copyOf(ties, leaves << LEAF_SHIFT);
        sizes = Arrays.copyOf(sizes, leaves);
        sorted = Arrays.copyOf(sorted, leaves);
        tight = Arrays.copyOf(tight, leaves);
        memBounds = Arrays.copyOf(memBounds, leaves);
        bounds = Arrays.copyOf(bounds, leaves * SLOTS);
    }

    private void removeLeaf(final int at)
    {
        if (freeCount == freeLeaves.length)
        {
            freeLeaves = Arrays.copyOf(freeLeaves, freeCount * 2);
        }
        freeLeaves[freeCount++] = directory.leaf(at);
        directory.remove(at);
    }

    private void clearFurtherBounds(final int leaf)
    {
        Arrays.fill(bounds, leaf * SLOTS, (leaf + 1) * SLOTS, Long.MIN_VALUE);
    }

    private void raiseFurtherBounds(final int leaf, final int agentId)
    {
        final int slotCount = withFurther ? slots.count() : 0;
        final int further = agents.furtherRank(agentId);
        final boolean exact = AgentRank.isExact(further);
        for (int slot = SlotTable.MEM + 1; slot < slotCount; slot++)
        {
            final int bound = leaf * SLOTS + slot;
            final long free = exact ? AgentRank.amount(further, slot) : agents.free(agentId, slot);
            bounds[bound] = Math.max(bounds[bound], free);
        }
    }

    private void tighten(final int leaf)
    {
        final int base = leaf << LEAF_SHIFT;
        final int end = base + sizes[leaf];
        long mem = 0;
        for (int entry = base; entry < end; entry++)
        {
            mem = Math.max(mem, keys[entry] & AgentRank.MEM_MASK);
        }
        memBounds[leaf] = mem;
        if (0 != needMask)
        {
            clearFurtherBounds(leaf);
            for (int entry = base; entry < end; entry++)
            {
                raiseFurtherBounds(leaf, rank.agent(ties[entry]));
            }
        }
        tight[leaf] = !withFurther || 0 != needMask;
    }

    /** Starts a search from the least free that could fit. */
    void seekLeast(final long[] amounts, final int furtherMask)
    {
        want(amounts, furtherMask);
        cursorAt = directory.lastBelow(needKey);
    }

    /** Starts a search from the most free. */
    void seekMost(final long[] amounts, final int furtherMask)
    {
        want(amounts, furtherMask);
        cursorAt = directory.count() - 1;
    }

    private void want(final long[] amounts, final int furtherMask)
    {
        need = amounts;
        needMask = furtherMask;
        needKey = AgentRank.key(amounts[SlotTable.CPU], amounts[SlotTable.MEM]);
        isNeedExact = AgentRank.isExact(needKey, amounts[SlotTable.MEM]);
        cursorEntry = FRESH;
    }

    /** The next agent that fits, in rising order; NONE after the last. */
    int nextLeast()
    {
        while (cursorAt < directory.count())
        {
            final int leaf = directory.leaf(cursorAt);
            if (FRESH == cursorEntry)
            {
                cursorEntry = mayFit(leaf) ? first(leaf, true) : Table.NONE;
            }
            else
            {
                sortAtCursor(leaf);
                final int end = (leaf << LEAF_SHIFT) + sizes[leaf];
                do
                {
                    cursorEntry++;
                }
                while (cursorEntry < end && !fits(cursorEntry));
                cursorEntry = cursorEntry < end ? cursorEntry : Table.NONE;
            }
            if (Table.NONE != cursorEntry)
            {
                return rank.agent(ties[cursorEntry]);
            }
            cursorAt++;
        }
        return Table.NONE;
    }

    /** The next agent that fits, in falling order; NONE after the last. */
    int nextMost()
    {
        while (cursorAt >= 0)
        {
            final int leaf = directory.leaf(cursorAt);
            if (FRESH == cursorEntry)
            {
                cursorEntry = mayFit(leaf) ? first(leaf, false) : Table.NONE;
            }
            else
            {
                sortAtCursor(leaf);
                final int base = leaf << LEAF_SHIFT;
                do
                {
                    cursorEntry--;
                }
                while (cursorEntry >= base && !fits(cursorEntry));
                cursorEntry = cursorEntry >= base ? cursorEntry : Table.NONE;
            }
            if (Table.NONE != cursorEntry)
            {
                return rank.agent(ties[cursorEntry]);
            }
            // Those before are below where this leaf begins.
            cursorAt = directory.key(cursorAt) >>> AgentRank.CPU_SHIFT < needKey >>> AgentRank.CPU_SHIFT ?
                Table.NONE : cursorAt - 1;
        }
        return Table.NONE;
    }

    /** Whoever comes back for more may come back often. */
    private void sortAtCursor(final int leaf)
    {
        if (!sorted[leaf])
        {
            final int agent = rank.agent(ties[cursorEntry]);
            sort(leaf);
            cursorEntry = entryOf[agent];
        }
    }

    /** The first entry of a leaf that fits, in rising or in falling order; NONE if none does. */
    private int first(final int leaf, final boolean rising)
    {
        final boolean byKey = isNeedExact && 0 == needMask;
        int found = byKey ? rising ? leastByKey(leaf) : mostByKey(leaf) : Table.NONE;
        if (!byKey || Table.NONE != found && AgentRank.ABOVE_ALL == keys[found])
        {
            found = firstByTable(leaf, rising);
        }
        if (Table.NONE == found && !tight[leaf])
        {
            tighten(leaf);
        }
        return found;
    }

    /* Written so that the loops compile to no branches but their own. */

    private int leastByKey(final int leaf)
    {
        final int base = leaf << LEAF_SHIFT;
        final int end = base + sizes[leaf];
        final long needMem = needKey & AgentRank.MEM_MASK;
        long least = Long.MAX_VALUE;
        for (int entry = base; entry < end; entry++)
        {
            final long key = keys[entry];
            final long lacks = (key - needKey | (key & AgentRank.MEM_MASK) - needMem) >> Long.SIZE - 1;
            least = Math.min(least, key | lacks & Long.MAX_VALUE);
        }
        if (Long.MAX_VALUE == least)
        {
            return Table.NONE;
        }
        long tie = Long.MAX_VALUE;
        long all = 0;
        for (int entry = base; entry < end; entry++)
        {
            final long differs = (keys[entry] - least | least - keys[entry]) >> Long.SIZE - 1;
            tie = Math.min(tie, ties[entry] | differs & Long.MAX_VALUE);
            all |= ties[entry] & ~differs;
        }
        return AgentRank.areDecided(all) ? entryOf[rank.agent(tie)] : ofKey(leaf, least, true);
    }

    private int mostByKey(final int leaf)
    {
        final int base = leaf << LEAF_SHIFT;
        final int end = base + sizes[leaf];
        final long needMem = needKey & AgentRank.MEM_MASK;
        long most = Long.MIN_VALUE;
        for (int entry = base; entry < end; entry++)
        {
            final long key = keys[entry];
            final long lacks = (key - needKey | (key & AgentRank.MEM_MASK) - needMem) >> Long.SIZE - 1;
            most = Math.max(most, key | lacks & Long.MIN_VALUE);
        }
        if (most < 0)
        {
            return Table.NONE;
        }
        long tie = 0;
        long all = 0;
        for (int entry = base; entry < end; entry++)
        {
            final long differs = (keys[entry] - most | most - keys[entry]) >> Long.SIZE - 1;
            tie = Math.max(tie, ties[entry] & ~differs);
            all |= ties[entry] & ~differs;
        }
        return AgentRank.areDecided(all) ? entryOf[rank.agent(tie)] : ofKey(leaf, most, false);
    }

    /** The first or last entry of a key that is there, of which ties alone may not say enough. */
    private int ofKey(final int leaf, final long key, final boolean rising)
    {
        final int base = leaf << LEAF_SHIFT;
        final int end = base + sizes[leaf];
        int found = Table.NONE;
        for (int entry = base; entry < end; entry++)
        {
            if (key == keys[entry] &&
                (Table.NONE == found || (rising ? isBefore(entry, found) : isBefore(found, entry))))
            {
                found = entry;
            }
        }
        return found;
    }

    private int firstByTable(final int leaf, final boolean rising)
    {
        final int base = leaf << LEAF_SHIFT;
        final int end = base + sizes[leaf];
        int found = Table.NONE;
        for (int entry = base; entry < end; entry++)
        {
            final boolean isCandidate = Table.NONE == found ||
                (rising ? isBefore(entry, found) : isBefore(found, entry));
            if (isCandidate && fits(entry))
            {
                found = entry;
            }
        }
        return found;
    }

    private boolean isBefore(final int left, final int right)
    {
        return rank.compare(keys[left], ties[left], keys[right], ties[right]) < 0;
    }

    private boolean mayFit(final int leaf)
    {
        if (memBounds[leaf] < (needKey & AgentRank.MEM_MASK))
        {
            return false;
        }
        for (int mask = needMask; 0 != mask; mask &= mask - 1)
        {
            final int slot = Integer.numberOfTrailingZeros(mask);
            if (bounds[leaf * SLOTS + slot] < need[slot])
            {
                return false;
            }
        }
        return true;
    }

    private boolean fits(final int entry)
    {
        final long key = keys[entry];
        if ((key & AgentRank.MEM_MASK) < (needKey & AgentRank.MEM_MASK) ||
            key >>> AgentRank.CPU_SHIFT < needKey >>> AgentRank.CPU_SHIFT)
        {
            return false;
        }
        final int agentId = rank.agent(ties[entry]);
        if ((!isNeedExact || AgentRank.ABOVE_ALL == key) && !hasEnough(agentId))
        {
            return false;
        }
        for (int mask = needMask; 0 != mask; mask &= mask - 1)
        {
            final int slot = Integer.numberOfTrailingZeros(mask);
            if (agents.free(agentId, slot) < need[slot])
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
