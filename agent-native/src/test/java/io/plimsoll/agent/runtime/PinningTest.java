package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.Assignments;
import io.plimsoll.agent.kernel.KernelDirectory;
import io.plimsoll.agent.kernel.KernelKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the system says that kernels are, and in which class. */
class PinningTest
{
    /** Of stat: real-time priority, and policy. */
    private static final String CLASS = "cut -d' ' -f40,41 /proc/self/stat";

    @TempDir
    private Path directory;
    private Processes processes;

    @BeforeEach
    void before() throws IOException
    {
        processes = new Processes(directory);
    }

    @AfterEach
    void after()
    {
        processes.close();
    }

    private String output(final KernelKey key)
    {
        processes.awaitEnd(key);
        return processes.text(key, KernelDirectory.STDOUT);
    }

    @Test
    void shouldBeBornOnItsCoresWithMemoryBesideThem() throws IOException
    {
        Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/numa_maps")), "this system does not tell of memory");
        for (int i = 1; i <= 4; i++)
        {
            final KernelKey key = processes.launch(Assignments.of(i).cpu(1000).memory(1 << 20).shell(
                "grep Cpus_allowed_list /proc/self/status; cut -d' ' -f2 /proc/self/numa_maps | sort -u").make());
            final String[] lines = output(key).split("\n");
            final String cpus = processes.startedOn.get(key);
            assertEquals("Cpus_allowed_list:\t" + cpus, lines[0]);
            assertEquals("prefer:" + nodeOf(cpus), lines[1]);
            // The agent's own memory goes where it always went.
            assertTrue(Files.readAllLines(Path.of("/proc/thread-self/numa_maps")).get(0).contains(" default "));
        }
    }

    private static String nodeOf(final String cpu) throws IOException
    {
        final List<String> nodes = new ArrayList<>();
        try (var entries = Files.newDirectoryStream(Path.of("/sys/devices/system/cpu/cpu" + cpu), "node[0-9]*"))
        {
            entries.forEach(entry -> nodes.add(entry.getFileName().toString().substring("node".length())));
        }
        assertEquals(1, nodes.size());
        return nodes.get(0);
    }

    @ParameterizedTest
    @CsvSource({"rr:10,10 2", "fifo:1,1 1", "other,0 0"})
    void shouldScheduleKernelsWithWholeCores(final String scheduling, final String expected) throws IOException
    {
        processes.restart(ProcessOptions.defaults().withScheduling(Scheduling.parse(scheduling)));
        Assumptions.assumeTrue(0 == Libc.geteuid(), "only root may do that");
        assertEquals(expected + '\n', output(processes.launch(Assignments.of(1).cpu(1000).shell(CLASS).make())));
        assertEquals("0 0\n", output(processes.launch(Assignments.of(2).cpu(500).shell(CLASS).make())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "fast", "fifo", "fifo:0", "rr:100", "rr:x", "other:3"})
    void shouldRefuseWhatIsNoClass(final String text)
    {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Scheduling.parse(text))
            .getMessage().endsWith("found '" + text + "'"));
    }

    /** The same that a host does that does not permit it: what started this process may not, so a child may not. */
    @Test
    void shouldGoOnWhereThatIsForbidden() throws IOException
    {
        final String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        final Path data = Files.createDirectory(directory.resolve("data"));
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")) && 0 == Libc.geteuid());
        final KernelKey key = processes.launch(Assignments.of(1).command(
            "/usr/bin/setpriv", "--bounding-set=-sys_nice", java,
            "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED", "-Xmx64m", "-XX:TieredStopAtLevel=1", "-cp",
            System.getProperty("java.class.path"), ForbiddenScheduling.class.getName(), data.toString(),
            directory.resolve("classes").toString()).make());
        assertEquals(0, processes.awaitEnd(key).exitCode(), () -> processes.text(key, KernelDirectory.STDERR));
        assertEquals("0 0\n0 0\n", Files.readString(directory.resolve("classes")));
    }
}
