package io.plimsoll.agent.allocation;

import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.agent.kernel.SlotGrant;
import io.plimsoll.agent.topology.HostDevice;
import io.plimsoll.agent.topology.HostTopology;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who sits where on this host. Device numbers of the scheduling core are names: each is mapped to a physical device
 * when it is first used, among idle ones so that the kernel's parts are near to each other, and keeps it until nobody
 * uses the number any more. An assignment is never refused: where more was offered than there is, cores are shared. Of
 * the agent's thread.
 */
public final class Seats
{
    private static final int NUMBERS_MAX = Long.SIZE;
    private static final int COUNTED_MAX = 1024;

    private final Allocator allocator;
    private final AllocationOptions options;
    private final Map<String, SortedMap<Integer, Mapping>> mappings = new HashMap<>();
    private final Map<KernelKey, Taken> taken = new HashMap<>();
    private final Set<String> out = new HashSet<>();

    /** A physical device that stands for a number. */
    private static final class Mapping
    {
        private final String device;
        private int users;

        Mapping(final String device)
        {
            this.device = device;
        }
    }

    private record Taken(Seat seat, Grant grant)
    {
    }

    /**
     * An empty host.
     *
     * @param host described.
     */
    public Seats(final HostTopology host)
    {
        this(host, Affinity.NEAREST);
    }

    /** The same with another place asked for. */
    public Seats(final HostTopology host, final Affinity placement)
    {
        options = AllocationOptions.DEFAULT.with(placement);
        allocator = new Allocator(host.with(host.devices().stream().map(HostDevice::whole).toList()));
    }

    /**
     * Seats a kernel; one that sits stays where it is.
     *
     * @param assignment of it.
     * @param here       processor that it is started from; negative: not known.
     * @return where it sits, until {@link #leave}.
     */
    public Seat take(final Assignment assignment, final int here)
    {
        final Taken before = taken.get(assignment.key());
        if (null != before)
        {
            return before.seat();
        }
        allocator.startFrom(here);
        final Map<SlotGrant, List<Integer>> numbers = numbers(assignment);
        final List<String> given = new ArrayList<>();
        final Map<String, Set<Integer>> missing = new LinkedHashMap<>();
        for (final SlotGrant slot : assignment.slots())
        {
            for (final int number : numbers.get(slot))
            {
                final Mapping mapping = of(slot.name()).get(number);
                if (null == mapping)
                {
                    missing.computeIfAbsent(pool(slot.name()), pool -> new HashSet<>()).add(number);
                }
                else if (!given.contains(mapping.device))
                {
                    given.add(mapping.device);
                }
            }
        }
        final Grant grant = choose(assignment, idle(missing), given);
        map(numbers, grant);
        return sit(assignment, numbers, new Grant(
            Map.of(), grant.cpus(), grant.cpuMillis(), grant.memory(), grant.memoryNodes()));
    }

    /** Puts a kernel where it is known to sit already. */
    public void claim(final Assignment assignment, final Seat seat)
    {
        seat.devices().forEach((slot, devices) -> devices.forEach((number, device) ->
        {
            if (!of(slot).containsKey(number) && isIdle(slot, device))
            {
                allocator.claim(whole(device));
                of(slot).put(number, new Mapping(device));
            }
        }));
        final int[] nodes = seat.memoryNodes().stream().toArray();
        final long[] weights = new long[nodes.length];
        Arrays.fill(weights, 1);
        final long[] parts = NodeSearch.dealt(0 == nodes.length ? 0 : assignment.memoryBytes(), weights);
        final Map<Integer, Long> memory = new TreeMap<>();
        for (int i = 0; i < nodes.length; i++)
        {
            memory.put(nodes[i], parts[i]);
        }
        final Grant grant = new Grant(Map.of(), seat.cpus(), assignment.cpuMillis(), memory, seat.memoryNodes());
        allocator.claim(grant);
        final Map<SlotGrant, List<Integer>> numbers = new LinkedHashMap<>();
        assignment.slots().forEach(slot -> numbers.put(slot, isCounted(slot) ?
            List.copyOf(seat.devices().getOrDefault(slot.name(), new TreeMap<>()).keySet()) : numbers(slot)));
        sit(assignment, numbers, grant);
    }

    /** The kernel is gone. */
    public void leave(final KernelKey key)
    {
        final Taken was = taken.remove(key);
        if (null == was)
        {
            return;
        }
        allocator.release(was.grant());
        was.seat().devices().forEach((slot, devices) -> devices.keySet().forEach(number ->
        {
            final Mapping mapping = of(slot).get(number);
            if (0 == --mapping.users)
            {
                if (!out.contains(mapping.device))
                {
                    allocator.release(whole(mapping.device));
                }
                of(slot).remove(number);
            }
        }));
    }

    /**
     * Gives a device to nobody any more; who has it keeps it.
     *
     * @param id of it, or of the one that it is a slice of.
     */
    public void takeOut(final String id)
    {
        for (final HostDevice device : allocator.host().devices())
        {
            final boolean isIt = device.id().equals(id) || device.details().parent().equals(id);
            if (isIt && out.add(device.id()) && allocator.freeMillis(device.id()) > 0)
            {
                allocator.claim(whole(device.id()));
            }
        }
    }

    private SortedMap<Integer, Mapping> of(final String slot)
    {
        return mappings.computeIfAbsent(pool(slot), name -> new TreeMap<>());
    }

    /** Shares are shares of whole devices, and numbered alike. */
    private String pool(final String slot)
    {
        return hasDevices(slot) || !slot.endsWith(HostDevice.SHARES) ?
            slot : slot.substring(0, slot.length() - HostDevice.SHARES.length()) + HostDevice.DEVICES;
    }

    private boolean hasDevices(final String slot)
    {
        return allocator.host().devices().stream().anyMatch(device -> device.slot().equals(slot));
    }

    /**
     * Numbers of devices that a kernel is granted. Slots that the scheduling core only counts, such as slices of a GPU,
     * have none of its: they get the lowest that nobody has.
     */
    private Map<SlotGrant, List<Integer>> numbers(final Assignment assignment)
    {
        final Map<SlotGrant, List<Integer>> numbers = new LinkedHashMap<>();
        for (final SlotGrant slot : assignment.slots())
        {
            final List<Integer> own = new ArrayList<>();
            for (int number = 0; isCounted(slot) && own.size() < Math.min(slot.amount(), COUNTED_MAX); number++)
            {
                if (!of(slot.name()).containsKey(number))
                {
                    own.add(number);
                }
            }
            numbers.put(slot, isCounted(slot) ? own : numbers(slot));
        }
        return numbers;
    }

    private boolean isCounted(final SlotGrant slot)
    {
        return !slot.device() && 0 == slot.devices() && hasDevices(slot.name());
    }

    private static List<Integer> numbers(final SlotGrant slot)
    {
        final List<Integer> numbers = new ArrayList<>();
        for (int number = 0; number < NUMBERS_MAX; number++)
        {
            if (0 != (slot.devices() & 1L << number))
            {
                numbers.add(number);
            }
        }
        return numbers;
    }

    /** As many of them as there are idle devices: a number beyond stands for none. */
    private Map<String, Integer> idle(final Map<String, Set<Integer>> missing)
    {
        final Map<String, Integer> idle = new LinkedHashMap<>();
        missing.forEach((slot, numbers) ->
        {
            final long devices = allocator.host().devices().stream().filter(one -> isIdle(slot, one.id())).count();
            if (devices > 0)
            {
                idle.put(slot, (int)Math.min(numbers.size(), devices));
            }
        });
        return idle;
    }

    private boolean isIdle(final String slot, final String id)
    {
        return isOf(slot, id) && allocator.freeMillis(id) > 0;
    }

    private static Grant whole(final String id)
    {
        return new Grant(Map.of(id, HostDevice.MILLIS), new BitSet(), 0, Map.of(), new BitSet());
    }

    private Grant choose(final Assignment assignment, final Map<String, Integer> devices, final List<String> given)
    {
        final long cpuMillis = assignment.cpuMillis();
        final long memory = assignment.memoryBytes();
        for (final long[] wanted : new long[][]{{cpuMillis, memory}, {cpuMillis, 0}, {0, memory}, {0, 0}})
        {
            final Map<String, Long> amounts = new LinkedHashMap<>();
            devices.forEach((slot, count) -> amounts.put(slot, count * HostDevice.MILLIS));
            amounts.put(ResourceRequest.CPU, wanted[0]);
            amounts.put(ResourceRequest.MEM, wanted[1]);
            try
            {
                final Grant grant =
                    allocator.allocate(new ResourceRequest("", amounts), options, given);
                return wanted[0] == cpuMillis ? grant : shared(grant, cpuMillis);
            }
            catch (final AllocationException e)
            {
                // The next one wants less.
                continue;
            }
        }
        return shared(new Grant(Map.of(), new BitSet(), 0, Map.of(), new BitSet()), cpuMillis);
    }

    /** There are not as many idle cores as were offered: those that are used least. */
    private Grant shared(final Grant grant, final long cpuMillis)
    {
        final BitSet cpus = allocator.leastUsed((int)Math.min(
            Integer.MAX_VALUE, (cpuMillis + HostDevice.MILLIS - 1) / HostDevice.MILLIS));
        allocator.claim(new Grant(Map.of(), cpus, cpuMillis, Map.of(), new BitSet()));
        return new Grant(grant.devices(), cpus, cpuMillis, grant.memory(), grant.memoryNodes());
    }

    private void map(final Map<SlotGrant, List<Integer>> numbers, final Grant grant)
    {
        final List<String> chosen = new ArrayList<>(grant.devices().keySet());
        for (final SlotGrant slot : numbers.keySet())
        {
            for (final int number : numbers.get(slot))
            {
                if (!of(slot.name()).containsKey(number))
                {
                    final String device = chosen.stream().filter(id -> isOf(slot.name(), id)).findFirst().orElse(null);
                    if (null != device)
                    {
                        chosen.remove(device);
                        of(slot.name()).put(number, new Mapping(device));
                    }
                }
            }
        }
    }

    private boolean isOf(final String slot, final String id)
    {
        return allocator.host().devices().stream()
            .anyMatch(one -> one.id().equals(id) && one.slot().equals(pool(slot)));
    }

    private Seat sit(final Assignment assignment, final Map<SlotGrant, List<Integer>> numbers, final Grant grant)
    {
        final Map<String, SortedMap<Integer, String>> devices = new LinkedHashMap<>();
        for (final SlotGrant slot : assignment.slots())
        {
            if (hasDevices(pool(slot.name())))
            {
                devices.put(slot.name(), new TreeMap<>());
            }
            for (final int number : numbers.get(slot))
            {
                final Mapping mapping = of(slot.name()).get(number);
                if (null != mapping)
                {
                    mapping.users++;
                    devices.get(slot.name()).put(number, mapping.device);
                }
            }
        }
        final Seat seat = new Seat(grant.cpus(), grant.memoryNodes(), devices);
        taken.put(assignment.key(), new Taken(seat, grant));
        return seat;
    }
}
