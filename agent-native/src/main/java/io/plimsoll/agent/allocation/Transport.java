package io.plimsoll.agent.allocation;

import java.util.Arrays;

/**
 * Brings what nodes need from where it is, at the least sum of amount times distance: successive shortest paths (Ahuja,
 * Magnanti and Orlin, Network Flows, 9.7) on a graph of twice as many vertices as nodes, each path by Bellman and Ford.
 */
final class Transport
{
    private static final long FAR = Long.MAX_VALUE / 4;

    private final int nodes;
    private final Distances distances;
    private final long[][] moved;
    private final long[] cost;
    private final int[] from;

    Transport(final int nodes, final Distances distances)
    {
        this.nodes = nodes;
        this.distances = distances;
        moved = new long[nodes][nodes];
        cost = new long[2 * nodes];
        from = new int[2 * nodes];
    }

    /**
     * Solves it.
     *
     * @param needed by node.
     * @param free   by node, at least as much in all.
     * @return what is brought to each node (first index) from each.
     */
    long[][] solve(final long[] needed, final long[] free)
    {
        for (final long[] row : moved)
        {
            Arrays.fill(row, 0);
        }
        final long[] open = needed.clone();
        final long[] left = free.clone();
        for (int i = 0; i < nodes; i++)
        {
            final long local = Math.min(open[i], left[i]);
            if (local == open[i])
            {
                move(i, i, local, open, left);
            }
        }
        int end = shortest(open, left);
        while (end >= 0)
        {
            augment(end, open, left);
            end = shortest(open, left);
        }
        return moved;
    }

    private void move(final int to, final int source, final long amount, final long[] open, final long[] left)
    {
        moved[to][source] += amount;
        open[to] -= amount;
        left[source] -= amount;
    }

    /** Vertices below nodes need, those above have. Gives the one with something left that is nearest to a need. */
    private int shortest(final long[] open, final long[] left)
    {
        for (int i = 0; i < nodes; i++)
        {
            cost[i] = open[i] > 0 ? 0 : FAR;
            cost[nodes + i] = FAR;
            from[i] = -1;
        }
        boolean changed = true;
        while (changed)
        {
            changed = false;
            for (int i = 0; i < nodes; i++)
            {
                for (int j = 0; j < nodes; j++)
                {
                    final long distance = distances.nodes(i, j);
                    if (cost[i] < FAR && cost[i] + distance < cost[nodes + j])
                    {
                        cost[nodes + j] = cost[i] + distance;
                        from[nodes + j] = i;
                        changed = true;
                    }
                    if (moved[i][j] > 0 && cost[nodes + j] < FAR && cost[nodes + j] - distance < cost[i])
                    {
                        cost[i] = cost[nodes + j] - distance;
                        from[i] = nodes + j;
                        changed = true;
                    }
                }
            }
        }
        int best = -1;
        for (int j = 0; j < nodes; j++)
        {
            if (left[j] > 0 && cost[nodes + j] < FAR && (best < 0 || cost[nodes + j] < cost[best]))
            {
                best = nodes + j;
            }
        }
        return best;
    }

    private void augment(final int end, final long[] open, final long[] left)
    {
        long amount = left[end - nodes];
        int vertex = end;
        while (from[vertex] >= 0)
        {
            final int before = from[vertex];
            if (vertex < nodes)
            {
                amount = Math.min(amount, moved[vertex][before - nodes]);
            }
            vertex = before;
        }
        amount = Math.min(amount, open[vertex]);
        open[vertex] -= amount;
        left[end - nodes] -= amount;
        vertex = end;
        while (from[vertex] >= 0)
        {
            final int before = from[vertex];
            if (vertex < nodes)
            {
                moved[vertex][before - nodes] -= amount;
            }
            else
            {
                moved[before][vertex - nodes] += amount;
            }
            vertex = before;
        }
    }
}
