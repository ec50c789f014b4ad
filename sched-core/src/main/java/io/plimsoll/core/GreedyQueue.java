package io.plimsoll.core;

import java.util.ArrayList;
import java.util.List;

/**
 * What does not fit stops nobody. For orders in which the keys of sessions stay: the session that goes next is found
 * without looking at those that cannot.
 *
 * <p>A shape is <em>open</em> when it may fit, <em>blocked</em> when a try has shown that it does not. Capacity that an
 * agent gains makes the agent <em>dirty</em>: the first blocked shape that fits it is tried again. So a pass looks at
 * what changed, and the session that it takes is always the first that fits anywhere.
 */
final class GreedyQueue extends GroupQueue
{
    private static final byte EMPTY = 0;
    private static final byte OPEN = 1;
    private static final byte BLOCKED = 2;

    private final KeyOrder order;
    /** Shapes that were not tried since they changed, by key. */
    private final KeyHeap open = new KeyHeap();
    /** Agents that gained capacity, by the key of the first shape that this may help; a lower bound. */
    private final KeyHeap dirty = new KeyHeap();
    /** Shapes that fit nowhere, apart from what the dirty agents gained. */
    private final List<ShapeTree> blocked = new ArrayList<>();
    private int blockedCount;
    /**
     * Sum of the free cpu that agents had whenever one gained: an upper bound, when divided, of the kernels that there
     * came to be room for. A gang that failed says how far it must rise before another try can be worth it.
     */
    private long gain;

    GreedyQueue(final CoreState state, final int group, final Placement placement, final KeyOrder order)
    {
        super(state, group, placement);
        this.order = order;
    }

    @Override
    GroupOrder order()
    {
        return order;
    }

    @Override
    void onGain(final int agent)
    {
        gain += Math.max(0, agents.free(agent, SlotTable.CPU));
        if (blockedCount > 0 && 0 == agents.dirty.get(agent))
        {
            agents.dirty.set(agent, (byte)1);
            dirty.push(Long.MIN_VALUE, Long.MIN_VALUE, agent, Long.MIN_VALUE, Long.MIN_VALUE);
        }
    }

    @Override
    void onHeadChanged(final int shape, final boolean earlier)
    {
        final byte status = shapes.status.get(shape);
        final int first = order.first(shape);
        if (Table.NONE == first)
        {
            if (BLOCKED == status)
            {
                unblock(shape);
            }
            shapes.status.set(shape, EMPTY);
        }
        else if (BLOCKED == status && !earlier)
        {
            tree(shape).update(shape, order.major(first), order.minor(first));
        }
        else
        {
            if (BLOCKED == status)
            {
                unblock(shape);
            }
            if (OPEN == status && !open.isEmpty() && shape == open.value())
            {
                open.replaceTop(order.major(first), order.minor(first), shape, 0, 0);
            }
            else
            {
                shapes.status.set(shape, OPEN);
                open.push(order.major(first), order.minor(first), shape, 0, 0);
            }
        }
    }

    private void unblock(final int shape)
    {
        tree(shape).remove(shape);
        blockedCount--;
    }

    private ShapeTree tree(final int shape)
    {
        final int mask = shapes.furtherMask.get(shape);
        final int constraint = shapes.constraint.get(shape);
        for (int i = 0; i < blocked.size(); i++)
        {
            if (mask == blocked.get(i).furtherMask && constraint == blocked.get(i).constraint)
            {
                return blocked.get(i);
            }
        }
        final ShapeTree tree = new ShapeTree(shapes, mask, constraint);
        blocked.add(tree);
        return tree;
    }

    @Override
    int nextPlaceable()
    {
        while (true)
        {
            final int openShape = firstOpen();
            final int dirtyShape = firstDirty();
            if (Table.NONE == openShape && Table.NONE == dirtyShape)
            {
                return Table.NONE;
            }
            final boolean takeOpen =
                Table.NONE == dirtyShape || (Table.NONE != openShape && open.isBefore(dirty));
            final int shape = takeOpen ? openShape : dirtyShape;
            final int session = order.first(shape);
            if (isCapped(shape))
            {
                drop(shape, takeOpen);
            }
            else if (tryPlace(session))
            {
                return session;
            }
            else
            {
                block(shape, takeOpen);
            }
        }
    }

    private void drop(final int shape, final boolean wasOpen)
    {
        if (wasOpen)
        {
            open.pop();
        }
        else
        {
            unblock(shape);
        }
        shapes.status.set(shape, EMPTY);
    }

    private void block(final int shape, final boolean wasOpen)
    {
        final int missing = shapes.kernels.get(shape) - placement.chosenCount();
        final boolean gang = shapes.kernels.get(shape) > 1;
        shapes.gainNeeded.set(shape, gang ? gain + missing * shapes.amount(shape, SlotTable.CPU) : 0);
        final int first = order.first(shape);
        if (wasOpen)
        {
            open.pop();
            shapes.status.set(shape, BLOCKED);
            tree(shape).add(shape, order.major(first), order.minor(first));
            blockedCount++;
        }
        else
        {
            tree(shape).update(shape, order.major(first), order.minor(first));
            dirty.replaceTop(dirty.key(), dirty.tie(), dirty.value(), dirty.key(), dirty.tie());
        }
    }

    private int firstOpen()
    {
        while (!open.isEmpty())
        {
            final int shape = open.value();
            if (shapes.isLive(shape) && OPEN == shapes.status.get(shape) && isKey(shape, open))
            {
                return shape;
            }
            open.pop();
        }
        return Table.NONE;
    }

    /** Entries may be stale: a shape came to have another key, or another shape its row. */
    private boolean isKey(final int shape, final KeyHeap heap)
    {
        final int first = order.first(shape);
        return order.minor(first) == heap.tie() && order.major(first) == heap.key();
    }

    /** The first blocked shape that a dirty agent has room for a kernel of; its agent is on top then. */
    private int firstDirty()
    {
        while (!dirty.isEmpty())
        {
            final int agent = dirty.value();
            if (Long.MIN_VALUE == dirty.key())
            {
                agents.dirty.set(agent, (byte)0);
            }
            final int shape = 0 == agents.indexed.get(agent) ? Table.NONE : firstFit(agent);
            if (Table.NONE == shape)
            {
                dirty.pop();
            }
            else if (isKey(shape, dirty))
            {
                return shape;
            }
            else
            {
                final int first = order.first(shape);
                dirty.replaceTop(
                    order.major(first), order.minor(first), agent, dirty.afterKey(), dirty.afterTie());
            }
        }
        return Table.NONE;
    }

    /** First blocked shape, above the key that the topmost dirty agent has been through, of which a kernel fits it. */
    private int firstFit(final int agent)
    {
        int best = Table.NONE;
        long bestKey = Long.MAX_VALUE;
        long bestTie = Long.MAX_VALUE;
        for (int i = 0; i < blocked.size(); i++)
        {
            final ShapeTree tree = blocked.get(i);
            if (tree.count() > 0 && placement.matches(agent, tree.constraint))
            {
                tree.after(dirty.afterKey(), dirty.afterTie());
                final int shape = tree.firstFit(agents, agent, gain, bestKey, bestTie);
                if (Table.NONE != shape)
                {
                    best = shape;
                    bestKey = tree.key(shape);
                    bestTie = tree.tie(shape);
                }
            }
        }
        return best;
    }
}
