package io.plimsoll.agent.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read is held against what hwloc reads from the same files. */
class HwlocTest
{
    private static final String NEED = "lstopo-no-graphics is needed (Debian: apt-get install hwloc)";
    private static final Map<String, String> EXPECTED = Map.of(
        "one-socket", "{cache=10, core=3, nic=1, node=1, pci=4, socket=1}",
        "two-sockets-eight-gpus", "{cache=98, core=32, distance=4, nic=4, node=2, pci=34, socket=2}",
        "four-nodes-a-socket", "{cache=104, core=32, distance=81, nic=2, node=9, pci=12, socket=2}",
        "no-numa", "{cache=13, core=4, nic=1, node=1, pci=2, socket=1}");

    /**
     * Of those trees, where the two do not agree: on files that contradict each other, on nodes that claim the same
     * processors, and on AMD's pairs of cores, which Linux calls threads.
     */
    private static final Set<String> ODD = Set.of(
        "40intel64-4n10c+pci-conflicts", "8em64t-2s2ca2c-buggynuma", "fakeheterocpunuma", "64amd64-4s2n4ca2co");

    @TempDir(factory = InMemory.class)
    private Path root;

    @BeforeEach
    void before()
    {
        if (!Hwloc.isThere() && "true".equals(System.getenv("CI")))
        {
            Assertions.fail(NEED);
        }
        Assumptions.assumeTrue(Hwloc.isThere(), NEED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"one-socket", "two-sockets-eight-gpus", "four-nodes-a-socket", "no-numa"})
    void shouldSeeWhatHwlocSees(final String name) throws Exception
    {
        CapturedTree.unpack(name, root, CapturedTree.Links.KEPT);
        final List<String> expected = Hwloc.see(root).lines(true);
        assertSame(expected, Hwloc.lines(SysfsTopology.read(root, HostLimits.NONE), true));
        // That something was compared at all.
        final Map<String, Long> counts = expected.stream().collect(
            Collectors.groupingBy(HwlocTest::kind, TreeMap::new, Collectors.counting()));
        assertEquals(EXPECTED.get(name), counts.toString());
    }

    /**
     * All of it, also what this process may not use, of which the two have different notions. Memory is left out: that
     * of a virtual machine may change in between.
     */
    @Test
    void shouldSeeOfThisHostWhatHwlocSees() throws Exception
    {
        final List<String> expected = Hwloc.see(null).lines(false);
        assertTrue(expected.stream().anyMatch(line -> line.startsWith("core ")), expected.toString());
        assertSame(expected, Hwloc.lines(SysfsTopology.read(SysfsTopology.LIVE, HostLimits.NONE), false));
    }

    /** Hosts that others have captured, as for hwloc's own tests: {@code -Dplimsoll.hwloc.trees=DIRECTORY}. */
    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("trees")
    void shouldSeeOfOtherHostsWhatHwlocSees(final Path tree) throws Exception
    {
        final List<String> expected = certain(Hwloc.see(tree).lines(true));
        final Set<String> kinds = expected.stream().map(HwlocTest::kind).collect(Collectors.toSet());
        assertSame(expected, certain(Hwloc.lines(SysfsTopology.read(tree, HostLimits.NONE), true)).stream()
            .filter(line -> kinds.contains(kind(line))).toList());
    }

    private static String kind(final String line)
    {
        return line.split(" ")[0];
    }

    /**
     * Without what either makes up where a tree says nothing: numbers of packages, whom a node without processors is
     * near to, distances of nodes that are all the same; hwloc completes caches by those of the host that it runs on.
     */
    private static List<String> certain(final List<String> lines)
    {
        return lines.stream()
            .map(line -> line.replaceFirst("^socket [0-9]* ?\\{", "socket {").replaceFirst("^(node [0-9]+ ).*", "$1"))
            .filter(line -> !line.startsWith("cache ") && !line.startsWith("distance ") && !line.startsWith("pci "))
            .toList();
    }

    private static List<Path> trees() throws IOException
    {
        final String directory = System.getProperty("plimsoll.hwloc.trees", "");
        if (directory.isEmpty())
        {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(Path.of(directory)))
        {
            return entries.filter(tree -> Files.isDirectory(tree) && !ODD.contains(tree.getFileName().toString()))
                .sorted().toList();
        }
    }

    private static void assertSame(final List<String> expected, final List<String> actual)
    {
        final List<String> missing = new ArrayList<>(expected);
        final List<String> added = new ArrayList<>(actual);
        actual.forEach(missing::remove);
        expected.forEach(added::remove);
        assertEquals(String.join("\n", missing), String.join("\n", added));
    }
}
