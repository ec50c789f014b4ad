package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.plimsoll.agent.Assignments;
import io.plimsoll.agent.allocation.Seat;
import io.plimsoll.agent.device.DeviceAccess;
import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.SlotGrant;
import io.plimsoll.agent.topology.HostTopology;
import io.plimsoll.agent.topology.TopologyReader;
import io.plimsoll.transport.LaunchSpec;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LaunchEnvironmentTest
{
    private final HostTopology host = TopologyReader.read("""
        {"numa": [{"id": 0, "cpus": "0-3", "memory": "8g"}], "devices": [
          {"id": "cuda0-0", "slot": "cuda.mig-1g.5gb", "unique": true, "uuid": "MIG-a"},
          {"id": "cuda0-1", "slot": "cuda.mig-1g.5gb", "unique": true, "uuid": "MIG-b"}]}""");

    @Test
    void shouldNameSlicesByTheirUuids()
    {
        final Assignment assignment = Assignments.of(1).slots(new SlotGrant("cuda.mig-1g.5gb", false, 1, 0)).make();
        final LaunchSpec spec = new LaunchSpec(List.of("x"), Map.of(), null, null, 0, 0);
        final Seat seat =
            new Seat(new BitSet(), new BitSet(), Map.of("cuda.mig-1g.5gb", new TreeMap<>(Map.of(5, "cuda0-1"))));
        final LaunchEnvironment environment = new LaunchEnvironment(Map.of(), host);
        final Map<String, String> variables = environment.variables(new KernelLaunch(assignment, spec, null), seat);
        assertEquals("MIG-b", variables.get("CUDA_VISIBLE_DEVICES"));
        assertEquals("cuda.mig-1g.5gb=cuda0-1", variables.get("PLIMSOLL_DEVICES"));
        assertEquals(List.of("MIG-b"), environment.slices(assignment, seat));
        assertEquals(
            "", environment.variables(new KernelLaunch(assignment, spec, null), Seat.NONE).get("CUDA_VISIBLE_DEVICES"));
    }

    @Test
    void shouldGiveWhatPluginsSayOfTheDevicesOfAKernel()
    {
        final LaunchEnvironment environment = new LaunchEnvironment(Map.of(), host);
        environment.deviceAccess(ids -> new DeviceAccess(Map.of("NPU", String.join("+", ids), "OWN", "plugin")));
        final Assignment assignment = Assignments.of(1).slots(new SlotGrant("npu.device", true, 1, 1)).make();
        final LaunchSpec spec = new LaunchSpec(List.of("x"), Map.of("OWN", "user"), null, null, 0, 0);
        final Seat seat = new Seat(new BitSet(), new BitSet(), Map.of("npu.device", new TreeMap<>(Map.of(0, "npu3"))));
        final Map<String, String> variables = environment.variables(new KernelLaunch(assignment, spec, null), seat);
        assertEquals("npu3", variables.get("NPU"));
        assertEquals("user", variables.get("OWN"));
    }

    @Test
    void shouldNameWholeDevicesAndThoseOfWhichThereIsAShare()
    {
        final Assignment assignment = Assignments.of(1).slots(
            new SlotGrant("cuda.device", true, 2, 0b110),
            new SlotGrant("cuda.shares", true, 500, 0b1),
            new SlotGrant("license", false, 1, 0)).make();
        final LaunchSpec spec = new LaunchSpec(List.of("x"), Map.of(), null, null, 0, 0);
        final Map<String, String> variables =
            new LaunchEnvironment(Map.of(), host).variables(new KernelLaunch(assignment, spec, null), Seat.NONE);
        assertEquals("cuda.device=1,2;cuda.shares=0", variables.get("PLIMSOLL_DEVICES"));
        assertEquals("0,1,2", variables.get("CUDA_VISIBLE_DEVICES"));
    }

    @Test
    void shouldShowNoDeviceForNumbersThatStandForNone()
    {
        final Assignment assignment = Assignments.of(1).slots(new SlotGrant("cuda.device", true, 1, 0b1)).make();
        final Seat seat = new Seat(new BitSet(), new BitSet(), Map.of("cuda.device", new TreeMap<>()));
        final LaunchSpec spec = new LaunchSpec(List.of("x"), Map.of(), null, null, 0, 0);
        final Map<String, String> variables =
            new LaunchEnvironment(Map.of(), host).variables(new KernelLaunch(assignment, spec, null), seat);
        assertEquals("cuda.device=", variables.get("PLIMSOLL_DEVICES"));
        assertEquals("", variables.get("CUDA_VISIBLE_DEVICES"));
    }

    @Test
    void shouldNameThePhysicalDevicesThatNumbersStandFor()
    {
        final Assignment assignment = Assignments.of(1).slots(new SlotGrant("cuda.device", true, 2, 0b110)).make();
        final Seat seat = new Seat(
            CpuList.parse("4-5"), new BitSet(), Map.of("cuda.device", new TreeMap<>(Map.of(1, "cuda7", 2, "cuda6"))));
        final LaunchSpec spec = new LaunchSpec(List.of("x"), Map.of(), null, null, 0, 0);
        final Map<String, String> variables =
            new LaunchEnvironment(Map.of(), host).variables(new KernelLaunch(assignment, spec, null), seat);
        assertEquals("cuda.device=6,7", variables.get("PLIMSOLL_DEVICES"));
        assertEquals("6,7", variables.get("CUDA_VISIBLE_DEVICES"));
        assertEquals("PCI_BUS_ID", variables.get("CUDA_DEVICE_ORDER"));
        assertEquals("4-5", variables.get("PLIMSOLL_CPUS"));
    }
}
