package io.plimsoll.core;

import java.util.Arrays;

/**
 * Shapes of one group that fit nowhere, all asking for the same further slots: a tournament tree over what each asks
 * for, so that capacity which could help none of a million shapes is dismissed at the root. A cache.
 */
final class ShapeTree
{
    private static final long NOTHING = Long.MAX_VALUE;
    private static final int LEAVES = 16;

    final int furtherMask;
    /** Row of the constraints of all shapes in here. */
    final int constraint;
    private final int furtherSlot;
    private final ShapeTable shapes;
    private int leaves;
    private long[] keys;
    /** Decide between equal keys. */
    private long[] ties;
    private long[] cpu;
    private long[] mem;
    private long[] further;
    private long[] gainNeeded;
    private int[] shapeAt;
    private int[] freeLeaves;
    private int freeCount;
    private int used;
    private int count;
    private int[] stack = new int[64];
    private long afterKey = Long.MIN_VALUE;
    private long afterTie = Long.MIN_VALUE;

    ShapeTree(final ShapeTable shapes, final int furtherMask, final int constraint)
    {
        this(shapes, furtherMask, constraint, LEAVES);
    }

    /** The leaves are a power of two. */
    ShapeTree(final ShapeTable shapes, final int furtherMask, final int constraint, final int firstLeaves)
    {
        this.constraint = constraint;
        this.shapes = shapes;
        this.furtherMask = furtherMask;
        this.furtherSlot = 0 == furtherMask ? Table.NONE : Integer.numberOfTrailingZeros(furtherMask);
        leaves = firstLeaves;
        keys = filled(leaves);
        ties = filled(leaves);
        cpu = filled(leaves);
        mem = filled(leaves);
        further = filled(leaves);
        gainNeeded = filled(leaves);
        shapeAt = new int[leaves];
        freeLeaves = new int[leaves];
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

    /** Some shape, when there is one. */
    int any()
    {
        int node = 1;
        while (node < leaves)
        {
            node <<= 1;
            node += NOTHING == keys[node] ? 1 : 0;
        }
        return shapeAt[node - leaves];
    }

    void add(final int shape, final long key, final long tie)
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
        shapeAt[leaf] = shape;
        shapes.treeLeaf.set(shape, leaf);
        count++;
        put(leaf, shape, key, tie);
    }

    long key(final int shape)
    {
        return keys[leaves + shapes.treeLeaf.get(shape)];
    }

    long tie(final int shape)
    {
        return ties[leaves + shapes.treeLeaf.get(shape)];
    }

    void update(final int shape, final long key, final long tie)
    {
        put(shapes.treeLeaf.get(shape), shape, key, tie);
    }

    void remove(final int shape)
    {
        final int leaf = shapes.treeLeaf.get(shape);
        shapes.treeLeaf.set(shape, Table.NONE);
        final int node = leaves + leaf;
        keys[node] = NOTHING;
        ties[node] = NOTHING;
        cpu[node] = NOTHING;
        mem[node] = NOTHING;
        further[node] = NOTHING;
        gainNeeded[node] = NOTHING;
        raise(node);
        if (freeCount == freeLeaves.length)
        {
            freeLeaves = Arrays.copyOf(freeLeaves, freeCount * 2);
        }
        freeLeaves[freeCount++] = leaf;
        count--;
    }

    private void put(final int leaf, final int shape, final long key, final long tie)
    {
        final int node = leaves + leaf;
        keys[node] = key;
        ties[node] = tie;
        cpu[node] = shapes.amount(shape, SlotTable.CPU);
        mem[node] = shapes.amount(shape, SlotTable.MEM);
        further[node] = Table.NONE == furtherSlot ? 0 : shapes.need(shape, furtherSlot);
        gainNeeded[node] = shapes.gainNeeded.get(shape);
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
        }
    }

    private void grow()
    {
        final int previous = leaves;
        leaves *= 2;
        shapeAt = Arrays.copyOf(shapeAt, leaves);
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
     * The shape with the smallest key, above the one where the look begins and below the one given, of which one kernel
     * fits an agent, if the group gained enough since for all of its kernels; NONE if there is none.
     */
    int firstFit(
        final AgentTable agents,
        final int agent,
        final long groupGain,
        final long beforeKey,
        final long beforeTie)
    {
        for (int mask = furtherMask; 0 != mask; mask &= mask - 1)
        {
            if (agents.free(agent, Integer.numberOfTrailingZeros(mask)) <= 0)
            {
                return Table.NONE;
            }
        }
        final long freeCpu = agents.free(agent, SlotTable.CPU);
        final long freeMem = agents.free(agent, SlotTable.MEM);
        final long freeFurther = Table.NONE == furtherSlot ? 0 : agents.free(agent, furtherSlot);
        long bestKey = beforeKey;
        long bestTie = beforeTie;
        int bestShape = Table.NONE;
        int depth = 0;
        stack[depth++] = 1;
        while (depth > 0)
        {
            final int node = stack[--depth];
            if (keys[node] > bestKey || (keys[node] == bestKey && ties[node] >= bestTie) ||
                cpu[node] > freeCpu || mem[node] > freeMem ||
                further[node] > freeFurther || gainNeeded[node] > groupGain)
            {
                continue;
            }
            if (node >= leaves)
            {
                final int shape = shapeAt[node - leaves];
                if (isAfter(node) && fitsFurther(agents, agent, shape))
                {
                    bestKey = keys[node];
                    bestTie = ties[node];
                    bestShape = shape;
                }
            }
            else
            {
                final int left = node << 1;
                final boolean leftFirst = isBefore(left, left + 1);
                stack[depth++] = leftFirst ? left + 1 : left;
                stack[depth++] = leftFirst ? left : left + 1;
            }
        }
        return bestShape;
    }

    private boolean isAfter(final int node)
    {
        return keys[node] > afterKey || (keys[node] == afterKey && ties[node] > afterTie);
    }

    private boolean fitsFurther(final AgentTable agents, final int agent, final int shape)
    {
        for (int mask = furtherMask; 0 != mask; mask &= mask - 1)
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
