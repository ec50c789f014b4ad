package io.plimsoll.agent.allocation;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * On which nodes cores and memory are. Where devices are chosen each gets as many cores and as much memory (what does
 * not divide goes to the first nodes), brought from as near as there is some. Without devices the cores are as near to
 * each other as can be, and each gets as much memory.
 *
 * <p>Cost, in thousandths of the distance unit: for each device its mean distance to its cores and to its memory;
 * without devices the mean distance between cores and of a core to its memory.
 */
final class NodeSearch
{
    /** Up to here all sets of nodes are tried, above only each node with its nearest. */
    static final int SUBSET_NODES_MAX = 12;
    /** So many sets of nodes are tried for the fewest, for all sets of devices together; then only what is nearest. */
    static final int SUBSETS_MAX = 20_000;
    /** Up to here all distributions of cores are tried. */
    static final int DISTRIBUTIONS_MAX = 4096;

    private final Distances distances;
    private final long cores;
    private final long memory;
    private final long[] coresFree;
    private final long[] memoryFree;
    private final long[] room;
    private final Affinity affinity;
    private final int nodes;
    private final Transport transport;
    private final Map<String, NodeChoice> known = new HashMap<>();
    private int subsetsLeft = SUBSETS_MAX;

    /**
     * A wish that can be met: there are enough free cores and bytes on all nodes together.
     *
     * @param distances  of the host.
     * @param affinity   to nodes.
     * @param cores      wanted.
     * @param memory     bytes wanted.
     * @param coresFree  by node.
     * @param memoryFree by node.
     * @param room       what speaks against breaking into a node, by node: the least goes first among equals.
     */
    NodeSearch(
        final Distances distances,
        final Affinity affinity,
        final long cores,
        final long memory,
        final long[] coresFree,
        final long[] memoryFree,
        final long[] room)
    {
        this.distances = distances;
        this.affinity = affinity;
        this.cores = cores;
        this.memory = memory;
        this.coresFree = coresFree;
        this.memoryFree = memoryFree;
        this.room = room;
        nodes = coresFree.length;
        transport = new Transport(nodes, distances);
    }

    /** How many there are. */
    int nodes()
    {
        return nodes;
    }

    /** Best for so many devices on each node. */
    NodeChoice near(final int[] devices)
    {
        return known.computeIfAbsent(Arrays.toString(devices), key ->
            Affinity.PREFER_SINGLE_NODE == affinity && nodes <= SUBSET_NODES_MAX ? fewest(devices) : search(devices));
    }

    /** On the fewest nodes besides those of the devices; of as many, on the nearest. */
    private NodeChoice fewest(final int[] devices)
    {
        int held = 0;
        for (int i = 0; i < nodes; i++)
        {
            held |= devices[i] > 0 ? 1 << i : 0;
        }
        NodeChoice best = null;
        for (int more = 0; more <= nodes && null == best && subsetsLeft > 0; more++)
        {
            for (int set = 0; set < 1 << nodes && subsetsLeft > 0; set++)
            {
                if (0 == (set & held) && Integer.bitCount(set) == more && isEnough(set | held))
                {
                    subsetsLeft--;
                    best = better(best, new NodeSearch(
                        distances, Affinity.NEAREST, cores, memory, within(set | held, coresFree),
                        within(set | held, memoryFree), room).search(devices));
                }
            }
        }
        return null == best ? search(devices) : best;
    }

    private boolean isEnough(final int set)
    {
        return Arrays.stream(within(set, coresFree)).sum() >= cores &&
            Arrays.stream(within(set, memoryFree)).sum() >= memory;
    }

    private static long[] within(final int set, final long[] free)
    {
        final long[] within = new long[free.length];
        for (int i = 0; i < free.length; i++)
        {
            within[i] = 0 == (set & 1 << i) ? 0 : free[i];
        }
        return within;
    }

    private NodeChoice search(final int[] devices)
    {
        final int count = Arrays.stream(devices).sum();
        if (count > 0)
        {
            return nearDevices(devices, count);
        }
        if (0 == cores)
        {
            return 0 == memory ? new NodeChoice(new long[nodes], new long[nodes], 0) : memoryOnly();
        }
        return Affinity.INTERLEAVED == affinity ? inTurn() : compact();
    }

    private NodeChoice nearDevices(final int[] devices, final int count)
    {
        final long[] weights = new long[nodes];
        for (int i = 0; i < nodes; i++)
        {
            weights[i] = devices[i];
        }
        final long[] taken = new long[nodes];
        long cost = 0;
        if (cores > 0)
        {
            final long[][] brought = transport.solve(dealt(cores, weights), coresFree);
            cost += count * sum(brought) / cores;
            for (int i = 0; i < nodes; i++)
            {
                for (int j = 0; j < nodes; j++)
                {
                    taken[j] += brought[i][j];
                }
            }
        }
        final long[] bytes = new long[nodes];
        cost += count * bringMemory(weights, bytes);
        return new NodeChoice(taken, bytes, cost);
    }

    private long sum(final long[][] brought)
    {
        long sum = 0;
        for (int i = 0; i < nodes; i++)
        {
            for (int j = 0; j < nodes; j++)
            {
                sum += brought[i][j] * distances.nodes(i, j);
            }
        }
        return sum;
    }

    /** Takes memory for those who weigh so much on each node; gives its mean distance. */
    private long bringMemory(final long[] weights, final long[] bytes)
    {
        if (0 == memory)
        {
            return 0;
        }
        final long[][] brought = transport.solve(dealt(memory, weights), memoryFree);
        double distance = 0;
        for (int i = 0; i < nodes; i++)
        {
            for (int j = 0; j < nodes; j++)
            {
                bytes[j] += brought[i][j];
                distance += (double)brought[i][j] / memory * distances.nodes(i, j);
            }
        }
        return Math.round(distance);
    }

    /** An amount in proportion to weights; what does not divide goes to the first that weigh anything. */
    static long[] dealt(final long amount, final long[] weights)
    {
        final long[] parts = new long[weights.length];
        if (0 == amount)
        {
            return parts;
        }
        final BigInteger total = BigInteger.valueOf(Arrays.stream(weights).sum());
        long left = amount;
        for (int i = 0; i < weights.length; i++)
        {
            parts[i] = BigInteger.valueOf(amount)
                .multiply(BigInteger.valueOf(weights[i]))
                .divide(total)
                .longValueExact();
            left -= parts[i];
        }
        for (int i = 0; left > 0; i = (i + 1) % weights.length)
        {
            if (weights[i] > 0)
            {
                parts[i]++;
                left--;
            }
        }
        return parts;
    }

    private NodeChoice withMemory(final long[] taken)
    {
        final long[] bytes = new long[nodes];
        double between = 0;
        for (int i = 0; i < nodes; i++)
        {
            for (int j = 0; j < nodes; j++)
            {
                between += (double)taken[i] * taken[j] / cores / cores * distances.nodes(i, j);
            }
        }
        return new NodeChoice(taken, bytes, Math.round(between) + bringMemory(taken, bytes));
    }

    /** One of each node in turn; the last of nodes that are near to each other, if they are fewer than nodes. */
    private NodeChoice inTurn()
    {
        final long[] taken = new long[nodes];
        long left = cores;
        long[] open = open(taken);
        for (long count = Arrays.stream(open).sum(); left >= count && left > 0; count = Arrays.stream(open).sum())
        {
            add(taken, open);
            left -= count;
            open = open(taken);
        }
        if (0 == left)
        {
            return withMemory(taken);
        }
        NodeChoice best = null;
        for (int set = 1; nodes <= SUBSET_NODES_MAX && set < 1 << nodes; set++)
        {
            final long[] more = within(set, open);
            if (Integer.bitCount(set) == left && Arrays.stream(more).sum() == left)
            {
                add(more, taken);
                best = better(best, withMemory(more));
            }
        }
        for (int seed = 0; nodes > SUBSET_NODES_MAX && seed < nodes; seed++)
        {
            final long[] more = nearest(seed, left, open);
            add(more, taken);
            best = better(best, withMemory(more));
        }
        return best;
    }

    /** One of each node that has more than is taken. */
    private long[] open(final long[] taken)
    {
        final long[] open = new long[nodes];
        for (int i = 0; i < nodes; i++)
        {
            open[i] = taken[i] < coresFree[i] ? 1 : 0;
        }
        return open;
    }

    private static void add(final long[] to, final long[] more)
    {
        for (int i = 0; i < to.length; i++)
        {
            to[i] += more[i];
        }
    }

    /**
     * All distributions if there are few. Else, of each set of nodes, all to the full but one: between such sets the
     * distances between cores only rise.
     */
    private NodeChoice compact()
    {
        NodeChoice best = single();
        if (null != best)
        {
            return best;
        }
        final List<long[]> all = new ArrayList<>();
        if (distribute(cores, 0, new long[nodes], all))
        {
            for (final long[] taken : all)
            {
                best = better(best, withMemory(taken));
            }
        }
        else if (nodes <= SUBSET_NODES_MAX)
        {
            for (int set = 1; set < 1 << nodes; set++)
            {
                best = better(best, set);
            }
        }
        else
        {
            for (int seed = 0; seed < nodes; seed++)
            {
                best = better(best, withMemory(nearest(seed, cores, coresFree)));
            }
        }
        return best;
    }

    /** Everything on one node, if nothing could be nearer; null: there is none. */
    private NodeChoice single()
    {
        NodeChoice best = null;
        long least = Long.MAX_VALUE;
        for (int node = 0; node < nodes; node++)
        {
            least = Math.min(least, distances.nodes(node, node));
            if (coresFree[node] >= cores && memoryFree[node] >= memory)
            {
                final long[] taken = new long[nodes];
                taken[node] = cores;
                best = better(best, withMemory(taken));
            }
        }
        return null == best || best.cost() > (memory > 0 ? 2 * least : least) ? null : best;
    }

    /** Collects all distributions from a node on, the first nodes full first; gives whether there are not too many. */
    private boolean distribute(final long left, final int node, final long[] taken, final List<long[]> all)
    {
        if (node == nodes)
        {
            if (0 == left)
            {
                all.add(taken.clone());
            }
            return all.size() <= DISTRIBUTIONS_MAX;
        }
        long behind = 0;
        for (int i = node + 1; i < nodes; i++)
        {
            behind += coresFree[i];
        }
        boolean few = true;
        for (long amount = Math.min(left, coresFree[node]); few && amount >= Math.max(0, left - behind); amount--)
        {
            taken[node] = amount;
            few = distribute(left - amount, node + 1, taken, all);
        }
        taken[node] = 0;
        return few;
    }

    private NodeChoice better(final NodeChoice best, final int set)
    {
        long free = 0;
        for (int i = 0; i < nodes; i++)
        {
            free += (set & 1 << i) == 0 ? 0 : coresFree[i];
        }
        NodeChoice choice = best;
        for (int partial = 0; partial < nodes && free >= cores; partial++)
        {
            final long rest = cores - (free - coresFree[partial]);
            if ((set & 1 << partial) != 0 && rest > 0)
            {
                final long[] taken = new long[nodes];
                for (int i = 0; i < nodes; i++)
                {
                    taken[i] = (set & 1 << i) == 0 ? 0 : i == partial ? rest : coresFree[i];
                }
                choice = better(choice, withMemory(taken));
            }
        }
        return choice;
    }

    private NodeChoice better(final NodeChoice one, final NodeChoice other)
    {
        if (null == one || other.cost() != one.cost())
        {
            return null == one || other.cost() < one.cost() ? other : one;
        }
        return left(other) < left(one) ? other : one;
    }

    /** What is left on nodes that cores are taken from. */
    long left(final NodeChoice choice)
    {
        long left = 0;
        for (int i = 0; i < nodes; i++)
        {
            left += choice.cores()[i] > 0 ? room[i] - choice.cores()[i] : 0;
        }
        return left;
    }

    private long[] nearest(final int seed, final long wanted, final long[] free)
    {
        final long[] taken = new long[nodes];
        long left = wanted;
        while (left > 0)
        {
            int next = -1;
            for (int i = 0; i < nodes; i++)
            {
                if (taken[i] < free[i] && 0 == taken[i] &&
                    (next < 0 || distances.nodes(seed, i) < distances.nodes(seed, next)))
                {
                    next = i;
                }
            }
            taken[next] = Math.min(left, free[next]);
            left -= taken[next];
        }
        return taken;
    }

    /** For nobody in particular: on one node if it has as much, and then on the one with least. */
    private NodeChoice memoryOnly()
    {
        NodeChoice best = null;
        long bestLeft = 0;
        for (int seed = 0; seed < nodes; seed++)
        {
            if (memoryFree[seed] > 0)
            {
                final long[] bytes = nearest(seed, memory, memoryFree);
                double distance = 0;
                long left = 0;
                for (int i = 0; i < nodes; i++)
                {
                    distance += (double)bytes[i] / memory * distances.nodes(seed, i);
                    left += bytes[i] > 0 ? memoryFree[i] - bytes[i] : 0;
                }
                final long cost = Math.round(distance);
                if (null == best || cost < best.cost() || cost == best.cost() && left < bestLeft)
                {
                    best = new NodeChoice(new long[nodes], bytes, cost);
                    bestLeft = left;
                }
            }
        }
        return best;
    }
}
