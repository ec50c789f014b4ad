package io.plimsoll.agent.allocation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Which sets of devices are looked at: all if there are not too many, else each device with its nearest. */
final class DeviceSets
{
    /** Most sets of one slot, and most combinations of the slots of a request, that are looked at. */
    static final int SETS_MAX = 20_000;

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
            for (final int seed : usable)
            {
                final int[] set = grow(seed, usable, split.devices(), use, distances);
                if (null != split.split(set))
                {
                    sets.add(set);
                }
            }
        }
        return sets;
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

    private static long key(final int seed, final int device, final DeviceUse use, final Distances distances)
    {
        return seed == device ? -1 : distances.devices(use.ids()[seed], use.ids()[device]);
    }
}
