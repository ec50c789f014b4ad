package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.Assignments;
import io.plimsoll.agent.device.DeviceAccess;
import io.plimsoll.agent.kernel.KernelDirectory;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.transport.sbe.ReportReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What comes with devices, seen inside of containers of a real engine. */
class DockerDevicesIT
{
    @RegisterExtension
    static final EngineOfTests ENGINE = new EngineOfTests();

    @TempDir
    private Path directory;
    private Containers containers;

    @BeforeEach
    void start() throws IOException
    {
        Files.createDirectories(directory.resolve("driver"));
        Files.writeString(directory.resolve("driver/version"), "7\n");
        containers = new Containers(directory.resolve("agent"), Containers.options(ENGINE.daemon()));
    }

    @AfterEach
    void stop()
    {
        containers.close();
    }

    private void access(final String file)
    {
        containers.processes.deviceAccess(ids -> new DeviceAccess(
            Map.of("NPU_VISIBLE", "0"),
            List.of(new DeviceAccess.DeviceFile(file, "/dev/npu0", "rw")),
            List.of(new DeviceAccess.Mount(directory.resolve("driver").toString(), "/opt/npu", true)),
            List.of(),
            List.of("c 1:7 rwm")));
    }

    @Test
    void shouldGiveFilesMountsAndRules()
    {
        access("/dev/zero");
        final KernelKey key = containers.launch(1, "test -c /dev/npu0 && head -c 3 /dev/npu0 | wc -c; " +
            "cat /opt/npu/version; touch /opt/npu/x 2>/dev/null || echo read-only; echo $NPU_VISIBLE");
        assertEquals(KernelEnd.exited(0), containers.awaitEnd(key));
        assertEquals("3\n7\nread-only\n0\n", containers.text(key, KernelDirectory.STDOUT));
    }

    @Test
    void shouldFailOneWhoseDeviceFileIsNotThere()
    {
        access("/dev/no-such-npu");
        final KernelEnd end = containers.awaitEnd(containers.launch(Assignments.of(1).spec(
            Containers.shell("true")).make()));
        assertEquals(ReportReason.LAUNCH_FAILED, end.reason());
        assertTrue(end.detail().contains("/dev/no-such-npu"), end.detail());
    }
}
