package io.plimsoll.agent.allocation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Looks for the best devices for all slots of a request, with the cores and memory that they bring along. All
 * combinations are looked at as long as there are not too many; beyond, the slots are settled one after the other.
 */
final class PlacementSearch
{
    private static final int KEYS = 6;

    private final Distances distances;
    private final AllocationOptions options;
    private final NodeSearch nodes;
    private final List<SlotSplit> splits = new ArrayList<>();
    private final List<DeviceUse> uses = new ArrayList<>();
    private final List<List<int[]>> sets = new ArrayList<>();
    private final List<int[]> chosen = new ArrayList<>();
    private final Map<String, Long> dealtCosts = new HashMap<>();
    private final int[] given;
    private List<int[]> best;
    private long[] bestKey;

    /**
     * A search without a wish yet.
     *
     * @param distances of the host.
     * @param options   how to choose.
     * @param nodes     for cores and memory.
     * @param given     devices that are not to be chosen any more, and near which the rest is to be.
     */
    PlacementSearch(
        final Distances distances, final AllocationOptions options, final NodeSearch nodes, final int[] given)
    {
        this.given = given;
        this.distances = distances;
        this.options = options;
        this.nodes = nodes;
    }

    /**
     * Adds a slot.
     *
     * @throws AllocationException if there is not as much.
     */
    void add(final DeviceUse use, final long wanted) throws AllocationException
    {
        final SlotSplit split = new SlotSplit(options, use, wanted, use.ofWhole() ? whole(use) : 0);
        splits.add(split);
        uses.add(use);
        sets.add(new DeviceSets(split, use, distances, options.affinity()).sets());
    }

    /** How many of its devices the slots before have whole. */
    private int whole(final DeviceUse use)
    {
        int whole = 0;
        for (int i = 0; i < uses.size(); i++)
        {
            whole += Arrays.equals(uses.get(i).ids(), use.ids()) ? splits.get(i).devices() : 0;
        }
        return whole;
    }

    /**
     * Best of all.
     *
     * @throws AllocationException if two slots are had of the same devices, and there are not enough for both.
     */
    Placement best() throws AllocationException
    {
        long combinations = 1;
        for (final List<int[]> ofSlot : sets)
        {
            combinations = Math.min(DeviceSets.SETS_MAX + 1L, combinations * ofSlot.size());
        }
        if (combinations <= DeviceSets.SETS_MAX)
        {
            search(sets.size());
        }
        else
        {
            for (int slots = 1; slots <= sets.size(); slots++)
            {
                bestKey = null;
                search(slots);
                sets.set(slots - 1, null == bestKey ? List.of() : List.of(best.get(slots - 1)));
            }
        }
        if (null == bestKey)
        {
            final DeviceUse last = uses.get(uses.size() - 1);
            throw new AllocationException(
                AllocationException.Kind.INSUFFICIENT,
                last.slot() + ": not as much is free beside what else is wanted of the same devices");
        }
        return placement(best);
    }

    private void search(final int slots)
    {
        if (chosen.size() == slots)
        {
            final long[] key = key();
            if (null == bestKey || Arrays.compare(key, bestKey) < 0)
            {
                bestKey = key;
                best = List.copyOf(chosen);
            }
            return;
        }
        for (final int[] set : sets.get(chosen.size()))
        {
            if (!isChosen(set))
            {
                chosen.add(set);
                search(slots);
                chosen.remove(chosen.size() - 1);
            }
        }
    }

    /** Whether a slot before has one of these devices, of which this one has shares. */
    private boolean isChosen(final int[] set)
    {
        final DeviceUse use = uses.get(chosen.size());
        if (use.ofWhole())
        {
            for (int i = 0; i < chosen.size(); i++)
            {
                final int[] ids = uses.get(i).ids();
                for (final int other : chosen.get(i))
                {
                    if (Arrays.stream(set).anyMatch(one -> use.ids()[one] == ids[other]))
                    {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** Place asked for, evenness, distance, the split's preference, leftovers of devices and of nodes. */
    private long[] key()
    {
        final int[] devices = devices(chosen);
        final int[] perNode = perNode(devices);
        final NodeChoice choice = nodes.near(perNode);
        final long[] key = new long[KEYS];
        key[0] = place(perNode, choice);
        key[2] = choice.cost() + distance(devices);
        for (int i = 0; i < chosen.size(); i++)
        {
            key[1] += splits.get(i).range(chosen.get(i));
            key[3] += splits.get(i).preference(chosen.get(i));
            key[4] += left(uses.get(i), chosen.get(i));
        }
        key[5] = nodes.left(choice);
        return key;
    }

    private int[] devices(final List<int[]> of)
    {
        return IntStream.concat(
            IntStream.range(0, of.size())
                .flatMap(i -> Arrays.stream(of.get(i)).map(device -> uses.get(i).ids()[device])),
            Arrays.stream(given)).toArray();
    }

    private int[] perNode(final int[] devices)
    {
        final int[] perNode = new int[nodes.nodes()];
        for (final int device : devices)
        {
            if (distances.nodeOf(device) >= 0)
            {
                perNode[distances.nodeOf(device)]++;
            }
        }
        return perNode;
    }

    private long place(final int[] perNode, final NodeChoice choice)
    {
        long place = 0;
        for (int node = 0; node < perNode.length; node++)
        {
            place += switch (options.affinity())
            {
                case NEAREST -> 0;
                case PREFER_SINGLE_NODE -> perNode[node] > 0 || choice.isOn(node) ? 1 : 0;
                case INTERLEAVED -> (long)perNode[node] * perNode[node];
            };
        }
        return place;
    }

    /** Cores that are devices are dealt to the others as cores of nodes are. */
    private long distance(final int[] devices)
    {
        for (int i = 0; i < chosen.size(); i++)
        {
            if (ResourceRequest.CPU.equals(uses.get(i).slot()) && devices.length > chosen.get(i).length)
            {
                final DeviceUse cores = uses.get(i);
                final int[] ofCores = Arrays.stream(chosen.get(i)).map(core -> cores.ids()[core]).toArray();
                final int[] others = Arrays.stream(devices)
                    .filter(device -> Arrays.stream(ofCores).noneMatch(core -> core == device)).toArray();
                final int[] perNode = perNode(others);
                if (others.length == Arrays.stream(perNode).sum() &&
                    Arrays.stream(ofCores).allMatch(core -> distances.nodeOf(core) >= 0))
                {
                    return between(others) + dealt(perNode, ofCores, splits.get(i).split(chosen.get(i)));
                }
            }
        }
        return between(devices);
    }

    private long dealt(final int[] perNode, final int[] ofCores, final long[] parts)
    {
        final long[] cores = new long[nodes.nodes()];
        for (int i = 0; i < ofCores.length; i++)
        {
            cores[distances.nodeOf(ofCores[i])] += parts[i];
        }
        return dealtCosts.computeIfAbsent(Arrays.toString(perNode) + Arrays.toString(cores), key -> new NodeSearch(
            distances, Affinity.NEAREST, Arrays.stream(cores).sum(), 0, cores, new long[cores.length], cores)
            .near(perNode).cost());
    }

    private long between(final int[] devices)
    {
        long between = 0;
        for (int i = 0; i < devices.length; i++)
        {
            between += distances.toNic(devices[i]);
            for (int j = 0; j < i; j++)
            {
                between += distances.devices(devices[i], devices[j]);
            }
        }
        return between;
    }

    /** What is left of the slot near devices that it takes: it counts more the nearer it is. */
    private long left(final DeviceUse use, final int[] set)
    {
        long left = 0;
        for (int i = 0; i < use.ids().length; i++)
        {
            final int device = i;
            if (use.freeMillis()[i] > 0 && Arrays.stream(set).noneMatch(one -> one == device))
            {
                long nearest = Long.MAX_VALUE;
                for (final int one : set)
                {
                    nearest = Math.min(nearest, distances.devices(use.ids()[i], use.ids()[one]));
                }
                left += use.freeMillis()[i] * Distances.UNIT / Math.max(1, nearest);
            }
        }
        return left;
    }

    private Placement placement(final List<int[]> of)
    {
        final int[] devices = devices(of);
        final LongStream.Builder parts = LongStream.builder();
        for (int i = 0; i < of.size(); i++)
        {
            Arrays.stream(splits.get(i).split(of.get(i))).forEach(parts::add);
        }
        return new Placement(
            Arrays.copyOf(devices, devices.length - given.length),
            parts.build().toArray(),
            nodes.near(perNode(devices)));
    }
}
