package io.plimsoll.core;

import java.util.ArrayList;
import java.util.List;

/** The shapes of one user in a group: those that may fit, and those that were found not to. */
final class LaneQueue
{
    private static final int FIRST_CAPACITY = 2;

    private final ShapeTable shapes;
    private final AgentTable agents;
    private final Placement placement;
    /** By key; entries may be stale. */
    final KeyHeap open = new KeyHeap(FIRST_CAPACITY);
    private final List<ShapeTree> blocked = new ArrayList<>(1);
    private int blockedCount;
    LaneQueue(final ShapeTable shapes, final AgentTable agents, final Placement placement)
    {
        this.shapes = shapes;
        this.agents = agents;
        this.placement = placement;
    }

    int blockedCount()
    {
        return blockedCount;
    }

    void block(final int shape, final long major, final long minor)
    {
        tree(shape).add(shape, major, minor);
        blockedCount++;
    }

    void update(final int shape, final long major, final long minor)
    {
        tree(shape).update(shape, major, minor);
    }

    void unblock(final int shape)
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
        final ShapeTree tree = new ShapeTree(shapes, mask, constraint, FIRST_CAPACITY);
        blocked.add(tree);
        return tree;
    }

    /** Some blocked shape, NONE when none is left. */
    int anyBlocked()
    {
        for (int i = 0; i < blocked.size(); i++)
        {
            if (blocked.get(i).count() > 0)
            {
                return blocked.get(i).any();
            }
        }
        return Table.NONE;
    }

    /** The blocked shape with the smallest key, below the one given, of which a kernel fits an agent. */
    int firstFit(final int agent, final long gain, final long beforeMajor, final long beforeMinor)
    {
        int best = Table.NONE;
        long bestMajor = beforeMajor;
        long bestMinor = beforeMinor;
        for (int i = 0; i < blocked.size(); i++)
        {
            final ShapeTree tree = blocked.get(i);
            final int shape = tree.count() > 0 && placement.matches(agent, tree.constraint) ?
                tree.firstFit(agents, agent, gain, bestMajor, bestMinor) :
                Table.NONE;
            if (Table.NONE != shape)
            {
                best = shape;
                bestMajor = tree.key(shape);
                bestMinor = tree.tie(shape);
            }
        }
        return best;
    }
}
