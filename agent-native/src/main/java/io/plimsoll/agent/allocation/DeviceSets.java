package io.plimsoll.agent.allocation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which sets of devices are looked at: all if there are not too many, else each device with its nearest, and with those
 * that are nearest to all that came before them.
 */
final class DeviceSets
{
    /** Most sets of one slot, and most combinations of the slots of a request, that are looked at. */
    static final int SETS_MAX = 20_000;
    /** Most distances that are looked up to gather sets one device after the other. */
    private static final long LOOKUPS_MAX = 20_000_000;

    private DeviceSets()
    {
    }

    /** Sets in ascending order, as indices into the slot's devices. */
    static List<int[]> of(final SlotSplit split, final DeviceUse use, final Distances distances)
    {
        final int[] usable = split.usable();
        final List<int[]> sets = new ArrayList<>();
        if (combinations(usable.length, split.devices()) <= SETS_MAX)
        {
            combine(usable, new int[split.devices()], 0, 0, split, sets);
        }
        else
        {
            final long lookups = (long)usable.length * split.devices();
            for (int i = 0; i < usable.length; i++)
            {
                add(sets, split, grow(usable[i], usable, split.devices(), use, distances));
                if (lookups * (i + 1) <= LOOKUPS_MAX)
                {
                    add(sets, split, gather(i, usable, split.devices(), use, distances));
                }
            }
        }
        return sets;
    }

    private static void add(final List<int[]> sets, final SlotSplit split, final int[] set)
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

    private static void combine(
        final int[] usable, final int[] set, final int depth, final int from, final SlotSplit split,
        final List<int[]> sets)
    {
        if (depth == set.length)
        {
            if (null != split.split(set))
            {
                sets.add(set.clone());
            }
            return;
        }
        for (int i = from; i <= usable.length - (set.length - depth); i++)
        {
            set[depth] = usable[i];
            combine(usable, set, depth + 1, i + 1, split, sets);
        }
    }

    /** The nearest to a seed: in a metric their sum of distances is at most twice the least (star argument). */
    private static int[] grow(
        final int seed, final int[] usable, final int count, final DeviceUse use, final Distances distances)
    {
        return Arrays.stream(usable)
            .boxed()
            .sorted((one, other) -> Long.compare(key(seed, one, use, distances), key(seed, other, use, distances)))
            .limit(count)
            .mapToInt(Integer::intValue)
            .sorted()
            .toArray();
    }

    /** Always the one with the least sum of distances to all before it: fills whole nodes, which a star does not. */
    private static int[] gather(
        final int first, final int[] usable, final int count, final DeviceUse use, final Distances distances)
    {
        final long[] sums = new long[usable.length];
        final boolean[] taken = new boolean[usable.length];
        final int[] set = new int[count];
        int next = first;
        for (int size = 0; size < count; size++)
        {
            taken[next] = true;
            set[size] = usable[next];
            final int last = next;
            next = -1;
            for (int i = 0; i < usable.length; i++)
            {
                if (!taken[i])
                {
                    sums[i] += distances.devices(use.ids()[usable[last]], use.ids()[usable[i]]);
                    next = next < 0 || sums[i] < sums[next] ? i : next;
                }
            }
        }
        Arrays.sort(set);
        return set;
    }

    private static long key(final int seed, final int device, final DeviceUse use, final Distances distances)
    {
        return seed == device ? -1 : distances.devices(use.ids()[seed], use.ids()[device]);
    }
}
