package io.plimsoll.agent.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.topology.DeviceLevel;
import io.plimsoll.agent.topology.DeviceLink;
import io.plimsoll.agent.topology.FailedDevice;
import io.plimsoll.agent.topology.HostDetails;
import io.plimsoll.agent.topology.HostDevice;
import io.plimsoll.agent.topology.HostTopology;
import io.plimsoll.agent.topology.NumaNode;
import io.plimsoll.agent.topology.PciFunction;
import io.plimsoll.agent.topology.TopologyReader;
import io.plimsoll.agent.topology.TopologyWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostGpusTest
{
    private static final int GPUS = 8;

    @TempDir
    private Path directory;
    private NvmlStandIn driver;

    @BeforeEach
    void before() throws IOException, InterruptedException
    {
        driver = NvmlStandIn.compile(directory);
    }

    @Test
    void shouldFindGpusOnTheirNodes() throws IOException
    {
        sayEight();
        try (HostGpus gpus = find())
        {
            final HostTopology host = gpus.addTo(host());
            assertEquals("", gpus.note());
            assertEquals(GPUS, host.devices().size());
            final HostDevice third = host.devices().get(2);
            assertEquals("cuda2", third.id());
            assertEquals("cuda.device", third.slot());
            assertEquals("A100-SXM4-80GB", third.model());
            assertEquals("GPU-2", third.details().uuid());
            assertEquals(81920L << 20, third.details().memoryBytes());
            assertEquals("0000:12:00.0", third.pci());
            assertEquals(List.of("0000:02:00.0"), third.path());
            assertEquals(0, third.numa());
            assertEquals(1, host.devices().get(7).numa());
            assertEquals(TopologyWriter.write(host), TopologyWriter.write(
                TopologyReader.read(TopologyWriter.write(host))));
        }
    }

    @Test
    void shouldFindLinksAndLevels() throws IOException
    {
        sayEight();
        // Two lanes from one to the other, and two lanes each to one switch: the second has three.
        driver.say(
            "link 0 0 0000:11:00.0", "link 0 2 0000:11:00.0", "link 1 1 0000:10:00.0", "link 1 3 0000:10:00.0",
            "link 2 0 0000:f0:00.0", "link 2 1 0000:f0:00.0",
            "link 3 0 0000:f0:00.0", "link 3 1 0000:f0:00.0", "link 3 2 0000:f0:00.0",
            "level 0 1 10", "level 2 0 50", "level 6 7 31");
        try (HostGpus gpus = find())
        {
            final HostTopology host = gpus.addTo(host());
            assertEquals(
                List.of(new DeviceLink("cuda0", "cuda1", 2), new DeviceLink("cuda2", "cuda3", 2)), host.links());
            assertEquals(
                List.of(
                    new DeviceLevel("cuda0", "cuda1", DeviceLevel.Level.single),
                    new DeviceLevel("cuda0", "cuda2", DeviceLevel.Level.system),
                    new DeviceLevel("cuda6", "cuda7", DeviceLevel.Level.system)),
                host.details().levels());
        }
    }

    @Test
    void shouldOfferSlicesInsteadOfTheGpuThatIsCut() throws IOException
    {
        driver.say(
            "gpu GPU-0 0000:10:00.0 40960 NVIDIA_A100-SXM4-40GB", "gpu GPU-1 0000:11:00.0 40960 NVIDIA_A100-SXM4-40GB",
            "mig 0 MIG-a 1 1 4864", "mig 0 MIG-b 2 2 9856", "mig 0 MIG-c 3 1 19968");
        try (HostGpus gpus = find())
        {
            final List<HostDevice> devices = gpus.addTo(host()).devices();
            assertEquals(
                List.of("cuda0-0 cuda.mig-1g.5gb MIG-a true", "cuda0-1 cuda.mig-2g.10gb MIG-b true",
                    "cuda0-2 cuda.mig-1c.3g.20gb MIG-c true", "cuda1 cuda.device GPU-1 false"),
                devices.stream().map(device -> device.id() + ' ' + device.slot() + ' ' + device.details().uuid() + ' ' +
                    device.unique()).toList());
            assertEquals("cuda0", devices.get(1).details().parent());
            assertEquals(9856L << 20, devices.get(1).details().memoryBytes());
            final GpuWatch watch = gpus.watch();
            watch.doWork();
            assertEquals(
                List.of("cuda0", "cuda0-0", "cuda0-1", "cuda0-2", "cuda1"),
                watch.samples().stream().map(GpuSample::id).toList());
            assertEquals(new GpuSample("cuda0-1", -1, 9856L << 19, -1, -1, 0), watch.samples().get(2));
        }
    }

    @Test
    void shouldTakeOutAGpuWhoseDriverTellsAnError() throws IOException
    {
        sayEight();
        final HostGpus gpus = find();
        final GpuWatch watch = gpus.watch();
        watch.doWork();
        assertEquals(List.of(), watch.failed());
        assertEquals(GPUS, watch.samples().size());
        // 31 is a program that read where it may not; 79 is a GPU that fell off the bus.
        driver.say("event 1 8 31", "event 3 8 79", "event 3 8 79", "event 5 2 0", "level 3 4 10", "level 0 1 10");
        watch.doWork();
        assertEquals(
            List.of(
                new FailedDevice("cuda3", "cuda.device", "GPU-3", "0000:13:00.0", "Xid 79"),
                new FailedDevice("cuda5", "cuda.device", "GPU-5", "0000:15:00.0",
                    "its memory has errors that cannot be corrected")),
            watch.failed());
        assertEquals(GPUS - 2, watch.samples().size());
        final HostTopology host = gpus.addTo(host(), watch.failed());
        assertEquals(
            List.of("cuda0", "cuda1", "cuda2", "cuda4", "cuda6", "cuda7"),
            host.devices().stream().map(HostDevice::id).toList());
        assertEquals(2, host.details().failed().size());
        assertEquals(0, watch.doWork());
        watch.onClose();
    }

    @Test
    void shouldTakeOutAGpuThatIsGoneAndOneWhoseErrorsGrow() throws IOException
    {
        sayEight();
        driver.say("ecc 1 5", "ecc 2 5");
        final GpuWatch watch = find().watch();
        watch.doWork();
        assertEquals(List.of(), watch.failed());
        driver.say("lost 6", "ecc 2 6");
        watch.doWork();
        assertEquals(List.of("cuda2", "cuda6"), watch.failed().stream().map(FailedDevice::id).toList());
        assertTrue(watch.failed().get(1).reason().contains("off the bus"), watch.failed().toString());
        watch.onClose();
    }

    @Test
    void shouldTellHowGpusDo() throws IOException
    {
        sayEight();
        driver.say("use 1 87 64 311500");
        final GpuWatch watch = find().watch();
        watch.doWork();
        assertEquals(new GpuSample("cuda1", 87, 81920L << 19, 64, 311_500, 0), watch.samples().get(1));
        assertEquals(new GpuSample("cuda0", -1, 81920L << 19, -1, -1, 0), watch.samples().get(0));
        watch.onClose();
    }

    @Test
    void shouldLeaveOutAGpuThatIsGoneAtTheStart() throws IOException
    {
        sayEight();
        driver.say("lost 0");
        try (HostGpus gpus = find())
        {
            final HostTopology host = gpus.addTo(host());
            assertEquals(GPUS - 1, host.devices().size());
            assertEquals("cuda1", host.devices().get(0).id());
            assertEquals("cuda0", host.details().failed().get(0).id());
        }
    }

    @Test
    void shouldLiveWithADriverThatKnowsLittle() throws IOException
    {
        sayEight();
        driver.say(
            "fail nvmlEventSetCreate 3", "fail nvmlDeviceGetMigMode 3", "fail nvmlDeviceGetNvLinkState 3",
            "fail nvmlDeviceGetTopologyCommonAncestor 3", "fail nvmlDeviceGetTotalEccErrors 3");
        final HostGpus gpus = find();
        assertEquals(GPUS, gpus.addTo(host()).devices().size());
        final GpuWatch watch = gpus.watch();
        assertEquals(0, watch.doWork());
        driver.say("fail nvmlDeviceGetTotalEccErrors 15");
        watch.doWork();
        assertEquals(GPUS, watch.failed().size());
        watch.onClose();
    }

    @Test
    void shouldSayOnceThatThereIsNoDriver() throws IOException
    {
        final HostGpus none = HostGpus.find(directory.resolve("libnothing.so").toString());
        assertEquals("no GPUs of NVIDIA are offered: libnvidia-ml.so.1 is not installed", none.note());
        assertEquals(List.of(none.note()), none.addTo(host()).details().notes());
        final HostTopology without = TopologyReader.read("{\"numa\":[{\"id\":0}]}");
        assertSame(without, none.addTo(without));
        assertNull(none.watch());
        none.close();
        driver.say("fail nvmlInit_v2 9");
        assertTrue(find().note().contains("error 9"), find().note());
    }

    @Test
    void shouldOfferNothingWhereThereIsADriverButNoGpu() throws IOException
    {
        try (HostGpus gpus = find())
        {
            assertEquals(List.of(), gpus.addTo(host()).devices());
            assertNull(gpus.watch());
        }
    }

    private HostGpus find()
    {
        return HostGpus.find(driver.library().toString());
    }

    private void sayEight() throws IOException
    {
        for (int i = 0; i < GPUS; i++)
        {
            driver.say("gpu GPU-" + i + " 0000:1" + i + ":00.0 81920 NVIDIA_A100-SXM4-80GB");
        }
    }

    /** Two nodes; the GPUs of the first four buses are near the first. */
    private static HostTopology host()
    {
        final List<PciFunction> pci = new ArrayList<>();
        for (int i = 0; i < GPUS; i++)
        {
            pci.add(new PciFunction(
                "0000:1" + i + ":00.0", PciFunction.Kind.device, "030200", "10de", "20b2", i / 4, "pci0000:00",
                List.of("0000:0" + i + ":00.0")));
        }
        return new HostTopology(
            List.of(new NumaNode(0, new BitSet(), 0), new NumaNode(1, new BitSet(), 0)),
            new int[][]{{10, 21}, {21, 10}},
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            HostTopology.Reserve.NONE,
            new HostDetails(List.of(), List.of(), pci, List.of(), List.of(), new BitSet(), List.of()));
    }
}
