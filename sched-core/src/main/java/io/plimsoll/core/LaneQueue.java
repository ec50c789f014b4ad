package io.plimsoll.core;

import java.util.ArrayList;
import java.util.List;

/** The shapes of one user that wait in a group, in one band of priority. */
final class LaneQueue
{
    private final ShapeTable shapes;
    private final AgentTable agents;
    private final Placement placement;
    private final List<ShapeTree> trees = new ArrayList<>(1);
    private final int lane;
    private final LaneTree tournament;
    private final int leaf;
    /* Of whoever goes first of all that wait, whether there is room or not. */
    private long headMajor = Long.MAX_VALUE;
    private long headMinor = Long.MAX_VALUE;
    private int bestShape;
    private long bestMajor;
    private long bestMinor;

    LaneQueue(
        final ShapeTable shapes,
        final AgentTable agents,
        final Placement placement,
        final int lane,
        final LaneTree tournament)
    {
        this.shapes = shapes;
        this.agents = agents;
        this.placement = placement;
        this.lane = lane;
        this.tournament = tournament;
        leaf = tournament.leaf(lane);
    }

    /** The user may have another place among the others. */
    void onMoved()
    {
        tournament.raise(leaf);
    }

    /** Bits of the needs of all shapes that wait, see {@link ShapeTree#bit}. */
    long bits()
    {
        long bits = 0;
        for (int i = 0; i < trees.size(); i++)
        {
            bits |= trees.get(i).bits();
        }
        return bits;
    }

    void add(final int shape, final long major, final long minor)
    {
        tree(shape).add(shape, major, minor);
        onChanged();
    }

    void update(final int shape, final long major, final long minor)
    {
        tree(shape).update(shape, major, minor);
        onChanged();
    }

    void remove(final int shape)
    {
        tree(shape).remove(shape);
        onChanged();
    }

    private void onChanged()
    {
        final long majorBefore = headMajor;
        final long minorBefore = headMinor;
        headMajor = Long.MAX_VALUE;
        headMinor = Long.MAX_VALUE;
        for (int i = 0; i < trees.size(); i++)
        {
            final ShapeTree tree = trees.get(i);
            if (isHeadBehind(tree.firstKey(), tree.firstTie()))
            {
                headMajor = tree.firstKey();
                headMinor = tree.firstTie();
            }
        }
        tournament.set(leaf, lane, bits(), headMajor != majorBefore || headMinor != minorBefore);
    }

    /** Whether nobody who waits goes before a key. */
    boolean isHeadBehind(final long major, final long minor)
    {
        return major < headMajor || (major == headMajor && minor < headMinor);
    }

    /** Whether its first goes before the first of another user. */
    boolean isHeadBefore(final LaneQueue other)
    {
        return other.isHeadBehind(headMajor, headMinor);
    }

    private ShapeTree tree(final int shape)
    {
        final int mask = shapes.isParted(shape) ? 0 : shapes.get(shapes.furtherMask, shape);
        final int constraint = shapes.get(shapes.constraint, shape);
        for (int i = 0; i < trees.size(); i++)
        {
            if (mask == trees.get(i).furtherMask && constraint == trees.get(i).constraint)
            {
                return trees.get(i);
            }
        }
        final ShapeTree tree = ShapeTree.ofShapes(shapes, shape);
        trees.add(tree);
        return tree;
    }

    /* A look for the first shape that may fit. */

    void begin()
    {
        bestShape = Table.NONE;
        bestMajor = Long.MAX_VALUE;
        bestMinor = Long.MAX_VALUE;
    }

    /** Looks at the shapes of which the need is open, the bits being those of such needs. */
    void lookAtOpen(final long openBits)
    {
        for (int i = 0; i < trees.size(); i++)
        {
            final ShapeTree tree = trees.get(i);
            if (0 != (tree.bits() & openBits))
            {
                take(tree, tree.firstOpen(openBits, bestMajor, bestMinor));
            }
        }
    }

    /** Looks at the blocked shapes of which a kernel fits an agent, the bits being those of such needs. */
    void lookAtFitting(final long fittingBits, final int agent, final long gain)
    {
        for (int i = 0; i < trees.size(); i++)
        {
            final ShapeTree tree = trees.get(i);
            if (0 != (tree.bits() & fittingBits) && placement.matches(agent, tree.constraint))
            {
                take(tree, tree.firstFit(agents, agent, gain, bestMajor, bestMinor));
            }
        }
    }

    private void take(final ShapeTree tree, final int shape)
    {
        if (Table.NONE != shape)
        {
            bestShape = shape;
            bestMajor = tree.key(shape);
            bestMinor = tree.tie(shape);
        }
    }

    /** What the look found, NONE if nothing. */
    int best()
    {
        return bestShape;
    }

    long bestMajor()
    {
        return bestMajor;
    }

    long bestMinor()
    {
        return bestMinor;
    }
}
