package io.plimsoll.core;

import java.util.ArrayList;
import java.util.List;

/**
 * What a pass over one resource group looks things up in. All of it can be derived from state: see {@link Schedule}.
 */
final class GroupSchedule
{
    private final AgentTable agents;
    private final ShapeTable shapes;
    /** Shapes that were not tried since they changed, by key. */
    final KeyHeap open = new KeyHeap();
    /** Agents that gained capacity, by the key of the first shape that this may help; a lower bound. */
    final KeyHeap dirty = new KeyHeap();
    /** Shapes that fit nowhere, apart from what the dirty agents gained. */
    final List<ShapeTree> blocked = new ArrayList<>();
    int blockedCount;
    /**
     * Sum of the free cpu that agents had whenever one gained: an upper bound, when divided, of the kernels that there
     * came to be room for. A gang that failed says how far it must rise before another try can be worth it.
     */
    long gain;

    GroupSchedule(final AgentTable agents, final ShapeTable shapes)
    {
        this.agents = agents;
        this.shapes = shapes;
    }

    void clear()
    {
        open.clear();
        dirty.clear();
        blocked.clear();
        blockedCount = 0;
        gain = 0;
    }

    ShapeTree tree(final int shape)
    {
        final int mask = shapes.furtherMask.get(shape);
        for (int i = 0; i < blocked.size(); i++)
        {
            if (mask == blocked.get(i).furtherMask)
            {
                return blocked.get(i);
            }
        }
        final ShapeTree tree = new ShapeTree(shapes, mask);
        blocked.add(tree);
        return tree;
    }

    /** First blocked shape, above a key, of which a kernel fits an agent. */
    int firstFit(final int agent, final long afterKey)
    {
        int best = Table.NONE;
        long bestKey = Long.MAX_VALUE;
        for (int i = 0; i < blocked.size(); i++)
        {
            final ShapeTree tree = blocked.get(i);
            if (tree.count() > 0)
            {
                final int shape = tree.firstFit(agents, agent, gain, afterKey, bestKey);
                if (Table.NONE != shape)
                {
                    best = shape;
                    bestKey = tree.key(shape);
                }
            }
        }
        return best;
    }
}
