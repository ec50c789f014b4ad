package io.plimsoll.agent.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.device.DeviceAccess;
import io.plimsoll.agent.device.DevicePlugin;
import io.plimsoll.agent.device.PluginDevice;
import io.plimsoll.agent.plugin.KernelState;
import io.plimsoll.agent.plugin.PluginKernel;
import io.plimsoll.agent.plugin.RuntimeHost;
import io.plimsoll.agent.plugin.RuntimePlugin;
import io.plimsoll.agent.topology.DeviceDetails;
import io.plimsoll.agent.topology.HostDevice;
import io.plimsoll.agent.topology.HostTopology;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The checks themselves: plugins that are broken on purpose, each in a way that one of them names. */
class CheckTest
{
    @TempDir
    private Path directory;
    private final ClassLoader before = Thread.currentThread().getContextClassLoader();
    private URLClassLoader loader;

    @BeforeEach
    void setUp() throws IOException
    {
        final Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.writeString(services.resolve(RuntimePlugin.class.getName()), Forgetful.class.getName() + "\n");
        Files.writeString(services.resolve(DevicePlugin.class.getName()), Careless.class.getName() + "\n");
        loader = new URLClassLoader(new URL[]{directory.toUri().toURL()}, before);
        Thread.currentThread().setContextClassLoader(loader);
    }

    @AfterEach
    void tearDown() throws IOException
    {
        Thread.currentThread().setContextClassLoader(before);
        loader.close();
    }

    private static String broken(final String setting, final Consumer<RuntimeCheck> check)
    {
        return assertThrows(
            AssertionError.class, () -> check.accept(RuntimeCheck.of("forgetful").setting(setting))).getMessage();
    }

    @Test
    void shouldPassWhatIsRight()
    {
        RuntimeCheck.of("forgetful").runsCommands();
        RuntimeCheck.of("forgetful").hasAName();
        DeviceCheck.of("careless").expect(2).all();
    }

    @Test
    void shouldNameARuntimeThatForgetsItsKernels()
    {
        final String said = broken("", RuntimeCheck::keepsEnds);
        assertTrue(said.startsWith("exit 7 was told by the next life of the agent as KernelState[phase=ABSENT"), said);
        assertTrue(said.endsWith(
            "see it again: RuntimeCheck.of(\"forgetful\").setting(\"\").keepsEnds()"), said);
    }

    @Test
    void shouldNameARuntimeThatLosesExitCodes()
    {
        assertTrue(broken("zero", RuntimeCheck::runsCommands).startsWith("exit 3 was told as"));
    }

    @Test
    void shouldNameARuntimeThatKillsForEverySignal()
    {
        final String said = broken("", RuntimeCheck::endsBySignals);
        assertTrue(said.startsWith("a kernel that exits with 9 when it gets signal 15 was told as"), said);
    }

    @Test
    void shouldNameARuntimeThatLittersOrLeavesProcesses()
    {
        final String litter = broken("litter", RuntimeCheck::keepsToItsFiles);
        assertTrue(litter.startsWith("files in the directory of a kernel that do not begin with 'forgetful.'"), litter);
        final String left = broken("", RuntimeCheck::leavesNobody);
        assertTrue(left.startsWith("a process goes on after the end of its kernel"), left);
    }

    @Test
    void shouldNameARuntimeThatIsNotThere()
    {
        assertTrue(assertThrows(AssertionError.class, () -> RuntimeCheck.of("nobody")).getMessage().startsWith(
            "there is no runtime called nobody: is its class named in META-INF/services/"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "twice  | two devices d0",
        "colon  | device d0: files: 'dev/x' should be an absolute path such as /dev/npu0",
        "random | found [HostDevice[id=d0",
        "nowhere| d0 is at node 7, which the host has not",
        "quantum| d0 has a quantum of 300 that its capacity is no multiple of",
        "throws | it rains"})
    void shouldNameWhatIsWrongWithADevicePlugin(final String setting, final String expected)
    {
        final String said = assertThrows(
            AssertionError.class, () -> DeviceCheck.of("careless").setting(setting).all()).getMessage();
        assertTrue(said.contains(expected), said);
        assertEquals(1, said.lines().filter(line -> line.startsWith("see it again: DeviceCheck.of(")).count());
    }

    /** Knows its kernels while it lives, and kills one process of them, whatever the signal. */
    public static final class Forgetful implements RuntimePlugin
    {
        private final Map<String, Process> processes = new ConcurrentHashMap<>();
        private String setting = "";

        @Override
        public String name()
        {
            return "forgetful";
        }

        @Override
        public void open(final String text, final RuntimeHost host)
        {
            setting = text;
        }

        @Override
        public void start(final PluginKernel kernel) throws IOException
        {
            final ProcessBuilder builder = new ProcessBuilder(kernel.command())
                .directory(kernel.workDirectory().toFile())
                .redirectOutput(kernel.stdout().toFile())
                .redirectError(kernel.stderr().toFile());
            builder.environment().putAll(kernel.variables());
            if ("litter".equals(setting))
            {
                Files.createFile(kernel.directory().resolve("crumbs"));
            }
            processes.put(kernel.name(), builder.start());
        }

        @Override
        public KernelState state(final PluginKernel kernel)
        {
            final Process process = processes.get(kernel.name());
            return null == process ? KernelState.absent() :
                process.isAlive() ? KernelState.running((int)process.pid(), null) :
                KernelState.ended("zero".equals(setting) ? 0 : process.exitValue(), "");
        }

        @Override
        public void signal(final PluginKernel kernel, final int signal)
        {
            if (processes.containsKey(kernel.name()))
            {
                processes.get(kernel.name()).destroyForcibly();
            }
        }
    }

    /** Has two devices, and says of them what it is told to. */
    public static final class Careless implements DevicePlugin
    {
        private String setting = "";
        private int looks;

        @Override
        public String name()
        {
            return "careless";
        }

        @Override
        public void open(final String text, final HostTopology host)
        {
            setting = text;
        }

        @Override
        public List<PluginDevice> look() throws IOException
        {
            if ("throws".equals(setting))
            {
                throw new IOException("it rains");
            }
            final List<PluginDevice> devices = new ArrayList<>(List.of(device("d0"), device("d1")));
            if ("twice".equals(setting))
            {
                devices.set(1, device("d0"));
            }
            if ("random".equals(setting) && 0 == ++looks % 2)
            {
                devices.remove(1);
            }
            return devices;
        }

        private PluginDevice device(final String id)
        {
            final List<DeviceAccess.DeviceFile> files = "colon".equals(setting) ?
                List.of(new DeviceAccess.DeviceFile("dev/x", "/dev/x", "rw")) : List.of();
            return new PluginDevice(
                new HostDevice(
                    id, "d.device", "nowhere".equals(setting) ? 7 : 1, HostDevice.MILLIS,
                    "quantum".equals(setting) ? 300 : 0, false, "", "", List.of(), DeviceDetails.NONE),
                "", null, new DeviceAccess(Map.of(), files, List.of(), List.of(), List.of()));
        }
    }
}
