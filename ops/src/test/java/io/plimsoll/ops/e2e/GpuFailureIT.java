package io.plimsoll.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** GPUs of a driver that does what a script says: found, given out, and taken out when one fails. */
class GpuFailureIT
{
    private static final Duration TIMEOUT = Duration.ofSeconds(120);
    private static final String ECHO = "echo $PLIMSOLL_DEVICES $CUDA_VISIBLE_DEVICES";

    @TempDir
    private Path directory;
    private Workspace workspace;
    private Path driver;

    @BeforeEach
    void setUp() throws IOException
    {
        Requirement.command("gcc", "gcc");
        Requirement.of(Files.exists(Path.of("/usr/include/stdlib.h")), "as root: apt-get install libc6-dev");
        workspace = new Workspace("gpus", directory);
        driver = Files.createDirectories(workspace.path("driver"));
        final Path source = Path.of(
            System.getProperty("plimsoll.root"), "agent-native/src/test/resources/io/plimsoll/agent/gpu/nvml.c");
        final Shell.Outcome compiled = Shell.exec(
            "gcc", "-shared", "-fPIC", "-o", driver.resolve("libnvidia-ml.so.1").toString(), source.toString(), "-ldl");
        assertEquals(0, compiled.exitCode(), compiled.toString());
        say("gpu GPU-0 0000:10:00.0 81920 NVIDIA_A100-SXM4-80GB\ngpu GPU-1 0000:11:00.0 81920 NVIDIA_A100-SXM4-80GB\n" +
            "gpu GPU-2 0000:12:00.0 81920 NVIDIA_A100-SXM4-80GB\nlevel 0 1 10\n");
    }

    @AfterEach
    void tearDown()
    {
        if (null != workspace)
        {
            workspace.close();
        }
    }

    @Test
    void shouldGiveAGpuThatFailedToNobody() throws IOException
    {
        final Path data = workspace.path("data");
        final int port = Workspace.freePort();
        final ClusterProcess process = workspace.start(
            "up", List.of("env", "LD_LIBRARY_PATH=" + driver), "up", "--data", data.toString(),
            "--listen", "127.0.0.1:" + port, "--cpu", "4", "--name", "local");
        new ApiProbe(port, data).awaitReady(process).awaitAgents(1);
        final Cli cli = new Cli(workspace).on(data);
        assertEquals("cuda.device=0,1 0,1", cli.ok(
            "run", "--gpu", "2", "--cpu", "1", "--device-model", "A100-SXM4-80GB", "--", "sh", "-c", ECHO).strip());

        final String held = cli.ok("submit", "--gpu", "1", "--cpu", "1", "--", "sleep", "600").strip();
        Await.until(TIMEOUT, "it runs", () -> cli.ok("show", held).contains("RUNNING"));
        say("event 1 8 79\n");
        Await.until(
            TIMEOUT, "the manager knows", () -> cli.ok("agents", "--label", "cuda.failed=cuda1").contains("=1/2"));
        // Whoever runs goes on, and the number of the GPU that failed stands for one that works.
        assertEquals(
            "cuda.device=2 2", cli.ok("run", "--gpu", "1", "--cpu", "1", "--", "sh", "-c", ECHO).strip());
        assertTrue(cli.ok("show", held).contains("RUNNING"));
        assertEquals(5, cli.run("run", "--gpu", "3", "--", "true").exitCode());
        cli.ok("cancel", held);
    }

    @Test
    void shouldShowTheGpusOfThisHost() throws IOException
    {
        final JsonNode host = new ObjectMapper().readTree(
            new Cli(workspace).with("LD_LIBRARY_PATH", driver.toString()).ok("agent", "topology", "-o", "json"));
        assertEquals(3, host.path("devices").size());
        assertEquals("GPU-2", host.path("devices").get(2).path("uuid").asText());
        assertEquals("single", host.path("levels").get(0).path("level").asText());
        final Path file = workspace.path("host.json");
        Files.writeString(file, host.toString());
        assertTrue(new Cli(workspace).ok(
            "agent", "allocate", "--topology", file.toString(), "--request", "cuda.device=3,cpu=1").contains("cuda2"));
    }

    private void say(final String lines) throws IOException
    {
        Files.writeString(
            driver.resolve("script"), lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
