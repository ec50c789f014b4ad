package io.plimsoll.agent.allocation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which sets of devices are looked at: all if there are not too many, else each device with its nearest, and with those
 * that are nearest to all that came before them, on nodes as they are asked for; of all devices, and of those that have
 * so much left that any of them will do.
 */
final class DeviceSets
{
    /** Most sets of one slot, and most combinations of the slots of a request, that are looked at. */
    static final int SETS_MAX = 20_000;
    /** Most distances that are looked up to gather sets one device after the other. */
    private static final long LOOKUPS_MAX = 20_000_000;

    private final SlotSplit split;
    private final DeviceUse use;
    private final Distances distances;
    private final Affinity affinity;
    private final List<int[]> sets = new ArrayList<>();

    DeviceSets(final SlotSplit split, final DeviceUse use, final Distances distances, final Affinity affinity)
    {
        this.split = split;
        this.use = use;
        this.distances = distances;
        this.affinity = affinity;
    }

    /** Sets in ascending order, as indices into the slot's devices; at least one if there is any. */
    List<int[]> sets()
    {
        final int[] usable = split.usable();
        if (combinations(usable.length, split.devices()) <= SETS_MAX)
        {
            combine(usable, new int[split.devices()], 0, 0);
        }
        else
        {
            nearOnes(usable);
            final int[] ample = split.ample();
            if (ample.length < usable.length || sets.isEmpty())
            {
                nearOnes(ample);
                split.windows().forEach(this::add);
            }
        }
        return sets;
    }

    private void nearOnes(final int[] usable)
    {
        final int count = split.devices();
        final long lookups = (long)usable.length * count;
        for (int i = 0; i < usable.length && usable.length >= count; i++)
        {
            if (Affinity.NEAREST == affinity)
            {
                add(grow(usable[i], usable, count));
            }
            if (lookups * (i + 1) <= LOOKUPS_MAX || 0 == i)
            {
                add(gather(i, usable, count));
            }
        }
    }

    private void add(final int[] set)
    {
        if (null != split.split(set))
        {
            sets.add(set);
        }
    }

    private static long combinations(final int from, final int count)
    {
        long combinations = 1;
        for (int i = 1; i <= count && combinations <= SETS_MAX; i++)
        {
            combinations = combinations * (from - count + i) / i;
        }
        return combinations;
    }

    private void combine(final int[] usable, final int[] set, final int depth, final int from)
    {
        if (depth == set.length)
        {
            add(set.clone());
            return;
        }
        for (int i = from; i <= usable.length - (set.length - depth); i++)
        {
            set[depth] = usable[i];
            combine(usable, set, depth + 1, i + 1);
        }
    }

    /** The nearest to a seed: in a metric their sum of distances is at most twice the least (star argument). */
    private int[] grow(final int seed, final int[] usable, final int count)
    {
        return Arrays.stream(usable)
            .boxed()
            .sorted((one, other) -> Long.compare(key(seed, one), key(seed, other)))
            .limit(count)
            .mapToInt(Integer::intValue)
            .sorted()
            .toArray();
    }

    private long key(final int seed, final int device)
    {
        return seed == device ? -1 : distances.devices(use.ids()[seed], use.ids()[device]);
    }

    /**
     * Always the one on the node that is asked for, and of those the one with the least sum of distances to all before
     * it: fills whole nodes, which a star does not.
     */
    private int[] gather(final int first, final int[] usable, final int count)
    {
        final long[] sums = new long[usable.length];
        final boolean[] taken = new boolean[usable.length];
        final int[] takenOf = new int[distances.nodes()];
        final int[] freeOf = new int[distances.nodes()];
        Arrays.stream(usable).map(this::nodeOf).filter(node -> node >= 0).forEach(node -> freeOf[node]++);
        final int[] set = new int[count];
        int next = first;
        for (int size = 0; size < count; size++)
        {
            taken[next] = true;
            set[size] = usable[next];
            final int last = next;
            if (nodeOf(usable[last]) >= 0)
            {
                takenOf[nodeOf(usable[last])]++;
                freeOf[nodeOf(usable[last])]--;
            }
            next = -1;
            long least = Long.MAX_VALUE;
            for (int i = 0; i < usable.length; i++)
            {
                if (!taken[i])
                {
                    sums[i] += distances.devices(use.ids()[usable[last]], use.ids()[usable[i]]);
                    final long rank = rank(nodeOf(usable[i]), takenOf, freeOf, count - size - 1);
                    if (next < 0 || rank < least || rank == least && sums[i] < sums[next])
                    {
                        next = i;
                        least = rank;
                    }
                }
            }
        }
        Arrays.sort(set);
        return set;
    }

    private int nodeOf(final int device)
    {
        return distances.nodeOf(use.ids()[device]);
    }

    /**
     * What speaks against one more device of a node, before distance: with interleaved, how many it gives already; for
     * the fewest nodes, that it gives none yet, and then that it has not as many as are wanted still.
     */
    private long rank(final int node, final int[] takenOf, final int[] freeOf, final int left)
    {
        return switch (affinity)
        {
            case NEAREST -> 0;
            case INTERLEAVED -> node < 0 ? -1 : takenOf[node];
            case PREFER_SINGLE_NODE -> node < 0 || takenOf[node] > 0 ? -1 : Math.max(0, left - freeOf[node]);
        };
    }
}
