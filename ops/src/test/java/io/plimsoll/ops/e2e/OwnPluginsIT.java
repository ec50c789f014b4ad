package io.plimsoll.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of a runtime and of devices of one's own, as jars that an agent of the distribution loads. */
class OwnPluginsIT
{
    private static final Duration TIMEOUT = Duration.ofSeconds(180);

    @TempDir
    private Path directory;
    private Workspace workspace;
    private Path data;
    private Path devices;
    private Path config;
    private int port;
    private Cli client;

    @BeforeEach
    void setUp() throws IOException
    {
        workspace = new Workspace("own-plugins", directory);
        data = workspace.path("data");
        devices = Files.createDirectories(workspace.path("acme"));
        for (int i = 0; i < 2; i++)
        {
            Files.createDirectory(devices.resolve("acme" + i));
        }
        // Which file a device has is its plugin's affair; here it is one that everybody has.
        final Path files = Files.createDirectories(workspace.path("dev"));
        Files.createSymbolicLink(files.resolve("acme0"), Path.of("/dev/null"));
        config = Files.writeString(workspace.path("plimsoll.yaml"), String.join("\n",
            "agent:",
            "  runtimes:",
            "    wrapped: nice -n 3",
            "    absent: \"\"",
            "  devices:",
            "    acme: " + devices + " " + files,
            ""));
        port = Workspace.freePort();
        client = new Cli(workspace).on(data);
        ExampleJar.build("own-runtime", workspace.path("runtime"), workspace.plugins().resolve("runtime.jar"));
        ExampleJar.build("own-device", workspace.path("device"), workspace.plugins().resolve("device.jar"));
    }

    @AfterEach
    void tearDown()
    {
        workspace.close();
    }

    private ClusterProcess start(final String name) throws IOException
    {
        final ClusterProcess process = workspace.start(
            name, "up", "--data", data.toString(), "--listen", "127.0.0.1:" + port, "--cpu", "2", "--name", "local",
            "--config", config.toString());
        new ApiProbe(port, data).awaitReady(process).awaitAgents(1);
        Await.until(TIMEOUT, "it says that it runs", () -> process.output().contains("stop with Ctrl-C"));
        return process;
    }

    /** Which those that are started here have too; see proc(5). */
    private static int ownNiceness() throws IOException
    {
        final String stat = Files.readString(Path.of("/proc/self/stat"));
        return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[16]);
    }

    @Test
    void shouldRunByItsOwnRuntimeAndFindItsOwnDevices() throws IOException, InterruptedException
    {
        final ClusterProcess first = start("first");
        assertTrue(first.output().contains("note: agent.runtimes.absent: there is no such plugin; there are wrapped"),
            first.output());
        assertTrue(client.ok("agents", "--label", "runtime.wrapped").contains("local"));
        assertEquals("hello " + Math.min(19, 3 + ownNiceness()), client.ok(
            "run", "--cpu", "1", "--runtime", "wrapped", "--", "sh", "-c", "echo hello $(nice)").strip());
        assertEquals(7, client.run("run", "--runtime", "wrapped", "--", "sh", "-c", "exit 7").exitCode());
        assertEquals("acme.device=0 0", client.ok(
            "run", "--slot", "acme.device=1", "--runtime", "wrapped", "--",
            "sh", "-c", "echo $PLIMSOLL_DEVICES $ACME_VISIBLE_DEVICES").strip());

        final Cli.Outcome nowhere = client.run("run", "--runtime", "absent", "--", "true");
        assertEquals(5, nowhere.exitCode(), nowhere.toString());
        assertTrue(nowhere.err().contains("or the runtime that was named"), nowhere.toString());
        final Cli.Outcome badName = client.run("run", "--runtime", "No Name", "--", "true");
        assertEquals(5, badName.exitCode(), badName.toString());
        assertTrue(badName.err().contains("the name of a runtime"), badName.toString());
        // The second device has no file, so a process that is given both cannot have it.
        final Cli.Outcome noFile = client.run("run", "--slot", "acme.device=2", "--", "true");
        assertTrue(noFile.toString().contains("dev/acme1 is not there"), noFile.toString());

        final String held = client.ok(
            "submit", "--runtime", "wrapped", "--", "sh", "-c", "while [ ! -e go ]; do sleep 0.1; done; exit 4");
        Await.until(TIMEOUT, "it runs", () -> client.ok("show", held.strip()).contains("RUNNING"));
        assertEquals("beside", client.ok("exec", held.strip(), "--", "echo", "beside").strip());
        first.kill();
        final ClusterProcess second = start("second");
        client.ok("exec", held.strip(), "--", "touch", "go");
        Await.until(TIMEOUT, "its end is known", () -> client.ok("show", held.strip()).contains("TERMINATED"));
        assertTrue(client.ok("show", held.strip()).contains("exit 4") ||
            client.ok("show", held.strip()).contains("exit-code"), client.ok("show", held.strip()));
        second.terminate();
    }

    @Test
    void shouldGoOnWithoutAJarThatIsNone() throws IOException
    {
        final ClusterProcess manager = workspace.start(
            "manager", "manager", "--data", data.toString(), "--listen", "127.0.0.1:" + port);
        new ApiProbe(port, data).awaitReady(manager);
        Files.writeString(workspace.plugins().resolve("half.jar"), "half a download");
        final ClusterProcess agent = workspace.start(
            "agent", "agent", "--data", workspace.path("apart").toString(), "--config", config.toString(),
            "--manager", "http://127.0.0.1:" + port, "--join-token-file", data.resolve("join-token").toString(),
            "--name", "apart");
        new ApiProbe(port, data).awaitAgents(1);
        Await.until(TIMEOUT, "it says what is wrong", () ->
            agent.output().contains("half.jar: is no jar that can be read"));
        assertEquals("hello", client.ok("run", "--runtime", "wrapped", "--", "echo", "hello").strip());
    }
}
