package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Device;
import com.github.dockerjava.api.model.HostConfig;
import io.plimsoll.agent.Assignments;
import io.plimsoll.agent.device.DeviceAccess;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.transport.sbe.ReportReason;
import java.io.IOException;
import java.nio.file.Path;
import io.plimsoll.transport.StdinMode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes with devices, to processes and to containers. */
class DeviceAccessTest
{
    @TempDir
    private Path directory;

    private static DeviceAccess file(final String path, final String target)
    {
        return new DeviceAccess(
            Map.of("NPU", "0"), List.of(new DeviceAccess.DeviceFile(path, target, "rw")), List.of(), List.of(),
            List.of());
    }

    private static DeviceAccess mount(final String source, final String target)
    {
        return new DeviceAccess(
            Map.of(), List.of(), List.of(new DeviceAccess.Mount(source, target, true)), List.of(), List.of());
    }

    @Test
    void shouldTellWhatAProcessCannotHave()
    {
        assertNull(ProcessDevices.obstacle(file("/dev/null", "/dev/null")));
        assertNull(ProcessDevices.obstacle(mount("/etc", "/etc")));
        assertEquals(
            "the device file /dev/no-such-npu is not there",
            ProcessDevices.obstacle(file("/dev/no-such-npu", "/dev/no-such-npu")));
        assertEquals(
            "a device brings /dev/null as /dev/npu0, which only containers can be given: submit it with --image",
            ProcessDevices.obstacle(file("/dev/null", "/dev/npu0")));
        assertEquals(
            "/no/driver, which comes with a device, is not there",
            ProcessDevices.obstacle(mount("/no/driver", "/no/driver")));
        assertEquals(
            "a device brings /etc as /npu, which only containers can be given: submit it with --image",
            ProcessDevices.obstacle(mount("/etc", "/npu")));
    }

    @Test
    void shouldFailAProcessWhoseDeviceFileIsNotThere() throws IOException
    {
        try (Processes processes = new Processes(directory))
        {
            processes.runtime.deviceAccess(ids -> file("/dev/no-such-npu", "/dev/no-such-npu"));
            final KernelKey key = processes.launch(Assignments.of(1).command("/bin/true").make());
            final KernelEnd end = processes.awaitEnd(key);
            assertEquals(ReportReason.LAUNCH_FAILED, end.reason());
            assertEquals("the device file /dev/no-such-npu is not there", end.detail());
            processes.runtime.deviceAccess(ids -> file("/dev/null", "/dev/null"));
            assertEquals(KernelEnd.exited(0), processes.awaitEnd(
                processes.launch(Assignments.of(2).shell("[ \"$NPU\" = 0 ]").make())));
        }
    }

    @Test
    void shouldAskTheEngineForAllOfIt()
    {
        final DeviceAccess access = new DeviceAccess(
            Map.of(),
            List.of(new DeviceAccess.DeviceFile("/dev/n0", "/dev/accel", "rw")),
            List.of(new DeviceAccess.Mount("/opt/npu", "/npu", true), new DeviceAccess.Mount("/var/n", "/n", false)),
            List.of(new DeviceAccess.Request("npu", List.of("7"), List.of("npu", "compute"))),
            List.of("c 240:* rwm"));
        final HostConfig config = ContainerRequest.hostConfig(new ContainerPlan(
            "k", "i", List.of("x"), List.of(), Map.of(), "", "", "",
            new ContainerPlan.Limits("", "", 0, 0, 0, 0, Map.of(), List.of("3"), 0),
            List.of(), ContainerPlan.Network.NONE, access, StdinMode.NONE, false));
        assertEquals(List.of(new Device("rw", "/dev/accel", "/dev/n0")), List.of(config.getDevices()));
        assertEquals(List.of("c 240:* rwm"), config.getDeviceCgroupRules());
        assertEquals(List.of("nvidia", "npu"), config.getDeviceRequests().stream().map(r -> r.getDriver()).toList());
        assertEquals(List.of(List.of("npu", "compute")), config.getDeviceRequests().get(1).getCapabilities());
        assertEquals("/opt/npu", config.getBinds()[0].getPath());
        assertEquals(AccessMode.ro, config.getBinds()[0].getAccessMode());
        assertEquals(AccessMode.rw, config.getBinds()[1].getAccessMode());
    }
}
