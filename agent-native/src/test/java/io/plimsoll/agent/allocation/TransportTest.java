package io.plimsoll.agent.allocation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.plimsoll.agent.topology.HostTopology;
import io.plimsoll.agent.topology.NumaNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TransportTest
{
    @Test
    void shouldBringFromWhereTheSumOfDistancesIsLeast()
    {
        for (int seed = 0; seed < 500; seed++)
        {
            final Random random = new Random(seed);
            final int nodes = 2 + random.nextInt(3);
            final Distances distances = new Distances(host(random, nodes));
            final long[] needed = random.longs(nodes, 0, 3).toArray();
            final long[] free = random.longs(nodes, 0, 4).toArray();
            if (Arrays.stream(free).sum() >= Arrays.stream(needed).sum())
            {
                final long[][] brought = new Transport(nodes, distances).solve(needed, free);
                long sum = 0;
                for (int i = 0; i < nodes; i++)
                {
                    final int node = i;
                    assertEquals(needed[i], Arrays.stream(brought[i]).sum());
                    assertEquals(
                        Math.min(free[i], Arrays.stream(brought).mapToLong(row -> row[node]).sum()),
                        Arrays.stream(brought).mapToLong(row -> row[node]).sum());
                    for (int j = 0; j < nodes; j++)
                    {
                        sum += brought[i][j] * distances.nodes(i, j);
                    }
                }
                assertEquals(least(needed, free, distances), sum, "seed " + seed);
            }
        }
    }

    /** Tries every source for each unit. */
    private static long least(final long[] needed, final long[] free, final Distances distances)
    {
        for (int i = 0; i < needed.length; i++)
        {
            if (needed[i] > 0)
            {
                long least = Long.MAX_VALUE;
                needed[i]--;
                for (int j = 0; j < free.length; j++)
                {
                    if (free[j] > 0)
                    {
                        free[j]--;
                        least = Math.min(least, distances.nodes(i, j) + least(needed, free, distances));
                        free[j]++;
                    }
                }
                needed[i]++;
                return least;
            }
        }
        return 0;
    }

    private static HostTopology host(final Random random, final int nodes)
    {
        final List<NumaNode> numa = new ArrayList<>();
        final int[][] distances = new int[nodes][nodes];
        for (int i = 0; i < nodes; i++)
        {
            numa.add(new NumaNode(i, new BitSet(), 0));
            distances[i][i] = 10;
            for (int j = 0; j < i; j++)
            {
                distances[i][j] = 10 + random.nextInt(25);
                distances[j][i] = distances[i][j];
            }
        }
        return Hosts.of(numa, distances, List.of(), List.of(), List.of());
    }
}
