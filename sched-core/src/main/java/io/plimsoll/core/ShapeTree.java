package io.plimsoll.core;

import java.util.Arrays;

/**
 * Needs of one group that fit nowhere, or shapes of one user, all asking for the same further slots: a tournament tree
 * over what each asks for, so that capacity which could help none of a million is dismissed at the root. A cache.
 */
final class ShapeTree
{
    private static final long NOTHING = Long.MAX_VALUE;
    /* Leaves are a power of two. */
    private static final int NEEDS_FIRST = 16;
    private static final int SHAPES_FIRST = 2;

    final int furtherMask;
    /** Row of the constraints of all that is in here. */
    final int constraint;
    private final int furtherSlot;
    private final ShapeTable shapes;
    private final NeedTable needs;
    private final boolean ofNeeds;
    private final IntColumn leafOf;
    private int leaves;
    private long[] keys;
    /** Decide between equal keys. */
    private long[] ties;
    private long[] cpu;
    private long[] mem;
    private long[] further;
    private long[] gainNeeded;
    /** Bits of the needs below a node, see {@link #bit}. */
    private long[] bits;
    private int[] entryAt;
    private int[] freeLeaves;
    private int freeCount;
    private int used;
    private int count;
    private int[] stack = new int[64];
    private int depth;
    private long afterKey = Long.MIN_VALUE;
    private long afterTie = Long.MIN_VALUE;
    private int bestEntry;
    private long bestKey;
    private long bestTie;

    private ShapeTree(final ShapeTable shapes, final boolean ofNeeds, final int shape, final int firstLeaves)
    {
        this.shapes = shapes;
        this.ofNeeds = ofNeeds;
        needs = shapes.needs;
        leafOf = ofNeeds ? needs.treeLeaf : shapes.treeLeaf;
        constraint = shapes.get(shapes.constraint, shape);
        furtherMask = !ofNeeds && shapes.isParted(shape) ? 0 : shapes.get(shapes.furtherMask, shape);
        furtherSlot = 0 == furtherMask ? Table.NONE : Integer.numberOfTrailingZeros(furtherMask);
        leaves = firstLeaves;
        keys = filled(leaves);
        ties = filled(leaves);
        cpu = filled(leaves);
        mem = filled(leaves);
        further = filled(leaves);
        gainNeeded = filled(leaves);
        bits = new long[leaves * 2];
        entryAt = new int[leaves];
        freeLeaves = new int[leaves];
    }

    /** For needs, of which a shape is one, or the blocked part of one. */
    static ShapeTree ofNeeds(final ShapeTable shapes, final int shape)
    {
        return new ShapeTree(shapes, true, shape, NEEDS_FIRST);
    }

    /** For shapes; those whose parts differ are among those without further slots, and it is looked at each. */
    static ShapeTree ofShapes(final ShapeTable shapes, final int shape)
    {
        return new ShapeTree(shapes, false, shape, SHAPES_FIRST);
    }

    /** Needs share bits, so a bit says only who is not there. */
    static long bit(final int need)
    {
        return 1L << need;
    }

    private int shape(final int entry)
    {
        return ofNeeds ? needs.anyBlocked(entry) : entry;
    }

    private static long[] filled(final int leaves)
    {
        final long[] nodes = new long[leaves * 2];
        Arrays.fill(nodes, NOTHING);
        return nodes;
    }

    int count()
    {
        return count;
    }

    /** Bits of all that is in here. */
    long bits()
    {
        return bits[1];
    }

    /** The smallest key of all that is in here. */
    long firstKey()
    {
        return keys[1];
    }

    /** What goes with that key. */
    long firstTie()
    {
        return ties[1];
    }

    /** Some entry, when there is one. */
    int any()
    {
        int node = 1;
        while (node < leaves)
        {
            node <<= 1;
            node += NOTHING == keys[node] ? 1 : 0;
        }
        return entryAt[node - leaves];
    }

    void add(final int entry, final long key, final long tie)
    {
        final int leaf;
        if (freeCount > 0)
        {
            leaf = freeLeaves[--freeCount];
        }
        else
        {
            if (used == leaves)
            {
                grow();
            }
            leaf = used++;
        }
        entryAt[leaf] = entry;
        leafOf.set(entry, leaf);
        count++;
        put(leaf, entry, key, tie);
    }

    long key(final int entry)
    {
        return keys[leaves + leafOf.get(entry)];
    }

    long tie(final int entry)
    {
        return ties[leaves + leafOf.get(entry)];
    }

    void update(final int entry, final long key, final long tie)
    {
        put(leafOf.get(entry), entry, key, tie);
    }

    void remove(final int entry)
    {
        final int leaf = leafOf.get(entry);
        leafOf.set(entry, Table.NONE);
        final int node = leaves + leaf;
        keys[node] = NOTHING;
        ties[node] = NOTHING;
        cpu[node] = NOTHING;
        mem[node] = NOTHING;
        further[node] = NOTHING;
        gainNeeded[node] = NOTHING;
        bits[node] = 0;
        raise(node);
        if (freeCount == freeLeaves.length)
        {
            freeLeaves = Arrays.copyOf(freeLeaves, freeCount * 2);
        }
        freeLeaves[freeCount++] = leaf;
        count--;
    }

    private void put(final int leaf, final int entry, final long key, final long tie)
    {
        final int node = leaves + leaf;
        final int shape = shape(entry);
        keys[node] = key;
        ties[node] = tie;
        final boolean isAny = !ofNeeds && shapes.isParted(shape);
        cpu[node] = isAny ? Long.MIN_VALUE : shapes.amount(shape, SlotTable.CPU);
        mem[node] = isAny ? Long.MIN_VALUE : shapes.amount(shape, SlotTable.MEM);
        further[node] = Table.NONE == furtherSlot ? 0 : shapes.need(shape, furtherSlot);
        gainNeeded[node] = ofNeeds ? needs.get(needs.gainNeeded, entry) : 0;
        bits[node] = bit(ofNeeds ? entry : shapes.get(shapes.needRow, entry));
        raise(node);
    }

    private void raise(final int start)
    {
        for (int node = start >> 1; node > 0; node >>= 1)
        {
            final int left = node << 1;
            final int right = left + 1;
            final int first = isBefore(left, right) ? left : right;
            keys[node] = keys[first];
            ties[node] = ties[first];
            cpu[node] = Math.min(cpu[left], cpu[right]);
            mem[node] = Math.min(mem[left], mem[right]);
            further[node] = Math.min(further[left], further[right]);
            gainNeeded[node] = Math.min(gainNeeded[left], gainNeeded[right]);
            bits[node] = bits[left] | bits[right];
        }
    }

    private void grow()
    {
        final int previous = leaves;
        leaves *= 2;
        entryAt = Arrays.copyOf(entryAt, leaves);
        final long[] previousBits = bits;
        bits = new long[leaves * 2];
        System.arraycopy(previousBits, previous, bits, leaves, previous);
        keys = regrown(keys, previous);
        ties = regrown(ties, previous);
        cpu = regrown(cpu, previous);
        mem = regrown(mem, previous);
        further = regrown(further, previous);
        gainNeeded = regrown(gainNeeded, previous);
        for (int leaf = 0; leaf < previous; leaf += 1)
        {
            raise(leaves + leaf);
        }
    }

    private long[] regrown(final long[] nodes, final int previous)
    {
        final long[] larger = filled(leaves);
        System.arraycopy(nodes, previous, larger, leaves, previous);
        return larger;
    }

    private boolean isBefore(final int left, final int right)
    {
        return keys[left] < keys[right] || (keys[left] == keys[right] && ties[left] < ties[right]);
    }

    /** The next look for a fit begins above this key. */
    void after(final long key, final long tie)
    {
        afterKey = key;
        afterTie = tie;
    }

    /**
     * What has the smallest key, above the one where the look begins and below the one given, of what an agent has room
     * for one kernel of, if the group gained enough since for all of its kernels; NONE if there is none. Of shapes only
     * those count of which the need is known to have fitted nowhere.
     */
    int firstFit(
        final AgentTable agents,
        final int agent,
        final long groupGain,
        final long beforeKey,
        final long beforeTie)
    {
        if (!hasFurther(agents, agent))
        {
            return Table.NONE;
        }
        final long freeCpu = agents.free(agent, SlotTable.CPU);
        final long freeMem = agents.free(agent, SlotTable.MEM);
        final long freeFurther = Table.NONE == furtherSlot ? 0 : agents.free(agent, furtherSlot);
        begin(beforeKey, beforeTie);
        while (depth > 0)
        {
            final int node = stack[--depth];
            if (isBeyondBest(node) || cpu[node] > freeCpu || mem[node] > freeMem ||
                further[node] > freeFurther || gainNeeded[node] > groupGain)
            {
                continue;
            }
            if (node < leaves)
            {
                push(node);
            }
            else if (isAfter(node) && (ofNeeds || isBlocked(entryAt[node - leaves], groupGain)) &&
                fits(agents, agent, entryAt[node - leaves]))
            {
                take(node);
            }
        }
        return bestEntry;
    }

    /** The first shape of which the need is open, below the key given; the bits are those of such needs. */
    int firstOpen(final long openBits, final long beforeKey, final long beforeTie)
    {
        begin(beforeKey, beforeTie);
        while (depth > 0)
        {
            final int node = stack[--depth];
            if (isBeyondBest(node) || 0 == (bits[node] & openBits))
            {
                continue;
            }
            if (node < leaves)
            {
                push(node);
            }
            else if (NeedTable.OPEN == needs.get(needs.status, shapes.get(shapes.needRow, entryAt[node - leaves])))
            {
                take(node);
            }
        }
        return bestEntry;
    }

    /** Bits of the needs that an agent has room for one kernel of, if the group gained enough since. */
    long fittingBits(final AgentTable agents, final int agent, final long groupGain)
    {
        if (!hasFurther(agents, agent))
        {
            return 0;
        }
        final long freeCpu = agents.free(agent, SlotTable.CPU);
        final long freeMem = agents.free(agent, SlotTable.MEM);
        final long freeFurther = Table.NONE == furtherSlot ? 0 : agents.free(agent, furtherSlot);
        long fitting = 0;
        begin(NOTHING, NOTHING);
        while (depth > 0)
        {
            final int node = stack[--depth];
            if (0 == (bits[node] & ~fitting) || cpu[node] > freeCpu || mem[node] > freeMem ||
                further[node] > freeFurther || gainNeeded[node] > groupGain)
            {
                continue;
            }
            if (node < leaves)
            {
                push(node);
            }
            else if (fitsFurther(agents, agent, shape(entryAt[node - leaves])))
            {
                fitting |= bits[node];
            }
        }
        return fitting;
    }

    private boolean hasFurther(final AgentTable agents, final int agent)
    {
        for (int mask = furtherMask; 0 != mask; mask &= mask - 1)
        {
            if (agents.free(agent, Integer.numberOfTrailingZeros(mask)) <= 0)
            {
                return false;
            }
        }
        return true;
    }

    private void begin(final long beforeKey, final long beforeTie)
    {
        bestEntry = Table.NONE;
        bestKey = beforeKey;
        bestTie = beforeTie;
        stack[0] = 1;
        depth = 1;
    }

    private void push(final int node)
    {
        final int left = node << 1;
        final boolean leftFirst = isBefore(left, left + 1);
        stack[depth++] = leftFirst ? left + 1 : left;
        stack[depth++] = leftFirst ? left : left + 1;
    }

    private boolean isBeyondBest(final int node)
    {
        return keys[node] > bestKey || (keys[node] == bestKey && ties[node] >= bestTie);
    }

    private void take(final int node)
    {
        bestKey = keys[node];
        bestTie = ties[node];
        bestEntry = entryAt[node - leaves];
    }

    private boolean isAfter(final int node)
    {
        return keys[node] > afterKey || (keys[node] == afterKey && ties[node] > afterTie);
    }

    private boolean isBlocked(final int shape, final long groupGain)
    {
        final int need = shapes.get(shapes.needRow, shape);
        return NeedTable.BLOCKED == needs.get(needs.status, need) && needs.get(needs.gainNeeded, need) <= groupGain;
    }

    private boolean fits(final AgentTable agents, final int agent, final int entry)
    {
        if (ofNeeds || !shapes.isParted(entry))
        {
            return fitsFurther(agents, agent, shape(entry));
        }
        final int part = shapes.partAt(entry, needs.blockedPart(shapes.get(shapes.needRow, entry)));
        return agents.free(agent, SlotTable.CPU) >= shapes.amount(part, SlotTable.CPU) &&
            agents.free(agent, SlotTable.MEM) >= shapes.amount(part, SlotTable.MEM) &&
            fitsFurther(agents, agent, part);
    }

    private boolean fitsFurther(final AgentTable agents, final int agent, final int shape)
    {
        for (int mask = shapes.get(shapes.furtherMask, shape); 0 != mask; mask &= mask - 1)
        {
            final int slot = Integer.numberOfTrailingZeros(mask);
            if (agents.free(agent, slot) < shapes.need(shape, slot))
            {
                return false;
            }
        }
        return true;
    }
}
