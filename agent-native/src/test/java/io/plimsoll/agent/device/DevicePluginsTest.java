package io.plimsoll.agent.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.Await;
import io.plimsoll.agent.topology.DeviceDetails;
import io.plimsoll.agent.topology.FailedDevice;
import io.plimsoll.agent.topology.HostDevice;
import io.plimsoll.agent.topology.HostTopology;
import io.plimsoll.agent.topology.TopologyReader;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Devices of plugins, by the one that comes with the agent. */
class DevicePluginsTest
{
    private static final String TWO_KINDS = """
        devices:
          - {id: npu0, slot: npu.device, numa: 0, pci: "0000:17:00.0", model: N1, memory: 16g,
             variables: {NPU_VISIBLE: 0, NPU_MODE: fast}, percent: 40, memoryUsed: 1024, watts: 61.5}
          - {id: npu1, slot: npu.device, numa: 1, model: N1, variables: {NPU_VISIBLE: 1}}
          - {id: fpga0-0, slot: fpga.slice, unique: true, parent: fpga0, capacity: 1, quantum: 0}
        """;

    private final HostTopology host = TopologyReader.read("""
        {"numa": [{"id": 0, "cpus": "0-3", "memory": "8g"}, {"id": 1, "cpus": "4-7", "memory": "8g"}],
         "devices": [{"id": "cuda0", "slot": "cuda.device"}]}""");

    @TempDir
    private Path directory;

    private Path file(final String text) throws IOException
    {
        return Files.writeString(directory.resolve("devices.yaml"), text);
    }

    private DevicePlugins open(final String text) throws IOException
    {
        return new DevicePlugins(Map.of("file", file(text).toString()), host);
    }

    private static List<String> ids(final DevicePlugins plugins)
    {
        return plugins.devices().stream().map(HostDevice::id).toList();
    }

    @Test
    void shouldFindSeveralKinds() throws IOException
    {
        try (DevicePlugins plugins = open(TWO_KINDS))
        {
            assertEquals(List.of(), plugins.notes());
            assertEquals(List.of("npu0", "npu1", "fpga0-0"), ids(plugins));
            final HostDevice npu = plugins.devices().get(0);
            assertEquals("npu.device", npu.slot());
            assertEquals(0, npu.numa());
            assertEquals("0000:17:00.0", npu.pci());
            assertEquals(16L << 30, npu.details().memoryBytes());
            assertTrue(plugins.devices().get(2).unique());
            assertEquals(61_500, plugins.samples().get(0).powerMilliwatt());
            assertEquals(1, plugins.samples().size());
            assertEquals(
                Map.of("NPU_VISIBLE", "0,1", "NPU_MODE", "fast"),
                plugins.access(List.of("npu0", "npu1", "cuda0")).variables());
        }
    }

    @Test
    void shouldGiveWhatComesWithDevicesOnce() throws IOException
    {
        try (DevicePlugins plugins = open("""
            devices:
              - {id: n0, slot: npu.device, files: [/dev/n0, {path: /dev/ctl, as: /dev/c, permissions: rw}],
                 mounts: [/opt/npu], requests: [{driver: npu, ids: [0], capabilities: [npu]}],
                 cgroupRules: ["c 240:* rwm"]}
              - {id: n1, slot: npu.device, files: [/dev/n1, {path: /dev/ctl, as: /dev/c, permissions: rw}],
                 mounts: [/opt/npu, {source: /var/n1, target: /n1, readOnly: false}], cgroupRules: ["c 240:* rwm"]}
            """))
        {
            assertEquals(List.of(), plugins.notes());
            final DeviceAccess access = plugins.access(List.of("n0", "n1"));
            assertEquals(
                List.of(
                    new DeviceAccess.DeviceFile("/dev/n0", "/dev/n0", "rwm"),
                    new DeviceAccess.DeviceFile("/dev/ctl", "/dev/c", "rw"),
                    new DeviceAccess.DeviceFile("/dev/n1", "/dev/n1", "rwm")),
                access.files());
            assertEquals(
                List.of(
                    new DeviceAccess.Mount("/opt/npu", "/opt/npu", true),
                    new DeviceAccess.Mount("/var/n1", "/n1", false)),
                access.mounts());
            assertEquals(
                List.of(new DeviceAccess.Request("npu", List.of("0"), List.of("npu"))), access.requests());
            assertEquals(List.of("c 240:* rwm"), access.cgroupRules());
            assertEquals(DeviceAccess.NONE, plugins.access(List.of("cuda0")));
        }
    }

    @Test
    void shouldGoOnWhileAPluginHangs() throws IOException
    {
        final Path services = Files.createDirectories(directory.resolve("jar/META-INF/services"));
        Files.writeString(services.resolve(DevicePlugin.class.getName()), Hanging.class.getName() + "\n");
        final ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader loader = new URLClassLoader(
            new URL[]{directory.resolve("jar/").toUri().toURL()}, before))
        {
            Thread.currentThread().setContextClassLoader(loader);
            try (DevicePlugins plugins = new DevicePlugins(Map.of("hanging", ""), host))
            {
                assertEquals(List.of("h0"), ids(plugins));
                plugins.look();
                final long looks = Hanging.LOOKS.get();
                plugins.look();
                plugins.look();
                assertEquals(looks, Hanging.LOOKS.get(), "nobody is sent after the one that hangs");
                assertEquals(List.of("h0"), ids(plugins));
                Hanging.HUNG.countDown();
                Await.until("it is looked at again", () ->
                {
                    plugins.look();
                    return Hanging.LOOKS.get() > looks;
                });
                assertEquals(List.of("h0"), ids(plugins));
            }
        }
        finally
        {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    /** Answers once, and then not for a while. */
    public static final class Hanging implements DevicePlugin
    {
        static final AtomicLong LOOKS = new AtomicLong();
        static final CountDownLatch HUNG = new CountDownLatch(1);

        @Override
        public String name()
        {
            return "hanging";
        }

        @Override
        public void open(final String setting, final HostTopology around)
        {
            LOOKS.set(0);
        }

        @Override
        public List<PluginDevice> look()
        {
            if (LOOKS.incrementAndGet() > 1)
            {
                awaitEnd();
            }
            return List.of(new PluginDevice(
                new HostDevice(
                    "h0", "h.device", HostDevice.NO_NODE, HostDevice.MILLIS, 0, false, "", "", List.of(),
                    DeviceDetails.NONE),
                "", null, DeviceAccess.NONE));
        }

        private static void awaitEnd()
        {
            try
            {
                HUNG.await();
            }
            catch (final InterruptedException e)
            {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void shouldTakeOutWhatFailsOrIsGoneAndKeepItOut() throws IOException
    {
        try (DevicePlugins plugins = open(TWO_KINDS))
        {
            file(TWO_KINDS.replace("{id: npu1,", "{id: npu1, healthy: false, reason: smoke,"));
            plugins.look();
            assertEquals(List.of("npu0", "fpga0-0"), ids(plugins));
            assertEquals(
                List.of(new FailedDevice("npu1", "npu.device", "", "", "smoke")), plugins.failed());

            file(TWO_KINDS.substring(0, TWO_KINDS.indexOf("  - {id: fpga")));
            plugins.look();
            assertEquals(List.of("npu0"), ids(plugins), "one that was repaired comes back with the next start");
            assertEquals("it is gone", plugins.failed().get(1).reason());
        }
    }

    @Test
    void shouldGoOnWithWhatItKnewWhenTheFileBreaks() throws IOException
    {
        try (DevicePlugins plugins = open(TWO_KINDS))
        {
            file("devices: [");
            plugins.look();
            Files.delete(directory.resolve("devices.yaml"));
            plugins.look();
            assertEquals(List.of("npu0", "npu1", "fpga0-0"), ids(plugins));
            assertEquals(List.of(), plugins.failed());
            file(TWO_KINDS + "  - {id: npu9, slot: npu.device}\n");
            plugins.look();
            assertEquals(3, plugins.devices().size(), "what is plugged in later is counted by the next start");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "devices: [                                   | line 1",
        "npus: []                                     | devices: is missing",
        "devices: [{id: a, slot: cpu}]                | the slot cpu should be a name such as npu.device",
        "devices: [{id: a, slot: npu.shares}]         | call the slot npu.device",
        "devices: [{id: a, slot: x}, {id: a, slot: x}]| two devices a",
        "devices: [{id: cuda0, slot: x}]              | two devices cuda0",
        "devices: [{id: s, slot: x, parent: cuda0}]   | cuda0 is offered whole (cuda.device) beside its slice s (x)",
        "devices: [{id: a, slot: n.device}, {id: s, slot: x, parent: a}]| devices[1].parent: a is offered whole",
        "devices: [{id: a, slot: x, numa: 7}]         | there is no node 7",
        "devices: [{id: a, slot: x, files: /dev/a}]   | device a: files: should be a list",
        "devices: [{id: a, slot: x, files: [dev/a]}]  | device a: files: 'dev/a' should be an absolute path",
        "devices: [{id: a, slot: x, files: [{as: /a}]}]| device a: files: path should be a text",
        "devices: [{id: a, slot: x, files: [{path: /a, permissions: x}]}]| files: 'x' should be permissions of r, w",
        "devices: [{id: a, slot: x, mounts: [/a/../b]}]| device a: mounts: '/a/../b' should be an absolute path",
        "devices: [{id: a, slot: x, requests: [{}]}]  | device a: requests: '' should be the name of a driver",
        "devices: [{id: a, slot: x, cgroupRules: [c 1 rwm]}]| device a: cgroupRules: 'c 1 rwm' should be type",
        "devices: [{slot: x}]                         | id"})
    void shouldSayWhatIsWrongWithAFile(final String text, final String expected) throws IOException
    {
        try (DevicePlugins plugins = open(text))
        {
            assertEquals(List.of(), plugins.devices());
            assertEquals(1, plugins.notes().size());
            assertTrue(plugins.notes().get(0).startsWith("device plugin file is broken"), plugins.notes().toString());
            assertTrue(plugins.notes().get(0).contains(expected), plugins.notes().toString());
        }
    }

    @Test
    void shouldNameAPluginThatIsNotThere()
    {
        try (DevicePlugins plugins = new DevicePlugins(Map.of("fil", "x"), host))
        {
            assertEquals(
                List.of("agent.devices.fil: there is no such plugin; there are file"), plugins.notes());
        }
    }

    @Test
    void shouldGoOnWithoutAPluginThatCannotBeMade() throws IOException
    {
        final Path services = Files.createDirectories(directory.resolve("jar/META-INF/services"));
        Files.writeString(services.resolve(DevicePlugin.class.getName()), "org.example.NotThere\n");
        final ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader loader = new URLClassLoader(
            new URL[]{directory.resolve("jar/").toUri().toURL()}, before))
        {
            Thread.currentThread().setContextClassLoader(loader);
            try (DevicePlugins plugins = open(TWO_KINDS))
            {
                assertEquals(3, plugins.devices().size());
                assertTrue(plugins.notes().get(0).contains("org.example.NotThere"), plugins.notes().toString());
            }
        }
        finally
        {
            Thread.currentThread().setContextClassLoader(before);
        }
    }
}
