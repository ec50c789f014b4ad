package io.plimsoll.agent.allocation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.plimsoll.agent.runtime.CpuList;
import io.plimsoll.agent.topology.TopologyReader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What users of existing agents rely on; numbers as in the collection of such scenarios. */
class AllocationScenariosTest
{
    private static final AllocationOptions FILL = AllocationOptions.DEFAULT;
    private static final AllocationOptions EVENLY = FILL.with(Split.EVENLY);
    private static final String SHORT = "InsufficientResource";

    @Test
    void shouldAllocateDiscreteDevices() throws AllocationException
    {
        // A1
        final Allocator host = Hosts.host().devices("x", "a", 1, 0, 0).idle();
        final Grant first = host.allocate(ResourceRequest.parse("x=1"), FILL);
        assertEquals("{a0=1000}", first.devices().toString());
        assertEquals(List.of(SHORT), Hosts.serve(host, FILL, "x=3"));
        assertEquals(0, host.freeMillis("a0"));
        assertEquals(1000, host.freeMillis("a1"));
        host.release(first);
        assertEquals(1000, host.freeMillis("a0"));
    }

    @Test
    void shouldSpreadDiscreteAmountsEvenly()
    {
        // A3
        final Allocator host = Hosts.host().devices("x", "a", 100, 0, 0).idle();
        assertEquals(List.of("a0=65 a1=65"), Hosts.serve(host, EVENLY, "x=130"));
        assertEquals(List.of("a0=8 a1=7"), Hosts.serve(host, EVENLY, "x=15"));
        assertEquals(List.of(SHORT), Hosts.serve(host, EVENLY, "x=99"));
        assertEquals(27_000, host.freeMillis("a0"));
    }

    @Test
    void shouldSpreadOversubscribedCoresEvenly()
    {
        // A5
        final Allocator host = Hosts.host().devices("cpu", "cpu", 2, 0, 0, 0, 0).idle();
        assertEquals(
            List.of("cpu0=1 cpu1=1 cpu2=1 cpu3=1", "cpu0=1 cpu1=1", SHORT, "cpu2=1 cpu3=1"),
            Hosts.serve(host, EVENLY, "cpu=4", "cpu=2", "cpu=3", "cpu=2"));
    }

    @Test
    void shouldFillFractions()
    {
        // A6
        final Allocator host = Hosts.host().devices("x.shares", "a", 1.0, 0, 0).idle();
        assertEquals(List.of("a0=1 a1=0.5", SHORT), Hosts.serve(host, FILL, "x.shares=1.5", "x.shares=1.5"));
    }

    @ParameterizedTest
    @CsvSource({
        "0.66, 0.01, InsufficientResource",
        ".66, 0.01, InsufficientResource",
        "0.06, 0.6, InsufficientResource",
        "0.2, 0.01, d2=0.2",
        "0.2, 0.25, d3=0.2",
        "0.5, 0.01, d2=0.2 d3=0.3",
        "0.65, 0.01, d0=0.05 d1=0.1 d2=0.2 d3=0.3",
        "0.6, 0.1, d1=0.1 d2=0.2 d3=0.3"})
    void shouldSplitFractionsEvenly(final String amount, final double least, final String expected)
    {
        // A9
        final Hosts hosts = Hosts.host();
        final double[] capacities = {0.05, 0.1, 0.2, 0.3, 0};
        for (int i = 0; i < capacities.length; i++)
        {
            hosts.device("x.shares", "d" + i, capacities[i], 0, "");
        }
        final AllocationOptions options =
            new AllocationOptions(Split.EVENLY, Affinity.NEAREST, true, Math.round(least * 1000));
        assertEquals(
            List.of(expected), Hosts.serve(hosts.idle(), options, "x.shares=" + amount));
    }

    /** What does not divide by three is even among three all the same. */
    @Test
    void shouldSplitEvenlyAmongAsFewAsCanBe()
    {
        final Hosts hosts = Hosts.host().devices("x.shares", "a", 1, 0, 0, 0, 0);
        assertEquals(List.of("a0=0.81 a1=0.81 a2=0.81"), Hosts.serve(hosts.idle(), EVENLY, "x.shares=2.45"));
        assertEquals(List.of("a0=0.8 a1=0.8 a2=0.8"), Hosts.serve(hosts.idle(), EVENLY, "x.shares=2.4"));
    }

    @ParameterizedTest
    @CsvSource({
        "0.25, EVENLY, 1.5, a0=0.75 a1=0.75",
        "0.25, FILL, 1.5, a0=1 a1=0.5",
        "0.25, FILL, 0.24, NotMultipleOfQuantum",
        "0.25, EVENLY, 0.24, NotMultipleOfQuantum",
        "0.25, EVENLY, 1.75, a0=0.75 a1=0.75",
        "0.25, EVENLY, 0.52, a0=0.5",
        "0.25, FILL, 0.52, a0=0.5",
        "0.25, EVENLY, 0.42, a0=0.25",
        "0.25, FILL, 0.42, a0=0.25",
        "0.25, EVENLY, 3.99, InsufficientResource",
        "0.25, FILL, 3.99, InsufficientResource",
        "0.3, FILL, 0.5, a0=0.3"})
    void shouldRoundToQuantum(final double quantum, final Split split, final String amount, final String expected)
    {
        // A12
        final Allocator host = Hosts.host()
            .device("x.shares", "a0", 1.0, 0, ",\"quantum\":" + quantum)
            .device("x.shares", "a1", 1.0, 0, ",\"quantum\":" + quantum)
            .idle();
        assertEquals(List.of(expected), Hosts.serve(host, FILL.with(split), "x.shares=" + amount));
    }

    @Test
    void shouldTouchNoMoreDevicesThanNeeded() throws AllocationException
    {
        // A14
        for (final boolean fragmentation : new boolean[]{true, false})
        {
            final AllocationOptions options = new AllocationOptions(Split.FILL, Affinity.NEAREST, fragmentation, 1);
            for (int tenths = 1; tenths <= 80; tenths++)
            {
                final Hosts hosts = Hosts.host();
                for (int i = 0; i < 8; i++)
                {
                    hosts.device("x.shares", "g" + i, 1, 0, ",\"quantum\":0.1");
                }
                final Grant grant = hosts.idle().allocate(
                    ResourceRequest.parse("x.shares=" + tenths / 10 + "." + tenths % 10), options);
                assertEquals((tenths + 9) / 10, grant.devices().size());
                assertEquals(tenths * 100L, grant.devices().values().stream().mapToLong(Long::longValue).sum());
            }
        }
    }

    @Test
    void shouldNotSplitWhatOneDeviceCouldHold()
    {
        final AllocationOptions options = new AllocationOptions(Split.FILL, Affinity.NEAREST, false, 1);
        final Allocator host = Hosts.host().devices("x.shares", "a", 1, 0, 0).idle();
        assertEquals(
            List.of("a0=0.6", "a1=0.6", "FractionalResourceFragmented", "a0=0.4", SHORT),
            Hosts.serve(host, options, "x.shares=0.6", "x.shares=0.6", "x.shares=0.7", "x.shares=0.4", "x.shares=0.7"));
    }

    @Test
    void shouldNotStraddleNodes()
    {
        // B16
        final List<String> expected = List.of("a0=1", "a2=1 a3=1", "ConfigurationError", "a1=1", SHORT);
        for (final Affinity affinity : List.of(Affinity.PREFER_SINGLE_NODE, Affinity.NEAREST))
        {
            final Allocator host = Hosts.host()
                .node("0-3", "8g").node("4-7", "8g").devices("x", "a", 1, 0, 0, 1, 1).idle();
            assertEquals(
                expected, Hosts.serve(host, FILL.with(affinity), "x=1", "x=2", "y=1", "x=1", "x=1"));
        }
    }

    private static Hosts uneven()
    {
        // a0-2, b0-2, c0-1, d0-3
        return Hosts.host().node("0-2", "8g").node("3-5", "8g").node("6-7", "8g").node("8-11", "8g");
    }

    @Test
    void shouldKeepCoresAndDevicesTogether()
    {
        // B17
        final Hosts hosts = uneven().devices("cuda", "x", 1, 0, 1, 2, 3);
        assertEquals(List.of("cpus=8-11"), Hosts.serve(hosts.idle(), FILL, "cpu=4"));
        assertEquals(List.of("x0=1 cpus=0-2"), Hosts.serve(hosts.idle(), FILL, "cuda=1,cpu=3"));
        // More than its own node has: all of those, and the rest from elsewhere.
        final List<String> spilled = Hosts.serve(hosts.idle(), FILL, "cuda=1,cpu=5");
        assertEquals(List.of("x3=1 cpus=0,8-11"), spilled);
        assertEquals(List.of("x0=1 x1=1 cpus=0-5"), Hosts.serve(hosts.idle(), FILL, "cuda=2,cpu=6"));
        assertEquals(List.of("x0=1 x1=1", "x2=1 x3=1"), Hosts.serve(hosts.idle(), FILL, "cuda=2", "cuda=2"));
    }

    /** Near to what somebody has already: first what is on the same nodes, then the rest. */
    @Test
    void shouldGiveWhatIsNearToWhatIsHeld() throws AllocationException
    {
        // B17
        final Hosts hosts = uneven().devices("cuda", "x", 1, 0, 1, 2, 3);
        assertEquals("0-2", near(hosts.idle(), "cpu=3", "x0"));
        assertEquals("0-3", near(hosts.idle(), "cpu=4", "x0"));
        assertEquals("0-1,3-4", near(hosts.idle(), "cpu=4", "x0", "x1"));
        assertEquals("0-5", near(hosts.idle(), "cpu=6", "x0", "x1"));
        assertEquals("0-6", near(hosts.idle(), "cpu=7", "x0", "x1"));

        final Allocator devices = Hosts.host().node("", "8g").node("", "8g").node("", "8g").node("", "8g")
            .devices("cpu", "a", 1, 0, 0, 0).devices("cpu", "b", 1, 1, 1, 1).devices("cuda", "x", 1, 0, 1, 2, 3).idle();
        final List<String> held = List.of("a0", "a1", "b0", "b1");
        assertEquals(
            "{x0=1000, x1=1000}", devices.allocate(ResourceRequest.parse("cuda=2"), FILL, held).devices().toString());
        assertEquals(
            "{x2=1000, x3=1000}", devices.allocate(ResourceRequest.parse("cuda=2"), FILL, held).devices().toString());
    }

    private static String near(final Allocator host, final String request, final String... held)
        throws AllocationException
    {
        return CpuList.format(host.allocate(ResourceRequest.parse(request), FILL, List.of(held)).cpus());
    }

    @Test
    void shouldDealCoresToUsedNodes()
    {
        // B18
        final Allocator host = uneven().devices("cuda", "x", 1, 0, 1, 2, 3).idle();
        final List<Grant> taken =
            AllocationJson.read("[{\"granted\":{\"x0\":1}},{\"granted\":{\"x2\":1}}]", host.host());
        taken.forEach(host::claim);
        assertEquals(List.of("x1=1 x3=1 cpus=3-4,8-9"), Hosts.serve(host, FILL, "cuda=2,cpu=4"));

        final Allocator even = Hosts.host().node("0-3", "8g").node("4-7", "8g").node("8-11", "8g").node("12-15", "8g")
            .devices("cuda", "x", 1, 0, 1, 2, 3).idle();
        assertEquals(List.of("x0=1 x1=1 cpus=0-1,4-5"), Hosts.serve(even, EVENLY, "cuda=2,cpu=4"));
    }

    /** As those write it who know cores as devices. */
    @Test
    void shouldKeepCoresThatAreDevicesAndOthersTogether()
    {
        // B17, B18
        final Hosts hosts = Hosts.host().node("", "8g").node("", "8g").node("", "8g").node("", "8g")
            .devices("cpu", "a", 1, 0, 0, 0).devices("cpu", "b", 1, 1, 1, 1).devices("cpu", "c", 1, 2, 2)
            .devices("cpu", "d", 1, 3, 3, 3, 3).devices("cuda", "x", 1, 0, 1, 2, 3);
        assertEquals(List.of("d0=1 d1=1 d2=1 d3=1"), Hosts.serve(hosts.idle(), FILL, "cpu=4"));
        assertEquals(List.of("x0=1 a0=1 a1=1 a2=1"), Hosts.serve(hosts.idle(), FILL, "cuda=1,cpu=3"));
        assertEquals(
            List.of("x0=1 x1=1 a0=1 a1=1 a2=1 b0=1 b1=1 b2=1"), Hosts.serve(hosts.idle(), FILL, "cuda=2,cpu=6"));
        assertEquals(
            List.of("a0=1 a1=1 a2=1 b0=1 b1=1 b2=1 x0=1 x1=1"), Hosts.serve(hosts.idle(), FILL, "cpu=6,cuda=2"));
        final Allocator host = hosts.idle();
        AllocationJson.read("[{\"granted\":{\"x0\":1}},{\"granted\":{\"x2\":1}}]", host.host()).forEach(host::claim);
        assertEquals(List.of("x1=1 x3=1 b0=1 b1=1 d0=1 d1=1"), Hosts.serve(host, EVENLY, "cuda=2,cpu=4"));
    }

    @Test
    void shouldTakeOneOfEachNodeInTurn()
    {
        final Hosts hosts = Hosts.host().node("0-3", "8g").node("4-7", "8g").devices("x", "a", 1, 0, 0, 1, 1);
        final AllocationOptions options = FILL.with(Affinity.INTERLEAVED);
        assertEquals(List.of("a0=1 a2=1 cpus=0,4"), Hosts.serve(hosts.idle(), options, "x=2,cpu=2"));
        assertEquals(List.of("cpus=0-1,4-5"), Hosts.serve(hosts.idle(), options, "cpu=4"));
    }

    /** What is nearest to a device may lie on more nodes than need be. */
    @Test
    void shouldTakeFewestNodesThoughOthersAreNearer()
    {
        final Hosts hosts = Hosts.host().node("", "8g").node("0-1", "8g").node("2-3", "8g").node("4-7", "8g")
            .devices("x", "a", 1, 0)
            .with("\"distances\":[[10,12,12,30],[12,10,12,30],[12,12,10,30],[30,30,30,10]]");
        assertEquals(List.of("a0=1 cpus=0-3"), Hosts.serve(hosts.idle(), FILL, "x=1,cpu=4"));
        final AllocationOptions options = FILL.with(Affinity.PREFER_SINGLE_NODE);
        assertEquals(List.of("a0=1 cpus=4-7"), Hosts.serve(hosts.idle(), options, "x=1,cpu=4"));
        assertEquals(
            List.of("cpus=4-7", "cpus=0-3", SHORT),
            Hosts.serve(hosts.idle(), options, "cpu=4,mem=8g", "cpu=4", "cpu=1"));
    }

    @Test
    void shouldRefuseWhatCannotBeCombined()
    {
        final Allocator host = Hosts.host()
            .devices("cuda.device", "g", 1, 0)
            .devices("cuda.shares", "s", 1, 0)
            .device("cuda.mig-1g", "m0", 1, 0, ",\"unique\":true")
            .device("cuda.mig-1g", "m1", 1, 0, ",\"unique\":true")
            .with("\"exclusive\":[[\"cuda.device\",\"cuda.*\"]]")
            .idle();
        assertEquals(
            List.of(
                "InvalidResourceCombination", "InvalidResourceArgument", "InvalidResourceArgument",
                "InvalidResourceArgument", "m0=1", "g0=1", "s0=0.5 cpus=0-1"),
            Hosts.serve(
                host, FILL, "cuda.device=1,cuda.shares=0.5", "cuda.mig-1g=2", "cuda.device=0.5", "cpu=-1",
                "cuda.mig-1g=1", "cuda.device=1,cuda.shares=0", "cuda.shares=0.5,cpu=2"));
    }

    /** As in a cluster: whoever has a device whole shares it with nobody, and shares go where there are some. */
    @Test
    void shouldGiveSharesOfWholeDevices()
    {
        final Allocator host = Hosts.host().devices("cuda.device", "g", 1, 0, 0, 0).idle();
        assertEquals(
            List.of(
                "g0=0.5", "g0=0.375", "g0=0.125", SHORT, "g1=0.3", "g2=1", SHORT, "g1=0.7", SHORT),
            Hosts.serve(
                host, FILL, "cuda.shares=0.5", "cuda.shares=0.375", "cuda.shares=0.125", "cuda.device=3",
                "cuda.shares=0.3", "cuda.device=1", "cuda.device=1", "cuda.shares=0.7", "cuda.shares=0.001"));
        assertEquals(
            List.of("g0=0.75 g1=0.75", "g2=1", "g0=0.25 g1=0.25"),
            Hosts.serve(
                Hosts.host().devices("cuda.device", "g", 1, 0, 0, 0).idle(),
                EVENLY, "cuda.shares=1.5", "cuda.device=1", "cuda.shares=0.5"));
    }

    @Test
    void shouldNotGiveSharesOfWhatTheSameRequestHasWhole()
    {
        final Hosts hosts = Hosts.host().devices("cuda.device", "g", 1, 0, 0);
        assertEquals(
            List.of("g0=1 g1=0.5", SHORT, "g1=0.5"),
            Hosts.serve(
                hosts.idle(), FILL, "cuda.shares=0.5,cuda.device=1", "cuda.shares=0.5,cuda.device=1",
                "cuda.shares=0.5"));
        assertEquals(List.of(SHORT), Hosts.serve(hosts.idle(), FILL, "cuda.shares=0.5,cuda.device=2"));
    }

    @Test
    void shouldRoundSharesOfWholeDevicesToTheirQuantum()
    {
        final Allocator host = Hosts.host().device("npu.device", "n0", 1, 0, ",\"quantum\":0.25").idle();
        assertEquals(
            List.of("n0=0.25", "NotMultipleOfQuantum", "n0=0.5"),
            Hosts.serve(host, FILL, "npu.shares=0.42", "npu.shares=0.24", "npu.shares=0.5"));
    }

    /** Neither stops those behind it from being served. */
    @Test
    void shouldRefuseWhatNobodyCanHave()
    {
        final Allocator host = Hosts.host().node("0-3", "8g").devices("x", "a", 1, 0).idle();
        assertEquals(
            List.of(
                "InvalidResourceArgument", "InvalidResourceArgument", "InvalidResourceArgument", SHORT, SHORT, SHORT,
                SHORT, "", "a0=1 cpus=0-3"),
            Hosts.serve(
                host, FILL, "mem=-5g", "cpu=-500m", "x=-1", "mem=9999p", "cpu=99999999999999999999999",
                "x=1" + "0".repeat(50), "mem=8p,cpu=1", "x=0,cpu=0,mem=0", "x=1,cpu=4,mem=8g"));
    }

    @Test
    void shouldExcludeByPatterns()
    {
        final Allocator host = Hosts.host().devices("cuda.device", "g", 1, 0).devices("npu.shares", "n", 1, 0)
            .devices("npu.device", "m", 1, 0).with("\"exclusive\":[[\"*.device\",\"*.shares\"]]").idle();
        assertEquals(
            List.of("InvalidResourceCombination", "InvalidResourceCombination", "g0=1 m0=1"),
            Hosts.serve(
                host, FILL, "cuda.device=1,npu.shares=0.5", "npu.shares=1,npu.device=1", "cuda.device=1,npu.device=1"));
    }

    /** Nobody but those who ask for them gets anything of what is set aside, however much that is told to be. */
    @Test
    void shouldNotGiveHugePagesAsMemory()
    {
        final Allocator host = new Allocator(TopologyReader.read("""
            {"numa": [{"id": 0, "cpus": "0-3", "memory": "8g", "hugePages": [{"size": "1g", "count": 3, "free": 3}]},
              {"id": 1, "cpus": "4-7", "memory": "8g", "hugePages": [{"size": "2m", "count": 1024, "free": 0},
                {"size": "1g", "count": 2000000000, "free": 0}]}]}"""));
        assertEquals(List.of(SHORT, "cpus=0"), Hosts.serve(host, FILL, "cpu=1,mem=6g", "cpu=1,mem=5g"));
    }

    @Test
    void shouldLeaveNothingBehindWhenRefused()
    {
        final Allocator host = Hosts.host().node("0-3", "8g").devices("x", "a", 1, 0).idle();
        assertEquals(
            List.of(SHORT, SHORT, SHORT, "a0=1 cpus=0-3"),
            Hosts.serve(host, FILL, "x=1,cpu=5", "x=1,mem=9g", "x=2,cpu=1", "x=1,cpu=4,mem=8g"));
    }
}
