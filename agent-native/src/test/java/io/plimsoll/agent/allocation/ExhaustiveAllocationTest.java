package io.plimsoll.agent.allocation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.topology.DeviceLink;
import io.plimsoll.agent.topology.HostDevice;
import io.plimsoll.agent.topology.HostTopology;
import io.plimsoll.agent.topology.Nic;
import io.plimsoll.agent.topology.NumaNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On small hosts what is chosen is held against everything that could be. */
class ExhaustiveAllocationTest
{
    private static final long GIB = 1L << 30;
    private static final int HOSTS = 300;

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void shouldChooseLeastDistance(final int nodes)
    {
        for (int seed = 0; seed < HOSTS; seed++)
        {
            final Random random = new Random(seed * 31L + nodes);
            final HostTopology host = host(random, nodes);
            final Allocator allocator = new Allocator(host);
            final Oracle oracle = new Oracle(host);
            for (int i = 0; i < 5; i++)
            {
                final int devices = random.nextInt(4);
                final int cores = random.nextInt(5);
                final int memory = 12 * random.nextInt(2);
                if (devices + cores + memory > 0)
                {
                    final String text = "seed " + seed + ": x=" + devices + ",cpu=" + cores + ",mem=" + memory + "g";
                    serve(allocator, oracle, devices, cores, memory, text);
                }
            }
        }
    }

    /** On as few nodes as can be, and among those at the least distance. */
    @Test
    void shouldTakeFewestNodesAndOfThoseTheNearest() throws AllocationException
    {
        final AllocationOptions options = AllocationOptions.DEFAULT.with(Affinity.PREFER_SINGLE_NODE);
        for (int seed = 0; seed < HOSTS; seed++)
        {
            final Random random = new Random(seed * 37L);
            final HostTopology host = host(random, 4);
            final int devices = random.nextInt(4);
            final int cores = random.nextInt(5);
            final int memory = 12 * (1 + random.nextInt(2));
            final String text = "x=" + devices + ",cpu=" + cores + ",mem=" + memory + "g";
            int fewest = Integer.MAX_VALUE;
            double least = Double.POSITIVE_INFINITY;
            for (int set = 0; set < 16; set++)
            {
                final double within = new Oracle(host, set).least(devices, cores, memory);
                if (!Double.isInfinite(within) && Integer.bitCount(set) <= fewest)
                {
                    least = Integer.bitCount(set) < fewest ? within : Math.min(least, within);
                    fewest = Integer.bitCount(set);
                }
            }
            if (!Double.isInfinite(least))
            {
                final Grant grant = new Allocator(host).allocate(ResourceRequest.parse(text), options);
                final Oracle oracle = new Oracle(host);
                assertEquals(fewest, oracle.nodes(grant), "seed " + seed + ": " + text + " got " + grant);
                assertEquals(least, oracle.take(grant), 3.0, "seed " + seed + ": " + text + " got " + grant);
            }
        }
    }

    private static void serve(
        final Allocator allocator,
        final Oracle oracle,
        final int devices,
        final int cores,
        final int memory,
        final String text)
    {
        final ResourceRequest request = ResourceRequest.parse(text.substring(text.indexOf(": ") + 2));
        final double least = oracle.least(devices, cores, memory);
        if (Double.isInfinite(least))
        {
            assertThrows(
                AllocationException.class, () -> allocator.allocate(request, AllocationOptions.DEFAULT), text);
            return;
        }
        try
        {
            final Grant grant = allocator.allocate(request, AllocationOptions.DEFAULT);
            assertEquals(devices, grant.devices().size(), text);
            assertEquals(cores, grant.cpus().cardinality(), text);
            assertEquals(memory * GIB, grant.memory().values().stream().mapToLong(Long::longValue).sum(), text);
            assertEquals(least, oracle.take(grant), 3.0, text + " got " + grant);
        }
        catch (final AllocationException e)
        {
            throw new AssertionError(text, e);
        }
    }

    private static HostTopology host(final Random random, final int nodes)
    {
        final List<NumaNode> numa = new ArrayList<>();
        int cpu = 0;
        for (int i = 0; i < nodes; i++)
        {
            final BitSet cpus = new BitSet();
            final int count = random.nextInt(5);
            cpus.set(cpu, cpu + count);
            cpu += count;
            numa.add(new NumaNode(i, cpus, random.nextInt(17) * GIB));
        }
        final int near = 11 + random.nextInt(5);
        final int far = 16 + random.nextInt(20);
        final int[][] distances = new int[nodes][nodes];
        for (int i = 0; i < nodes; i++)
        {
            for (int j = 0; j < nodes; j++)
            {
                distances[i][j] = i == j ? 10 : i / 2 == j / 2 ? near : far;
            }
        }
        final List<HostDevice> devices = new ArrayList<>();
        for (int i = 0; i < 5; i++)
        {
            final int node = random.nextInt(nodes);
            final List<String> path = random.nextBoolean() ?
                List.of() : List.of("root" + node, "switch" + node + random.nextInt(2));
            devices.add(Hosts.device("d" + i, node, path));
        }
        final List<DeviceLink> links = random.nextBoolean() ? List.of() : List.of(new DeviceLink("d0", "d3", 1));
        final List<Nic> nics = random.nextBoolean() ? List.of() : List.of(new Nic("eth0", 0, "", List.of("root0")));
        return Hosts.of(numa, distances, devices, nics, links);
    }

    @Test
    void shouldStayWithinTwiceTheLeastOnLargeHosts() throws AllocationException
    {
        // 48 devices, 12 wanted: far too many sets to look at all of them. Two racks of devices on a line of nodes.
        final List<NumaNode> numa = new ArrayList<>();
        final List<HostDevice> devices = new ArrayList<>();
        final int nodes = 16;
        final int[][] distances = new int[nodes][nodes];
        for (int i = 0; i < nodes; i++)
        {
            numa.add(new NumaNode(i, new BitSet(), GIB));
            for (int j = 0; j < nodes; j++)
            {
                distances[i][j] = 10 + 5 * Math.abs(i - j);
            }
            for (int j = 0; j < 3; j++)
            {
                devices.add(Hosts.device("d" + i + "-" + j, i, List.of()));
            }
        }
        final HostTopology host = Hosts.of(numa, distances, devices, List.of(), List.of());
        final Grant grant = new Allocator(host).allocate(ResourceRequest.parse("x=12"), AllocationOptions.DEFAULT);
        final Oracle oracle = new Oracle(host);
        // Four neighbours are best.
        final List<String> best = devices.subList(0, 12).stream().map(HostDevice::id).toList();
        final double least = oracle.between(best);
        assertEquals(12, grant.devices().size());
        final double chosen = oracle.between(List.copyOf(grant.devices().keySet()));
        assertTrue(chosen >= least && chosen <= 2 * least, chosen + " of " + least);
    }

    @Test
    void shouldFillWholeNodesOfLargeHosts() throws AllocationException
    {
        // All nodes are as far from each other, so nothing but the number of nodes counts; names go across.
        final List<NumaNode> numa = new ArrayList<>();
        final List<HostDevice> devices = new ArrayList<>();
        final int nodes = 64;
        final int[][] distances = new int[nodes][nodes];
        for (int i = 0; i < nodes; i++)
        {
            numa.add(new NumaNode(i, new BitSet(), GIB));
            Arrays.fill(distances[i], 20);
            distances[i][i] = 10;
        }
        for (int i = 0; i < 4 * nodes; i++)
        {
            devices.add(Hosts.device("d" + i, i % nodes, List.of()));
        }
        final Grant grant = new Allocator(Hosts.of(numa, distances, devices, List.of(), List.of()))
            .allocate(ResourceRequest.parse("x=100"), AllocationOptions.DEFAULT);
        assertEquals(100, grant.devices().size());
        assertEquals(25, devices.stream().filter(device -> grant.devices().containsKey(device.id()))
            .mapToInt(HostDevice::numa).distinct().count());
    }

    /** Counts as the documentation says, and tries everything. */
    private static final class Oracle
    {
        private final HostTopology host;
        private final Distances distances;
        private final BitSet freeDevices = new BitSet();
        private final long[] cores;
        private final long[] memory;

        Oracle(final HostTopology host)
        {
            this.host = host;
            distances = new Distances(host);
            freeDevices.set(0, host.devices().size());
            cores = host.numa().stream().mapToLong(node -> node.cpus().cardinality()).toArray();
            memory = host.numa().stream().mapToLong(node -> node.memoryBytes() / GIB).toArray();
        }

        /** As if there were no other nodes than those of a set. */
        Oracle(final HostTopology host, final int set)
        {
            this(host);
            for (int i = 0; i < cores.length; i++)
            {
                if (0 == (set & 1 << i))
                {
                    cores[i] = 0;
                    memory[i] = 0;
                }
            }
            freeDevices.stream().filter(device -> 0 == (set & 1 << host.devices().get(device).numa()))
                .boxed().toList().forEach(freeDevices::clear);
        }

        /** How many it touches. */
        long nodes(final Grant grant)
        {
            return host.numa().stream().filter(node -> node.cpus().intersects(grant.cpus()) ||
                grant.memory().getOrDefault(node.id(), 0L) > 0 || grant.devices().keySet().stream()
                .anyMatch(id -> host.devices().get(index(id)).numa() == node.id())).count();
        }

        double between(final List<String> ids)
        {
            final int[] set = ids.stream().mapToInt(this::index).toArray();
            double sum = 0;
            for (int i = 0; i < set.length; i++)
            {
                sum += distances.toNic(set[i]);
                for (int j = 0; j < i; j++)
                {
                    sum += distances.devices(set[i], set[j]);
                }
            }
            return sum;
        }

        private int index(final String id)
        {
            return host.devices().stream().map(HostDevice::id).toList().indexOf(id);
        }

        double least(final int wanted, final int coresWanted, final int memoryWanted)
        {
            double least = Double.POSITIVE_INFINITY;
            for (int set = 0; set < 1 << host.devices().size(); set++)
            {
                final BitSet devices = BitSet.valueOf(new long[]{set});
                final BitSet taken = (BitSet)devices.clone();
                taken.andNot(freeDevices);
                if (devices.cardinality() == wanted && taken.isEmpty())
                {
                    least = Math.min(least, least(devices, coresWanted, memoryWanted));
                }
            }
            return least;
        }

        private double least(final BitSet set, final int coresWanted, final int memoryWanted)
        {
            final List<String> ids = set.stream().mapToObj(i -> host.devices().get(i).id()).toList();
            double least = Double.POSITIVE_INFINITY;
            if (Arrays.stream(memory).sum() >= memoryWanted)
            {
                for (final long[] taken : distributions(coresWanted, cores))
                {
                    least = Math.min(least, between(ids) + cost(weights(ids), taken, memoryWanted, memory));
                }
            }
            return least;
        }

        private long[] weights(final List<String> ids)
        {
            final long[] weights = new long[host.numa().size()];
            ids.forEach(id -> weights[host.devices().get(index(id)).numa()]++);
            return weights;
        }

        private double cost(final long[] devices, final long[] taken, final long wanted, final long[] from)
        {
            final long count = Arrays.stream(devices).sum();
            final long coreCount = Arrays.stream(taken).sum();
            double cost = 0;
            if (coreCount > 0)
            {
                cost += count > 0 ? count * brought(devices, coreCount, taken) : mean(taken);
            }
            if (wanted > 0)
            {
                cost += count + coreCount == 0 ? center(wanted, from) :
                    Math.max(1, count) * brought(count > 0 ? devices : taken, wanted, from);
            }
            return cost;
        }

        private double mean(final long[] taken)
        {
            final double count = Arrays.stream(taken).sum();
            double sum = 0;
            for (int i = 0; i < taken.length; i++)
            {
                for (int j = 0; j < taken.length; j++)
                {
                    sum += taken[i] * taken[j] * distances.nodes(i, j);
                }
            }
            return sum / count / count;
        }

        /** Around any node that has some. */
        private double center(final long wanted, final long[] from)
        {
            double least = Double.POSITIVE_INFINITY;
            for (int seed = 0; seed < from.length; seed++)
            {
                final long[] at = new long[from.length];
                at[seed] = 1;
                least = from[seed] > 0 ? Math.min(least, brought(at, wanted, from)) : least;
            }
            return least;
        }

        private double brought(final long[] weights, final long amount, final long[] from)
        {
            final long[][] brought =
                new Transport(from.length, distances).solve(NodeSearch.dealt(amount, weights), from);
            double sum = 0;
            for (int i = 0; i < from.length; i++)
            {
                for (int j = 0; j < from.length; j++)
                {
                    sum += brought[i][j] * distances.nodes(i, j);
                }
            }
            return sum / amount;
        }

        private List<long[]> distributions(final long wanted, final long[] free)
        {
            final List<long[]> all = new ArrayList<>();
            distribute(wanted, free, new long[free.length], 0, all);
            return all;
        }

        private void distribute(
            final long left, final long[] free, final long[] taken, final int node, final List<long[]> all)
        {
            if (node == free.length)
            {
                if (0 == left)
                {
                    all.add(taken.clone());
                }
                return;
            }
            for (long amount = 0; amount <= Math.min(left, free[node]); amount++)
            {
                taken[node] = amount;
                distribute(left - amount, free, taken, node + 1, all);
            }
            taken[node] = 0;
        }

        double take(final Grant grant)
        {
            final List<String> ids = List.copyOf(grant.devices().keySet());
            final long[] taken = new long[cores.length];
            final long[] bytes = new long[cores.length];
            for (int i = 0; i < cores.length; i++)
            {
                final BitSet here = (BitSet)grant.cpus().clone();
                here.and(host.numa().get(i).cpus());
                taken[i] = here.cardinality();
                bytes[i] = grant.memory().getOrDefault(i, 0L);
            }
            final long[] gibs = Arrays.stream(bytes).map(amount -> amount / GIB).toArray();
            final double cost =
                between(ids) + cost(weights(ids), taken, Arrays.stream(gibs).sum(), gibs);
            ids.forEach(id -> freeDevices.clear(index(id)));
            for (int i = 0; i < cores.length; i++)
            {
                cores[i] -= taken[i];
                memory[i] -= gibs[i];
            }
            return cost;
        }
    }
}
