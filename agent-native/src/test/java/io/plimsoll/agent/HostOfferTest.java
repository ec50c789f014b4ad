package io.plimsoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.allocation.Seats;
import io.plimsoll.agent.gpu.HostGpus;
import io.plimsoll.agent.gpu.NvmlStandIn;
import io.plimsoll.agent.kernel.SlotGrant;
import io.plimsoll.agent.runtime.CpuList;
import io.plimsoll.agent.topology.HostTopology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.agrona.concurrent.Agent;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostOfferTest
{
    private static final String CUDA = "cuda.device";

    @TempDir
    private Path directory;
    private NvmlStandIn driver;
    private final List<Offer> changes = new ArrayList<>();

    @BeforeEach
    void before() throws IOException, InterruptedException
    {
        driver = NvmlStandIn.compile(directory);
        driver.say(
            "gpu GPU-0 0000:10:00.0 81920 NVIDIA_H100_80GB_HBM3", "gpu GPU-1 0000:11:00.0 81920 NVIDIA_H100_80GB_HBM3",
            "gpu GPU-2 0000:12:00.0 81920 NVIDIA_H100_80GB_HBM3");
    }

    @Test
    void shouldOfferGpusWithTheirModel()
    {
        try (HostOffer offer = offer(Map.of(), Map.of("zone", "z1")))
        {
            assertEquals(3, amount(offer.offer(), CUDA));
            assertTrue(amount(offer.offer(), Capacity.CPU) > 0);
            assertEquals(Map.of("zone", "z1", "cuda.model", "H100-80GB-HBM3"), offer.offer().labels());
        }
    }

    @Test
    void shouldOfferWhatIsConfiguredInstead()
    {
        try (HostOffer offer = offer(Map.of(CUDA, 2L, Capacity.CPU, 500L), Map.of("cuda.model", "H100")))
        {
            assertEquals(2, amount(offer.offer(), CUDA));
            assertEquals(500, amount(offer.offer(), Capacity.CPU));
            assertEquals(Map.of("cuda.model", "H100"), offer.offer().labels());
        }
    }

    @Test
    void shouldKeepWhatIsReserved()
    {
        final long before;
        final long bytesBefore;
        final int first;
        try (HostOffer offer = offer(Map.of(), Map.of()))
        {
            before = amount(offer.offer(), Capacity.CPU);
            bytesBefore = amount(offer.offer(), Capacity.MEM);
            first = offer.host().numa().stream().mapToInt(node -> node.cpus().nextSetBit(0))
                .filter(cpu -> cpu >= 0).findFirst().orElseThrow();
        }
        final BitSet cpus = new BitSet();
        cpus.set(first);
        cpus.set(CpuList.END - 1);
        final HostTopology.Reserve reserve = new HostTopology.Reserve(cpus, 1 << 20);
        try (HostOffer offer = new HostOffer(
            Map.of(), Map.of(), HostGpus.find("libnothing.so.1"), Map.of(), reserve))
        {
            assertEquals(before - 1000, amount(offer.offer(), Capacity.CPU));
            assertEquals(bytesBefore - (1 << 20), amount(offer.offer(), Capacity.MEM));
            assertTrue(offer.host().reserved().cpus().get(first));
        }
        try (HostOffer offer = new HostOffer(
            Map.of(Capacity.CPU, 500L), Map.of(), HostGpus.find("libnothing.so.1"), Map.of(), reserve))
        {
            assertEquals(500, amount(offer.offer(), Capacity.CPU));
        }
    }

    @Test
    void shouldOfferSlicesByProfile() throws IOException
    {
        driver.say("mig 0 MIG-a 1 1 10240", "mig 0 MIG-b 1 1 10240");
        try (HostOffer offer = offer(Map.of(), Map.of()))
        {
            assertEquals(2, amount(offer.offer(), CUDA));
            assertEquals(2, amount(offer.offer(), "cuda.mig-1g.10gb"));
        }
    }

    @Test
    void shouldHandOutSlicesOneByOne() throws IOException
    {
        driver.say("mig 0 MIG-a 1 1 10240", "mig 0 MIG-b 1 1 10240");
        try (HostOffer offer = offer(Map.of(), Map.of()))
        {
            final Seats seats = new Seats(offer.host());
            final List<String> given = new ArrayList<>();
            for (int kernel = 1; kernel <= 3; kernel++)
            {
                given.addAll(seats.take(
                    Assignments.of(kernel).slots(new SlotGrant("cuda.mig-1g.10gb", false, 1, 0)).make(), -1)
                    .deviceIds());
            }
            given.sort(null);
            assertEquals(List.of("cuda0-0", "cuda0-1"), given);
        }
    }

    @Test
    void shouldSayInWhatPiecesItsSlotsAreHad() throws Exception
    {
        final Path file = Files.writeString(directory.resolve("devices.yaml"), """
            devices:
              - {id: npu0, slot: npu.device, quantum: 0.1}
              - {id: npu1, slot: npu.device, quantum: 0.25}
              - {id: s0, slot: fpga.slice, unique: true}
            """);
        try (HostOffer offer = new HostOffer(
            Map.of(), Map.of(), HostGpus.find(driver.library().toString()), Map.of("file", file.toString())))
        {
            final Map<String, String> labels = offer.offer().labels();
            assertEquals("0.25", labels.get("npu.quantum"), "the coarsest: any device may be chosen");
            assertEquals("1", labels.get("fpga.slice.unique"));
            assertNull(labels.get("cuda.quantum"));
        }
    }

    @Test
    void shouldOfferDevicesOfAPluginAndLessWhenOneFails() throws Exception
    {
        final Path file = directory.resolve("devices.yaml");
        final String devices =
            "devices: [{id: npu0, slot: npu.device, model: N1}, {id: npu1, slot: npu.device, model: N1}]";
        Files.writeString(file, devices);
        final HostOffer offer = new HostOffer(
            Map.of(), Map.of(), HostGpus.find(driver.library().toString()), Map.of("file", file.toString()));
        assertEquals(2, amount(offer.offer(), "npu.device"));
        assertEquals(3, amount(offer.offer(), CUDA));
        assertEquals("N1", offer.offer().labels().get("npu.model"));
        final Agent watch = offer.watch(changes::add);
        watch.doWork();
        assertEquals(List.of(), changes);
        Files.writeString(file, devices.replace("{id: npu1,", "{id: npu1, healthy: false,"));
        watch.doWork();
        assertEquals(1, changes.size());
        assertEquals(1, amount(changes.get(0), "npu.device"));
        assertEquals("npu1", changes.get(0).labels().get("npu.failed"));
        assertEquals(List.of("npu1"), changes.get(0).out());
        assertTrue(offer.host().details().failed().stream().anyMatch(one -> "npu1".equals(one.id())));
        watch.onClose();
    }

    @Test
    void shouldOfferLessWhenAGpuFails() throws Exception
    {
        final HostOffer offer = offer(Map.of(), Map.of());
        final Agent watch = offer.watch(changes::add);
        watch.doWork();
        assertEquals(List.of(), changes);
        driver.say("event 1 8 79");
        watch.doWork();
        watch.doWork();
        assertEquals(1, changes.size());
        assertEquals(2, amount(changes.get(0), CUDA));
        assertEquals("cuda1", changes.get(0).labels().get("cuda.failed"));
        driver.say("lost 0", "lost 2");
        watch.doWork();
        assertEquals(2, changes.size());
        assertEquals(0, amount(changes.get(1), CUDA), "none, and not as if there had never been such a slot");
        assertEquals("cuda1,cuda0,cuda2", changes.get(1).labels().get("cuda.failed"));
        watch.onClose();
    }

    @Test
    void shouldOfferNoMoreThanWorksOfWhatIsConfigured() throws Exception
    {
        final HostOffer offer = offer(Map.of(CUDA, 2L, "license.x", 7L), Map.of());
        final Agent watch = offer.watch(changes::add);
        driver.say("lost 0");
        watch.doWork();
        assertEquals(2, amount(changes.get(0), CUDA));
        driver.say("lost 1");
        watch.doWork();
        assertEquals(1, amount(changes.get(1), CUDA));
        assertEquals(7, amount(changes.get(1), "license.x"));
        watch.onClose();
    }

    @Test
    void shouldOfferNoGpusWithoutADriver()
    {
        try (HostOffer offer = new HostOffer(Map.of(), Map.of(), HostGpus.find("libnothing.so.1")))
        {
            assertNull(offer.watch(changes::add));
            assertEquals(
                List.of(Capacity.CPU, Capacity.MEM), offer.offer().capacities().stream().map(Capacity::name).toList());
            assertEquals(Map.of(), offer.offer().labels());
        }
    }

    @Test
    void shouldOfferLabelsThatChange() throws Exception
    {
        final Map<String, String> labels = new ConcurrentHashMap<>();
        final HostOffer offer = new HostOffer(Map.of(), Map.of("engine", "faked"), HostGpus.find("libnothing.so.1"));
        offer.labels(() -> Map.copyOf(labels));
        assertEquals(Map.of("engine", "faked"), offer.offer().labels());
        final Agent watch = offer.watch(changes::add);
        watch.doWork();
        assertEquals(List.of(), changes);
        labels.put("engine", "up");
        watch.doWork();
        watch.doWork();
        assertEquals(1, changes.size());
        assertEquals(Map.of("engine", "up"), changes.get(0).labels());
        watch.onClose();
    }

    private HostOffer offer(final Map<String, Long> configured, final Map<String, String> labels)
    {
        return new HostOffer(configured, labels, HostGpus.find(driver.library().toString()));
    }

    private static long amount(final Offer offer, final String slot)
    {
        return offer.capacities().stream().filter(one -> one.name().equals(slot)).findFirst().orElseThrow().amount();
    }
}
