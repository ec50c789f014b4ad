package io.plimsoll.agent.allocation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.runtime.CpuList;
import io.plimsoll.agent.topology.HostDevice;
import io.plimsoll.agent.topology.HostTopology;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Hosts of which parts are missing, half used or too many to look at all of them. */
class OddHostsTest
{
    private static final AllocationOptions FILL = AllocationOptions.DEFAULT;
    private static final AllocationOptions EVENLY = FILL.with(Split.EVENLY);
    private static final String SHORT = "InsufficientResource";

    /** The system refuses memory nodes that have none. */
    @Test
    void shouldNameMemoryNodesThatHaveSome() throws AllocationException
    {
        final HostTopology host = Hosts.host().node("0-3", "0").node("4-7", "64g").node("", "64g")
            .with("\"distances\":[[10,32,20],[32,10,20],[20,20,10]]").make();
        assertEquals("1-2", memoryNodes(host, "cpu=6", FILL.with(Affinity.INTERLEAVED)));
        assertEquals("1", memoryNodes(Hosts.host().node("0-1", "0").node("2-7", "64g").make(), "cpu=6", FILL));
        assertEquals("0", memoryNodes(Hosts.host().node("0-3", "0").node("4-7", "0").make(), "cpu=4", FILL));
    }

    private static String memoryNodes(
        final HostTopology host, final String request, final AllocationOptions options) throws AllocationException
    {
        return CpuList.format(new Allocator(host).allocate(ResourceRequest.parse(request), options).memoryNodes());
    }

    /** Beside a whole device, shares go where the others have some, on as many of them as it takes. */
    @Test
    void shouldGiveSharesOfWhatIsLeftBesideWholeDevices()
    {
        final Hosts hosts = Hosts.host().devices("cuda.device", "g", 1, 0, 0, 0);
        final Allocator host = hosts.idle();
        AllocationJson.read("[{\"granted\":{\"g0\":0.7,\"g1\":0.7}}]", host.host()).forEach(host::claim);
        assertEquals(
            List.of("g2=1 g0=0.3 g1=0.2", SHORT, "g1=0.1"),
            Hosts.serve(host, FILL, "cuda.shares=0.5,cuda.device=1", "cuda.shares=0.2", "cuda.shares=0.1"));
    }

    /** A GPU that is cut into slices is no whole one; others of its host are. */
    @Test
    void shouldGiveSlicesAndWholeGpusOfOneHost()
    {
        final String slice = ",\"unique\":true,\"parent\":\"g0\"";
        final Hosts hosts = Hosts.host().device("mig", "g0-0", 1, 0, slice).device("mig", "g0-1", 1, 0, slice)
            .device("cuda.device", "g1", 1, 0, "");
        assertEquals(
            List.of("g1=1", SHORT, "g0-0=1", "g0-1=1", SHORT),
            Hosts.serve(hosts.idle(), FILL, "cuda.device=1", "cuda.device=1", "mig=1", "mig=1", "mig=1"));
        final String both = assertThrows(
            IllegalArgumentException.class, hosts.device("cuda.device", "g0", 1, 0, "")::make).getMessage();
        assertTrue(both.startsWith("devices[0].parent: g0 is offered whole (cuda.device) beside its slice g0-0"), both);
    }

    @Test
    void shouldGiveWholeAmountsOfDevicesThatHaveMore()
    {
        final Hosts hosts = Hosts.host().devices("x", "a", 2.5, 0, 0);
        assertEquals(List.of("a0=2 a1=1", "a1=1", SHORT), Hosts.serve(hosts.idle(), FILL, "x=3", "x=1", "x=1"));
        assertEquals(List.of(SHORT, "a0=2 a1=2"), Hosts.serve(hosts.idle(), EVENLY, "x=5", "x=4"));
    }

    /** More nodes than cores that are wanted: those that are near to each other. */
    @Test
    void shouldTakeNearNodesInTurn()
    {
        final Hosts hosts = Hosts.host().node("0-1", "8g").node("2-3", "8g").node("4-5", "8g").node("6-7", "8g")
            .with("\"distances\":[[10,40,30,30],[40,10,30,30],[30,30,10,12],[30,30,12,10]]");
        final AllocationOptions options = FILL.with(Affinity.INTERLEAVED);
        assertEquals(
            List.of("cpus=4,6", "cpus=0,2,5,7", "cpus=1,3", SHORT),
            Hosts.serve(hosts.idle(), options, "cpu=2", "cpu=4", "cpu=2", "cpu=1"));
    }

    /** Not on a node where less is idle, but on the processor that is in use already. */
    @Test
    void shouldPutSharesOnTheFullestOfAllNodes()
    {
        final Hosts hosts = Hosts.host().node("0-7", "8g").node("8-9", "8g").devices("x", "a", 1, 0)
            .with("\"cores\":[{\"cpus\":\"0,4\"},{\"cpus\":\"1,5\"},{\"cpus\":\"2,6\"},{\"cpus\":\"3,7\"}]");
        assertEquals(
            List.of("a0=1 cpus=0", "cpus=0", "cpus=8", "cpus=8", "cpus=9", "cpus=4"),
            Hosts.serve(
                hosts.idle(), FILL, "x=1,cpu=0.5", "cpu=0.5", "cpu=0.5", "cpu=0.25", "cpu=1", "cpu=0.5"));
        final Allocator host = hosts.idle();
        AllocationJson.read("{\"cpus\":\"1,8-9\"}", host.host()).forEach(host::claim);
        assertEquals(List.of("cpus=5"), Hosts.serve(host, FILL, "cpu=0.5"), "beside a thread in use");
    }

    /** A core of which the host keeps a thread is no whole one. */
    @Test
    void shouldKeepThreadsTogetherBesideThoseThatAreReserved()
    {
        final Allocator host = Hosts.host().node("0-5", "8g").with("\"reserved\":{\"cpus\":\"0\"}")
            .with("\"cores\":[{\"cpus\":\"0-1\"},{\"cpus\":\"2-3\"},{\"cpus\":\"4-5\"}]").idle();
        assertEquals(List.of("cpus=2-3", "cpus=1", "cpus=4-5"), Hosts.serve(host, FILL, "cpu=2", "cpu=1", "cpu=2"));
    }

    /** The only devices that have enough may be far from each other. */
    @Test
    void shouldFindWhatIsLeftAmongManyDevices()
    {
        final Allocator host = many("cuda.shares");
        final String used = IntStream.range(0, 64).filter(i -> i % 30 != 2)
            .mapToObj(i -> "\"g" + i + "\":0.5").collect(Collectors.joining(","));
        AllocationJson.read("{\"granted\":{" + used + "}}", host.host()).forEach(host::claim);
        assertEquals(List.of("g2=1 g32=1 g62=1"), Hosts.serve(host, FILL, "cuda.shares=3"));
        assertEquals(
            List.of("FractionalResourceFragmented"),
            Hosts.serve(host, new AllocationOptions(Split.FILL, Affinity.NEAREST, false, 1), "cuda.shares=0.8"));
        assertEquals(List.of("g0=0.5 g1=0.5 g3=0.5 g4=0.5 g5=0.5"), Hosts.serve(host, EVENLY, "cuda.shares=2.5"));
    }

    @Test
    void shouldSpreadOrGatherManyDevicesAsAsked() throws AllocationException
    {
        final Allocator host = many("cuda.device");
        final Map<Integer, Long> spread = nodes(host, "cuda.device=11", Affinity.INTERLEAVED);
        assertEquals(8, spread.size());
        assertTrue(spread.values().stream().allMatch(count -> count < 3), spread::toString);
        // Now nodes have 6 or 7 left.
        assertEquals(2, nodes(host, "cuda.device=13", Affinity.PREFER_SINGLE_NODE).size());
    }

    private static Allocator many(final String slot)
    {
        final Hosts hosts = Hosts.host();
        IntStream.range(0, 8).forEach(node -> hosts.node("", "8g"));
        return hosts.devices(slot, "g", 1, IntStream.range(0, 64).map(i -> i / 8).toArray()).idle();
    }

    private static Map<Integer, Long> nodes(final Allocator host, final String request, final Affinity affinity)
        throws AllocationException
    {
        final Grant grant = host.allocate(ResourceRequest.parse(request), FILL.with(affinity));
        return host.host().devices().stream().filter(device -> grant.devices().containsKey(device.id()))
            .collect(Collectors.groupingBy(HostDevice::numa, Collectors.counting()));
    }
}
