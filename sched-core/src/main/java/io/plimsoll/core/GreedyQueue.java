package io.plimsoll.core;

import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.IntArrayList;

/**
 * What does not fit stops nobody. For orders in which the keys of sessions stay: the session that goes next is found
 * without looking at those that cannot.
 *
 * <p>Shapes that ask for the same are one <em>need</em>, whoever asks. A need is <em>open</em> when it may fit,
 * <em>blocked</em> when a try has shown that it does not. Capacity that an agent gains makes the agent <em>dirty</em>:
 * the first blocked need that fits it is tried again. So a pass looks at what changed, and the session that it takes is
 * always the first that fits anywhere. Where parts of a session have room one by one but not together, its need is
 * <em>mixed</em>, and tried again whenever anything about an agent changes.
 */
final class GreedyQueue extends GroupQueue
{
    private static final byte ABSENT = 0;
    private static final byte LISTED = 1;

    private final KeyOrder order;
    private final NeedTable needs;
    /** The shapes of each need that wait. */
    private final ShapeHeap heap;
    /** Needs that were not tried since they changed, by the key of the first session; entries may be stale. */
    private final KeyHeap open = new KeyHeap();
    /** Agents that gained capacity, by the key of the first need that this may help; a lower bound. */
    private final KeyHeap dirty = new KeyHeap();
    /** Needs that fit nowhere, apart from what the dirty agents gained. */
    private final List<ShapeTree> blocked = new ArrayList<>();
    private int blockedCount;
    private final IntArrayList mixed = new IntArrayList();
    private boolean isMixedStale;
    /**
     * Sum of the free cpu that agents had whenever one gained: an upper bound, when divided, of the kernels that there
     * came to be room for. A gang that failed says how far it must rise before another try can be worth it.
     */
    private long gain;

    GreedyQueue(final CoreState state, final int group, final Placement placement, final KeyOrder order)
    {
        super(state, group, placement);
        this.order = order;
        needs = shapes.needs;
        heap = new ShapeHeap(shapes);
    }

    @Override
    GroupOrder order()
    {
        return order;
    }

    /** Entries for needs that were not tried, stale ones among them: a measure of memory. */
    int openCount()
    {
        return open.size();
    }

    @Override
    void onGain(final int agent)
    {
        gain += Math.max(0, agents.free(agent, SlotTable.CPU));
        if (blockedCount > 0 && 0 == agents.get(agents.dirty, agent))
        {
            agents.set(agents.dirty, agent, (byte)1);
            dirty.push(Long.MIN_VALUE, Long.MIN_VALUE, agent, Long.MIN_VALUE, Long.MIN_VALUE);
        }
    }

    @Override
    void onAgentChanged(final int agent)
    {
        isMixedStale = true;
    }

    private void reopenMixed()
    {
        isMixedStale = false;
        for (int i = 0; i < mixed.size(); i++)
        {
            final int need = mixed.getInt(i);
            if (needs.isLive(need) && NeedTable.MIXED == needs.get(needs.status, need) &&
                group == shapes.get(shapes.group, needs.anyShape(need)))
            {
                open(need, needs.get(needs.major, need), needs.get(needs.minor, need));
            }
        }
        mixed.clear();
    }

    @Override
    void onHeadChanged(final int shape, final boolean earlier)
    {
        if (LISTED == shapes.get(shapes.status, shape))
        {
            heap.remove(shape);
        }
        final int first = order.first(shape);
        if (Table.NONE != first)
        {
            heap.add(shape, order.major(first), order.minor(first));
        }
        shapes.set(shapes.status, shape, Table.NONE == first ? ABSENT : LISTED);
        onFirstChanged(shapes.get(shapes.needRow, shape));
    }

    /** Another shape of a need goes first than before, or another session of it. */
    private void onFirstChanged(final int need)
    {
        final byte status = needs.get(needs.status, need);
        final int first = heap.first(need);
        if (Table.NONE == first)
        {
            if (NeedTable.BLOCKED == status)
            {
                unblock(need);
            }
            else if (NeedTable.OPEN == status && !open.isEmpty() && need == open.value())
            {
                // Nobody asks who is next while nobody waits.
                open.pop();
            }
            needs.set(needs.status, need, NeedTable.EMPTY);
            return;
        }
        final long major = shapes.get(shapes.major, first);
        final long minor = shapes.get(shapes.minor, first);
        if (NeedTable.EMPTY == status)
        {
            open(need, major, minor);
        }
        else if (NeedTable.MIXED == status)
        {
            setKey(need, major, minor);
        }
        else if (major != needs.get(needs.major, need) || minor != needs.get(needs.minor, need))
        {
            move(need, major, minor);
        }
    }

    private void move(final int need, final long major, final long minor)
    {
        final boolean isOpen = NeedTable.OPEN == needs.get(needs.status, need);
        if (isOpen && !open.isEmpty() && need == open.value())
        {
            setKey(need, major, minor);
            open.replaceTop(major, minor, need, 0, 0);
        }
        else if (isOpen)
        {
            open(need, major, minor);
        }
        else if (!dirty.isEmpty() && isBeforeKey(need, major, minor))
        {
            // What gained is looked at in order of keys, and may be beyond this one already.
            unblock(need);
            open(need, major, minor);
        }
        else
        {
            setKey(need, major, minor);
            tree(need).update(need, major, minor);
        }
    }

    private boolean isBeforeKey(final int need, final long major, final long minor)
    {
        return major < needs.get(needs.major, need) ||
            major == needs.get(needs.major, need) && minor < needs.get(needs.minor, need);
    }

    private void setKey(final int need, final long major, final long minor)
    {
        needs.set(needs.major, need, major);
        needs.set(needs.minor, need, minor);
    }

    private void open(final int need, final long major, final long minor)
    {
        setKey(need, major, minor);
        needs.set(needs.status, need, NeedTable.OPEN);
        open.push(major, minor, need, 0, 0);
    }

    private void unblock(final int need)
    {
        tree(need).remove(need);
        blockedCount--;
    }

    private ShapeTree tree(final int need)
    {
        if (Table.NONE == needs.get(needs.tree, need))
        {
            needs.set(needs.tree, need, treeOf(needs.anyBlocked(need)));
        }
        return blocked.get(needs.get(needs.tree, need));
    }

    private int treeOf(final int shape)
    {
        final int mask = shapes.get(shapes.furtherMask, shape);
        final int constraint = shapes.get(shapes.constraint, shape);
        for (int i = 0; i < blocked.size(); i++)
        {
            if (mask == blocked.get(i).furtherMask && constraint == blocked.get(i).constraint)
            {
                return i;
            }
        }
        blocked.add(ShapeTree.ofNeeds(shapes, shape));
        return blocked.size() - 1;
    }

    @Override
    int nextPlaceable()
    {
        if (isMixedStale && !mixed.isEmpty())
        {
            reopenMixed();
        }
        while (true)
        {
            final int openNeed = firstOpen();
            final int dirtyNeed = firstDirty();
            if (Table.NONE == openNeed && Table.NONE == dirtyNeed)
            {
                return Table.NONE;
            }
            final boolean takeOpen =
                Table.NONE == dirtyNeed || (Table.NONE != openNeed && open.isBefore(dirty));
            final int need = takeOpen ? openNeed : dirtyNeed;
            final int shape = heap.first(need);
            final int session = order.first(shape);
            if (isCapped(shape))
            {
                heap.remove(shape);
                shapes.set(shapes.status, shape, ABSENT);
                onFirstChanged(need);
            }
            else if (tryPlace(session))
            {
                return session;
            }
            else
            {
                block(need, takeOpen);
            }
        }
    }

    private void block(final int need, final boolean wasOpen)
    {
        final int part = placement.blockedPart();
        final boolean isKnown = !wasOpen && part == needs.blockedPart(need);
        if (wasOpen)
        {
            open.pop();
        }
        else if (!isKnown)
        {
            unblock(need);
        }
        if (Table.NONE == part)
        {
            needs.set(needs.status, need, NeedTable.MIXED);
            mixed.addInt(need);
            return;
        }
        needs.blockedPart(need, part);
        final int row = needs.anyBlocked(need);
        final boolean gang = shapes.get(shapes.kernels, row) > 1;
        needs.set(needs.gainNeeded, need, gang ? gain + placement.missing() * shapes.amount(row, SlotTable.CPU) : 0);
        if (isKnown)
        {
            tree(need).update(need, needs.get(needs.major, need), needs.get(needs.minor, need));
        }
        else
        {
            needs.set(needs.status, need, NeedTable.BLOCKED);
            tree(need).add(need, needs.get(needs.major, need), needs.get(needs.minor, need));
            blockedCount++;
        }
        if (!wasOpen)
        {
            dirty.replaceTop(dirty.key(), dirty.tie(), dirty.value(), dirty.key(), dirty.tie());
        }
    }

    private int firstOpen()
    {
        while (!open.isEmpty())
        {
            final int need = open.value();
            if (needs.isLive(need) && NeedTable.OPEN == needs.get(needs.status, need) && isKey(need, open))
            {
                return need;
            }
            open.pop();
        }
        return Table.NONE;
    }

    /** Entries may be stale: a need came to have another key, or another need its row. */
    private boolean isKey(final int need, final KeyHeap keys)
    {
        return needs.get(needs.minor, need) == keys.tie() && needs.get(needs.major, need) == keys.key();
    }

    /** The first blocked need that a dirty agent has room for a kernel of; its agent is on top then. */
    private int firstDirty()
    {
        while (!dirty.isEmpty())
        {
            final int agent = dirty.value();
            if (Long.MIN_VALUE == dirty.key())
            {
                agents.set(agents.dirty, agent, (byte)0);
            }
            final int need = 0 == agents.get(agents.indexed, agent) ? Table.NONE : firstFit(agent);
            if (Table.NONE == need)
            {
                dirty.pop();
            }
            else if (isKey(need, dirty))
            {
                return need;
            }
            else
            {
                dirty.replaceTop(
                    needs.get(needs.major, need),
                    needs.get(needs.minor, need),
                    agent,
                    dirty.afterKey(),
                    dirty.afterTie());
            }
        }
        return Table.NONE;
    }

    /** First blocked need, above the key that the topmost dirty agent has been through, of which a kernel fits it. */
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
                final int need = tree.firstFit(agents, agent, gain, bestKey, bestTie);
                if (Table.NONE != need)
                {
                    best = need;
                    bestKey = tree.key(need);
                    bestTie = tree.tie(need);
                }
            }
        }
        return best;
    }
}
