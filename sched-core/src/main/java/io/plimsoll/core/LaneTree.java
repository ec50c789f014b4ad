package io.plimsoll.core;

import java.util.Arrays;
import org.agrona.collections.Int2IntHashMap;

/**
 * Users who wait in one band, as a tournament in which whoever is to be served first wins: what one of them has changes
 * with every decision, and he plays again on his way to the root only. Each node knows what is waited for below it, so
 * that a look for those who may be helped passes by all others.
 *
 * <p>Where past use counts, a tree of users stands for one project, in a tree of the projects of a domain, in a tree of
 * domains: what their project has used makes no difference between users of the same one, so no more than the way to
 * the root is played again when it changes. Who wins may also change by time alone. Each node knows until when nobody
 * below it overtakes another one. A cache.
 */
final class LaneTree
{
    /** Who has as much as another one is served first if he has waited for longer. */
    interface Heads
    {
        /** Whether the first who waits in one lane goes before the first of another one; somebody does in both. */
        boolean isHeadBefore(int left, int right);
    }

    private static final int FIRST_LEAVES = 2;

    private final ShareOrder order;
    private final Heads heads;
    /** Where this tree is a leaf; null: it is the root. */
    private final LaneTree parent;
    private final int parentLeaf;
    /** What leaves are: trees, or lanes where there are none. */
    private LaneTree[] children = new LaneTree[0];
    private final Int2IntHashMap leafOfKey = new Int2IntHashMap(Table.NONE);
    private int used;
    private int leaves = FIRST_LEAVES;
    /** Lane that goes first of those below a node, plus one; 0: there is none. */
    private int[] first = new int[FIRST_LEAVES * 2];
    /** Bits of the needs below a node, see {@link ShapeTree#bit}. */
    private long[] bits = new long[FIRST_LEAVES * 2];
    /** Clock of the usage before which nothing below a node changes by time. */
    private double[] until = filled(FIRST_LEAVES * 2);

    LaneTree(final ShareOrder order, final Heads heads)
    {
        this(order, heads, null, Table.NONE);
    }

    private LaneTree(final ShareOrder order, final Heads heads, final LaneTree parent, final int parentLeaf)
    {
        this.order = order;
        this.heads = heads;
        this.parent = parent;
        this.parentLeaf = parentLeaf;
    }

    private static double[] filled(final int length)
    {
        final double[] values = new double[length];
        Arrays.fill(values, ShareOrder.FOREVER);
        return values;
    }

    boolean isEmpty()
    {
        return 0 == first[1];
    }

    /** The tree that stands for an account, from now on. */
    LaneTree child(final int account)
    {
        final int leaf = leaf(account);
        if (leaf >= children.length)
        {
            children = Arrays.copyOf(children, leaves);
        }
        if (null == children[leaf])
        {
            children[leaf] = new LaneTree(order, heads, this, leaf);
        }
        return children[leaf];
    }

    /** The same if there is one, else null. */
    LaneTree childOrNull(final int account)
    {
        final int leaf = leafOfKey.get(account + 1);
        return Table.NONE == leaf ? null : children[leaf];
    }

    /** The leaf of a lane or an account, from now on. */
    int leaf(final int key)
    {
        int leaf = leafOfKey.get(key + 1);
        if (Table.NONE == leaf)
        {
            leaf = used++;
            leafOfKey.put(key + 1, leaf);
            if (leaf == leaves)
            {
                grow();
            }
        }
        return leaf;
    }

    /** Says what is waited for in the lane at a leaf, 0: nobody waits, and whether another one goes first there. */
    void set(final int leaf, final int lane, final long laneBits, final boolean hasOtherHead)
    {
        final int node = leaves + leaf;
        if (bits[node] != laneBits || hasOtherHead)
        {
            first[node] = 0 == laneBits ? 0 : lane + 1;
            bits[node] = laneBits;
            raise(leaf);
        }
    }

    /** What is at a leaf may stand at another place among the others. */
    void raise(final int leaf)
    {
        for (int node = leaves + leaf >> 1; node > 0; node >>= 1)
        {
            play(node);
        }
        onRootChanged();
    }

    /** All that is in here may stand at another place among the rest. */
    void onRootChanged()
    {
        if (null != parent)
        {
            parent.takeUp(parentLeaf);
            parent.raise(parentLeaf);
        }
    }

    private void takeUp(final int leaf)
    {
        final LaneTree child = children[leaf];
        first[leaves + leaf] = child.first[1];
        bits[leaves + leaf] = child.bits[1];
        until[leaves + leaf] = child.until[1];
    }

    /** Plays again whatever may have changed until a time. */
    void expire(final double clock)
    {
        expire(1, clock);
    }

    private void expire(final int node, final double clock)
    {
        if (clock < until[node] || ShareOrder.FOREVER == until[node])
        {
            return;
        }
        if (node >= leaves)
        {
            children[node - leaves].expire(clock);
            takeUp(node - leaves);
        }
        else
        {
            expire(node << 1, clock);
            expire((node << 1) + 1, clock);
            play(node);
        }
    }

    /** Plays all of it again. */
    void playAll()
    {
        for (int leaf = 0; leaf < used && leaf < children.length; leaf++)
        {
            if (null != children[leaf])
            {
                children[leaf].playAll();
                takeUp(leaf);
            }
        }
        for (int node = leaves - 1; node > 0; node--)
        {
            play(node);
        }
    }

    private void play(final int node)
    {
        final int leftNode = node << 1;
        final int left = first[leftNode];
        final int right = first[leftNode + 1];
        bits[node] = bits[leftNode] | bits[leftNode + 1];
        until[node] = Math.min(until[leftNode], until[leftNode + 1]);
        if (0 == left || 0 == right)
        {
            first[node] = left + right;
        }
        else
        {
            final int byUse = order.compareLanesForAWhile(left - 1, right - 1);
            final boolean isLeft = 0 == byUse ? heads.isHeadBefore(left - 1, right - 1) : byUse < 0;
            first[node] = isLeft ? left : right;
            until[node] = Math.min(until[node], order.until());
        }
    }

    private void grow()
    {
        final int previous = leaves;
        leaves *= 2;
        final int[] previousFirst = first;
        final long[] previousBits = bits;
        final double[] previousUntil = until;
        first = new int[leaves * 2];
        bits = new long[leaves * 2];
        until = filled(leaves * 2);
        System.arraycopy(previousFirst, previous, first, leaves, previous);
        System.arraycopy(previousBits, previous, bits, leaves, previous);
        System.arraycopy(previousUntil, previous, until, leaves, previous);
        for (int node = leaves - 1; node > 0; node--)
        {
            play(node);
        }
    }

    /** Has a queue look at lanes in which something wanted may wait, the better ones early, until nobody is better. */
    void look(final ShareQueue queue, final long wanted)
    {
        look(1, queue, wanted);
    }

    private void look(final int node, final ShareQueue queue, final long wanted)
    {
        if (0 == first[node] || 0 == (bits[node] & wanted) || !queue.isBetter(first[node] - 1))
        {
            return;
        }
        if (node < leaves)
        {
            final int left = node << 1;
            final int better = first[node] == first[left] ? left : left + 1;
            look(better, queue, wanted);
            look(better ^ 1, queue, wanted);
        }
        else if (0 == children.length)
        {
            queue.look(first[node] - 1, wanted);
        }
        else
        {
            children[node - leaves].look(queue, wanted);
        }
    }
}
