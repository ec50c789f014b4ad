package io.plimsoll.agent.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.runtime.CpuList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SysfsTopologyTest
{
    private static final long KIBIBYTE = 1024;

    @TempDir(factory = InMemory.class)
    private Path root;

    @ParameterizedTest
    @EnumSource(CapturedTree.Links.class)
    void shouldTellWhatIsBehindWhichSwitch(final CapturedTree.Links links) throws IOException
    {
        final HostTopology host = host("two-sockets-eight-gpus", links);
        assertEquals(
            "cuda0@0 0000:19:00.0 [0000:16:02.0, 0000:17:00.0, 0000:18:00.0]\n" +
            "cuda1@0 0000:1a:00.0 [0000:16:02.0, 0000:17:00.0, 0000:18:01.0]\n" +
            "cuda2@0 0000:3b:00.0 [0000:38:02.0, 0000:39:00.0, 0000:3a:00.0]\n" +
            "cuda3@0 0000:3c:00.0 [0000:38:02.0, 0000:39:00.0, 0000:3a:01.0]\n" +
            "cuda4@1 0000:9a:00.0 [0000:97:02.0, 0000:98:00.0, 0000:99:00.0]\n" +
            "cuda5@1 0000:9b:00.0 [0000:97:02.0, 0000:98:00.0, 0000:99:01.0]\n" +
            "cuda6@1 0000:ba:00.0 [0000:b7:02.0, 0000:b8:00.0, 0000:b9:00.0]\n" +
            "cuda7@1 0000:bb:00.0 [0000:b7:02.0, 0000:b8:00.0, 0000:b9:01.0]",
            host.devices().stream()
                .map(device -> device.id() + '@' + device.numa() + ' ' + device.pci() + ' ' + device.path())
                .collect(Collectors.joining("\n")));
        assertEquals(
            "[ens1@0 0000:1b:00.0, ens2@0 0000:3d:00.0, ens3@1 0000:9c:00.0, ens4@1 0000:bc:00.0]",
            host.nics().stream().map(nic -> nic.name() + '@' + nic.numa() + ' ' + nic.pci()).toList().toString());
        assertEquals(host.devices().get(6).path().subList(0, 2), host.nics().get(3).path().subList(0, 2));
        assertEquals(
            "[root_port, switch_upstream, switch_downstream, switch_downstream, switch_downstream, device]",
            host.details().pci().stream().filter(one -> one.address().compareTo("0000:38") > 0).limit(6)
                .map(PciFunction::kind).toList().toString());
        assertEquals("pci0000:38", host.details().pci().stream()
            .filter(one -> "0000:3b:00.0".equals(one.address())).findFirst().orElseThrow().root());
    }

    @Test
    void shouldTellNodesAndDistances() throws IOException
    {
        final HostTopology host = host("two-sockets-eight-gpus", CapturedTree.Links.KEPT);
        assertEquals(List.of("0-15,32-47", "16-31,48-63"), host.numa().stream().map(NumaNode::cpuList).toList());
        assertEquals(528_451_564 * KIBIBYTE, host.numa().get(1).memoryBytes());
        assertEquals(21, host.distances()[0][1]);
        assertEquals(32, host.cores().size());
        assertEquals(CpuList.parse("0,32"), host.cores().get(0));
    }

    @Test
    void shouldKnowNodesWithoutMemoryOrProcessors() throws IOException
    {
        final HostTopology host = host("four-nodes-a-socket", CapturedTree.Links.KEPT);
        assertEquals(9, host.numa().size());
        assertEquals(0, host.numa().get(3).memoryBytes());
        assertEquals("12-15,44-47", host.numa().get(3).cpuList());
        assertEquals("", host.numa().get(8).cpuList());
        assertEquals(134_217_728 * KIBIBYTE, host.numa().get(8).memoryBytes());
        assertEquals(14, host.distances()[8][0]);
        assertEquals(
            List.of(6, 1), host.devices().stream().map(HostDevice::numa).toList(), "told by near processors only");
        assertEquals(host.numa().size(), TopologyReader.read(TopologyWriter.write(host)).numa().size());
    }

    @ParameterizedTest
    @EnumSource(CapturedTree.Links.class)
    void shouldMakeOneNodeWhereNothingIsToldOfThem(final CapturedTree.Links links) throws IOException
    {
        final HostTopology host = host("no-numa", links);
        assertEquals(1, host.numa().size());
        assertEquals("0-3", host.numa().get(0).cpuList());
        assertEquals(8_149_028 * KIBIBYTE, host.numa().get(0).memoryBytes());
        assertEquals(List.of(new HugePages(2048 * KIBIBYTE, 8, 8)), host.numa().get(0).hugePages());
        assertEquals(0, host.devices().get(0).numa());
        assertEquals("[eth0]", host.nics().stream().map(Nic::name).toList().toString());
        assertEquals("0000:00:05.0", host.nics().get(0).pci());
        assertEquals(10, host.distances()[0][0]);
    }

    @Test
    void shouldTellWhatIsSwitchedOff() throws IOException
    {
        final HostTopology host = host("one-socket", CapturedTree.Links.KEPT);
        assertEquals("0-2,4-6", host.numa().get(0).cpuList());
        assertEquals("3,7", CpuList.format(host.details().offline()));
        assertEquals(3, host.cores().size());
        assertEquals(List.of(new HugePages(2048 * KIBIBYTE, 512, 17)), host.numa().get(0).hugePages());
        assertEquals(
            List.of("1 data", "1 instruction", "2 unified", "3 unified"),
            host.details().caches().stream().map(cache -> cache.level() + " " + cache.kind()).distinct().toList());
    }

    @Test
    void shouldReadTheSameWhereverTheRootIs() throws IOException
    {
        final String whole = TopologyWriter.write(host("no-numa", CapturedTree.Links.KEPT));
        assertEquals(whole, TopologyWriter.write(SysfsTopology.read(root.resolve("sys"), HostLimits.NONE)));
    }

    @Test
    void shouldTakeMemoryFromItsBlocksWithoutProc() throws IOException
    {
        CapturedTree.unpack("no-numa", root, CapturedTree.Links.KEPT);
        Files.delete(root.resolve("proc/meminfo"));
        final HostTopology unknown = SysfsTopology.read(root, HostLimits.NONE);
        assertEquals(0, unknown.numa().get(0).memoryBytes());
        assertTrue(unknown.details().notes().get(0).contains("meminfo"), unknown.details().notes().toString());
        final Path memory = Files.createDirectories(root.resolve("sys/devices/system/memory"));
        Files.writeString(memory.resolve("block_size_bytes"), "8000000\n");
        for (int i = 0; i < 3; i++)
        {
            Files.createDirectory(memory.resolve("memory" + i));
            Files.writeString(memory.resolve("memory" + i + "/state"), 1 == i ? "offline\n" : "online\n");
        }
        assertEquals(2 * 0x8000000L, SysfsTopology.read(root, HostLimits.NONE).numa().get(0).memoryBytes());
    }

    @Test
    void shouldOfferOnlyWhatMayBeUsed() throws IOException
    {
        CapturedTree.unpack("two-sockets-eight-gpus", root, CapturedTree.Links.KEPT);
        final BitSet nodes = new BitSet();
        nodes.set(0);
        final long limit = 100_000_000 * KIBIBYTE;
        final HostTopology host =
            SysfsTopology.read(root, new HostLimits(CpuList.parse("0-3,16-17,32-34"), nodes, limit));
        assertEquals(List.of("0-3,32-34", "16-17"), host.numa().stream().map(NumaNode::cpuList).toList());
        assertEquals(0, host.numa().get(1).memoryBytes());
        assertEquals(528_051_564 * KIBIBYTE - limit, host.reserved().memoryBytes());
        assertEquals(
            List.of("0,32", "1,33", "2,34", "3", "16", "17"), host.cores().stream().map(CpuList::format).toList());
        assertEquals(2, host.details().caches().stream().filter(cache -> 3 == cache.level()).count());
    }

    /** What cannot be true is not believed, and nothing of it stops a host. */
    @Test
    void shouldLiveWithFilesThatMakeNoSense() throws IOException
    {
        CapturedTree.unpack("two-sockets-eight-gpus", root, CapturedTree.Links.KEPT);
        final Path sys = root.resolve("sys");
        Files.writeString(sys.resolve("devices/system/node/node0/distance"), "10 21 31\n");
        Files.writeString(sys.resolve("devices/system/node/node1/distance"), "near far\n");
        Files.writeString(sys.resolve("devices/system/node/node1/meminfo"), "Node 1 MemTotal: lots\n");
        Files.writeString(sys.resolve("devices/system/node/node1/cpulist"), "16-x\n");
        Files.writeString(sys.resolve("devices/system/cpu/cpu0/cache/index3/size"), "big\n");
        Files.delete(sys.resolve("bus/pci/devices/0000:19:00.0"));
        Files.createSymbolicLink(sys.resolve("bus/pci/devices/0000:19:00.0"), Path.of("0000:19:00.0"));
        final HostTopology host = SysfsTopology.read(root, HostLimits.NONE);
        assertEquals(20, host.distances()[0][1]);
        assertEquals(20, host.distances()[1][0]);
        assertEquals(0, host.numa().get(1).memoryBytes());
        assertEquals("16-31,48-63", host.numa().get(1).cpuList(), "as the mask says");
        assertTrue(host.details().notes().stream().anyMatch(note -> note.startsWith("distances of node 0")),
            host.details().notes().toString());
        assertEquals(8, host.devices().size());
    }

    /** What is read of a host is what {@link TopologyReader} takes, however odd its numbers. */
    @Test
    void shouldNotBelieveWhatNoHostCanHave() throws IOException
    {
        CapturedTree.unpack("four-nodes-a-socket", root, CapturedTree.Links.KEPT);
        final HostTopology whole = SysfsTopology.read(root, HostLimits.NONE);
        final Path sys = root.resolve("sys");
        Files.createDirectories(sys.resolve("devices/system/cpu/cpu99999/topology"));
        Files.createDirectories(sys.resolve("devices/system/node/node70000"));
        final Path pages = sys.resolve("devices/system/node/node1/hugepages");
        for (final String size : List.of("0", "2048"))
        {
            Files.createDirectories(pages.resolve("hugepages-" + size + "kB"));
            Files.writeString(pages.resolve("hugepages-" + size + "kB/nr_hugepages"), "7\n");
            Files.writeString(pages.resolve("hugepages-" + size + "kB/free_hugepages"), "-1\n");
        }
        Files.writeString(sys.resolve("devices/system/cpu/cpu0/cache/index3/size"), "4503599627370497K\n");
        Files.writeString(sys.resolve("devices/system/node/node0/meminfo"), "Node 0 MemTotal: 4503599627370497 kB\n");
        final HostTopology host = SysfsTopology.read(root, HostLimits.NONE);
        assertEquals(new BitSet(), host.details().offline());
        assertEquals(whole.numa().size(), host.numa().size());
        assertEquals(0, host.numa().get(0).memoryBytes());
        assertEquals(List.of(new HugePages(2048 * KIBIBYTE, 7, 0)), host.numa().get(1).hugePages());
        assertEquals(
            TopologyWriter.write(host), TopologyWriter.write(TopologyReader.read(TopologyWriter.write(host))));
    }

    @Test
    void shouldSayWhatItDoesNotBelieve() throws IOException
    {
        CapturedTree.unpack("two-sockets-eight-gpus", root, CapturedTree.Links.KEPT);
        final HostTopology whole = SysfsTopology.read(root, HostLimits.NONE);
        assertEquals(List.of(), whole.details().notes());
        final Path nodes = root.resolve("sys/devices/system/node");
        Files.writeString(nodes.resolve("node1/cpulist"), "0-1,16-31,48-62\n");
        Files.writeString(nodes.resolve("node0/meminfo"), "Node 0 MemTotal: lots\n");
        final Path bus = root.resolve("sys/bus/pci/devices");
        Files.createSymbolicLink(bus.resolve("0000:fa:00.0"), Path.of("0000:fb:00.0"));
        Files.createSymbolicLink(bus.resolve("0000:fb:00.0"), Path.of("0000:fa:00.0"));
        Files.createSymbolicLink(bus.resolve("0000:fc:00.0"), Path.of("/etc"));
        Files.createSymbolicLink(bus.resolve("0000:fd:00.0"), Path.of("../../../devices/nowhere"));
        final HostTopology damaged = SysfsTopology.read(root, HostLimits.NONE);
        assertEquals(
            List.of("how much memory node 0 has is not known: it counts as none",
                "node 1 claims processors 0-1 of an earlier node: they stay there",
                "processors 63 are of no node: they count for node 0"),
            damaged.details().notes());
        assertEquals(whole.details().pci().size(), damaged.details().pci().size());
        assertEquals(whole.devices(), damaged.devices());
    }

    @Test
    void shouldNotBelieveDistancesBelowThoseOfNodesToThemselves() throws IOException
    {
        CapturedTree.unpack("two-sockets-eight-gpus", root, CapturedTree.Links.KEPT);
        Files.writeString(root.resolve("sys/devices/system/node/node1/distance"), "5 10\n");
        final HostTopology host = SysfsTopology.read(root, HostLimits.NONE);
        assertEquals(20, host.distances()[1][0]);
        assertEquals(
            List.of("distances make no sense: 5 from node 1 to node 0 is less than to themselves: they are not used"),
            host.details().notes());
        assertEquals(2, TopologyReader.read(TopologyWriter.write(host)).numa().size());
    }

    /** As machines of other makes and fake trees have it: no number of a package, and lists that are of others. */
    @Test
    void shouldTellPackagesAndCachesByThoseWhoShareThem() throws IOException
    {
        CapturedTree.unpack("one-socket", root, CapturedTree.Links.KEPT);
        final Path cpus = root.resolve("sys/devices/system/cpu");
        for (final int cpu : new int[]{0, 1, 2, 4, 5, 6})
        {
            final Path topology = cpus.resolve("cpu" + cpu + "/topology");
            Files.writeString(topology.resolve("physical_package_id"), "-1\n");
            for (final String name : List.of("package_cpus_list", "core_siblings_list", "package_cpus"))
            {
                Files.deleteIfExists(topology.resolve(name));
            }
            Files.writeString(topology.resolve("core_siblings"), 2 == cpu || 6 == cpu ? "44\n" : "33\n");
            Files.writeString(cpus.resolve("cpu" + cpu + "/cache/index3/shared_cpu_list"), "0\n");
            Files.writeString(
                cpus.resolve("cpu" + cpu + "/cache/index3/shared_cpu_map"), 2 == cpu || 6 == cpu ? "0\n" : "33\n");
        }
        final HostDetails details = SysfsTopology.read(root, HostLimits.NONE).details();
        assertEquals(
            "0: 0-1,4-5; 1: 2,6",
            details.sockets().stream().map(one -> one.id() + ": " + CpuList.format(one.cpus()))
                .collect(Collectors.joining("; ")));
        assertEquals(
            List.of("0", "0-1,4-5", "2,6"),
            details.caches().stream().filter(one -> 3 == one.level()).map(one -> CpuList.format(one.cpus()))
                .sorted().toList());
    }

    /** As those of some machines that processors and GPUs share: it is their driver's to give. */
    @Test
    void shouldLeaveTheMemoryOfGpusOut() throws IOException
    {
        CapturedTree.unpack("four-nodes-a-socket", root, CapturedTree.Links.KEPT);
        final HostTopology whole = SysfsTopology.read(root, HostLimits.NONE);
        final Path gpus = Files.createDirectories(root.resolve("proc/driver/nvidia/gpus/0006:00:00.0"));
        Files.createDirectories(root.resolve("proc/driver/nvidia/gpus/0007:00:00.0"));
        Files.writeString(gpus.resolve("numa_status"), "Node:      3\nStatus:    online\n");
        final HostTopology host = SysfsTopology.read(root, HostLimits.NONE);
        assertEquals(List.of(0, 1, 2, 4, 5, 6, 7, 8), host.numa().stream().map(NumaNode::id).toList());
        assertEquals(whole.distances()[8][4], host.distances()[7][3]);
        assertEquals("node 3 is memory of the GPU 0006:00:00.0: it is left out", host.details().notes().get(0));
    }

    @Test
    void shouldSayThatThereIsNoHost()
    {
        final String message = assertThrows(
            IllegalArgumentException.class, () -> SysfsTopology.read(root, HostLimits.NONE)).getMessage();
        assertTrue(message.contains("holds no processors"), message);
    }

    @Test
    void shouldMakeOneNodeOfThisHostWithoutSys()
    {
        final HostTopology host = SysfsTopology.live(root, new HostLimits(CpuList.parse("1-2"), null, Long.MAX_VALUE));
        assertEquals("1-2", host.numa().get(0).cpuList());
        assertTrue(host.numa().get(0).memoryBytes() > 0);
        assertEquals(2, host.cores().size());
        assertTrue(host.details().notes().get(0).contains("holds no processors"), host.details().notes().toString());
    }

    @Test
    void shouldShowATree() throws IOException
    {
        final List<String> lines = TopologyText.of(host("two-sockets-eight-gpus", CapturedTree.Links.KEPT));
        assertEquals("host: 64 processors on 32 cores, 1007.56 GiB, 2 sockets, 2 nodes, 8 devices", lines.get(0));
        final int at = lines.indexOf("      0000:97:02.0 root-port");
        assertEquals(
            List.of(
                "      0000:97:02.0 root-port",
                "        0000:98:00.0 switch-upstream",
                "          0000:99:00.0 switch-downstream",
                "            0000:9a:00.0 cuda4 (cuda.device)"),
            lines.subList(at, at + 4));
        assertTrue(lines.contains("    node 1   21   10"), String.join("\n", lines));
    }

    private HostTopology host(final String name, final CapturedTree.Links links) throws IOException
    {
        CapturedTree.unpack(name, root, links);
        return SysfsTopology.read(root, HostLimits.NONE);
    }
}
