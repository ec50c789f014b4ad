package io.plimsoll.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/** The words of {@link TopologySelection} in lists and maps. */
final class PlainTopology
{
    private static final class Place
    {
        private final int agent;
        private final String block;
        private final String rack;
        private int room;

        Place(final int agent, final String block, final String rack, final int room)
        {
            this.agent = agent;
            this.block = block;
            this.rack = block + "/" + rack;
            this.room = room;
        }

        String block()
        {
            return block;
        }

        String rack()
        {
            return rack;
        }
    }

    private final List<Place> places = new ArrayList<>();
    private final List<Integer> chosen = new ArrayList<>();
    private final int kernels;

    PlainTopology(final int kernels)
    {
        this.kernels = kernels;
    }

    void add(final int agent, final int block, final int rack, final int room)
    {
        if (room > 0)
        {
            places.add(new Place(agent, "b" + block, "r" + rack, room));
        }
    }

    List<Integer> choose()
    {
        if (room(places) < kernels)
        {
            return List.of();
        }
        while (left() > 0)
        {
            final List<Place> rack = best(groups(places, true), this::needed);
            if (null != rack)
            {
                takeAgents(rack);
                continue;
            }
            final List<Place> block =
                best(groups(places, false), group -> needed(groups(group, true)));
            takeRacks(null == block ? fewestBlocks() : block);
        }
        return chosen;
    }

    private int left()
    {
        return kernels - chosen.size();
    }

    private static int room(final Collection<Place> group)
    {
        return group.stream().mapToInt(place -> place.room).sum();
    }

    private static int first(final Collection<Place> group)
    {
        return group.stream().mapToInt(place -> place.agent).min().orElse(0);
    }

    private static Collection<List<Place>> groups(final Collection<Place> all, final boolean byRack)
    {
        final Map<String, List<Place>> groups = all.stream().collect(
            Collectors.groupingBy(byRack ? Place::rack : Place::block, TreeMap::new, Collectors.toList()));
        return groups.values();
    }

    private int needed(final Collection<?> parts)
    {
        int room = 0;
        int needed = 0;
        final List<Integer> sizes = new ArrayList<>();
        for (final Object part : parts)
        {
            sizes.add(part instanceof Place place ? place.room : roomOf(part));
        }
        sizes.sort(Comparator.reverseOrder());
        while (room < left())
        {
            room += sizes.get(needed++);
        }
        return needed;
    }

    @SuppressWarnings("unchecked")
    private static int roomOf(final Object group)
    {
        return room((Collection<Place>)group);
    }

    private List<Place> best(final Collection<List<Place>> groups, final ToIntFunction<List<Place>> needed)
    {
        return groups.stream()
            .filter(group -> room(group) >= left())
            .min(Comparator.comparingInt(needed)
                .thenComparingInt(PlainTopology::room)
                .thenComparingInt(PlainTopology::first))
            .orElse(null);
    }

    private static List<Place> largest(final Collection<List<Place>> groups)
    {
        return groups.stream()
            .min(Comparator.<List<Place>>comparingInt(group -> -room(group)).thenComparingInt(PlainTopology::first))
            .orElseThrow();
    }

    /** All that is in the fewest blocks that have room for all that is left together, of these of the fewest racks. */
    private List<Place> fewestBlocks()
    {
        final List<List<Place>> blocks = new ArrayList<>(groups(places, false));
        blocks.sort(Comparator.<List<Place>>comparingInt(group -> -room(group)).thenComparingInt(PlainTopology::first));
        int size = 0;
        List<Place> best = List.of();
        while (best.isEmpty())
        {
            size++;
            best = fewestRacks(blocks, size, List.of());
        }
        return best;
    }

    /** Of all sets of so many blocks more that have room for all; empty if none has. */
    private List<Place> fewestRacks(final List<List<Place>> blocks, final int more, final List<Place> before)
    {
        if (0 == more)
        {
            return room(before) >= left() ? before : List.of();
        }
        List<Place> best = List.of();
        for (int i = 0; i < blocks.size(); i++)
        {
            final List<Place> with = new ArrayList<>(before);
            with.addAll(blocks.get(i));
            final List<Place> set = fewestRacks(blocks.subList(i + 1, blocks.size()), more - 1, with);
            if (!set.isEmpty() && (best.isEmpty() || needed(groups(set, true)) < needed(groups(best, true))))
            {
                best = set;
            }
        }
        return best;
    }

    private void takeRacks(final List<Place> blocks)
    {
        while (left() > 0)
        {
            final List<Place> rack = best(groups(blocks, true), this::needed);
            takeAgents(null == rack ? largest(groups(blocks, true)) : rack);
        }
    }

    private void takeAgents(final List<Place> rack)
    {
        while (left() > 0 && room(rack) > 0)
        {
            final Place tightest = rack.stream()
                .filter(place -> place.room >= left())
                .min(Comparator.<Place>comparingInt(place -> place.room).thenComparingInt(place -> place.agent))
                .orElse(null);
            final Place next = null != tightest ? tightest : rack.stream()
                .min(Comparator.<Place>comparingInt(place -> -place.room).thenComparingInt(place -> place.agent))
                .orElseThrow();
            for (int taken = Math.min(left(), next.room); taken > 0; taken--)
            {
                chosen.add(next.agent);
                next.room--;
            }
        }
    }
}
