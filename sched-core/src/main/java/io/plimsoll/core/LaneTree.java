package io.plimsoll.core;

import java.util.Arrays;

/**
 * The users of one band who wait, as a tournament in which whoever is to be served first wins: what one of them has
 * changes with every decision, and he plays again on his way to the root only. Each node knows what is waited for below
 * it, so that a look for those who may be helped passes by all others. A cache.
 */
final class LaneTree
{
    private static final int FIRST_LEAVES = 2;

    private final ShareOrder order;
    private int leaves = FIRST_LEAVES;
    /** Lane that goes first of those below a node, plus one; 0: there is none. */
    private int[] first = new int[FIRST_LEAVES * 2];
    /** Bits of the needs below a node, see {@link ShapeTree#bit}. */
    private long[] bits = new long[FIRST_LEAVES * 2];
    private int[] stack = new int[64];
    private int depth;

    LaneTree(final ShareOrder order)
    {
        this.order = order;
    }

    boolean isEmpty()
    {
        return 0 == first[1];
    }

    /** Says what is waited for in a lane; 0: nobody waits. */
    void set(final int lane, final long laneBits)
    {
        while (lane >= leaves)
        {
            grow();
        }
        final int node = leaves + lane;
        if (bits[node] != laneBits)
        {
            first[node] = 0 == laneBits ? 0 : lane + 1;
            bits[node] = laneBits;
            raise(node);
        }
    }

    /** A lane may stand at another place among the others. */
    void onMoved(final int lane)
    {
        if (lane < leaves && 0 != first[leaves + lane])
        {
            raise(leaves + lane);
        }
    }

    /** Any lane may. */
    void onAllMoved()
    {
        for (int node = leaves - 1; node > 0; node--)
        {
            play(node);
        }
    }

    private void raise(final int leaf)
    {
        for (int node = leaf >> 1; node > 0; node >>= 1)
        {
            play(node);
        }
    }

    private void play(final int node)
    {
        final int left = first[node << 1];
        final int right = first[(node << 1) + 1];
        bits[node] = bits[node << 1] | bits[(node << 1) + 1];
        if (0 == left || 0 == right)
        {
            first[node] = left + right;
        }
        else
        {
            first[node] = order.isLaneBefore(left - 1, right - 1) ? left : right;
        }
    }

    private void grow()
    {
        final int previous = leaves;
        leaves *= 2;
        final int[] previousFirst = first;
        final long[] previousBits = bits;
        first = new int[leaves * 2];
        bits = new long[leaves * 2];
        System.arraycopy(previousFirst, previous, first, leaves, previous);
        System.arraycopy(previousBits, previous, bits, leaves, previous);
        onAllMoved();
        stack = Arrays.copyOf(stack, Math.max(stack.length, 2 * Integer.numberOfTrailingZeros(leaves) + 2));
    }

    /* A look, in which only lanes are of interest in which certain needs wait. */

    void begin()
    {
        stack[0] = 1;
        depth = 1;
    }

    /**
     * The next lane in which one of the needs may wait, ahead of the one given; not in order, but the first ones early.
     *
     * @param wanted bits of the needs.
     * @param before lane that is as good as any behind it, NONE if there is none yet.
     */
    int next(final long wanted, final int before)
    {
        while (depth > 0)
        {
            final int node = stack[--depth];
            final int lane = first[node] - 1;
            if (lane < 0 || 0 == (bits[node] & wanted) ||
                Table.NONE != before && !order.isLaneBefore(lane, before))
            {
                continue;
            }
            if (node >= leaves)
            {
                return lane;
            }
            final int left = node << 1;
            final int better = first[node] == first[left] ? left : left + 1;
            stack[depth++] = better ^ 1;
            stack[depth++] = better;
        }
        return Table.NONE;
    }
}
