package io.plimsoll.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of a policy of one's own, compiled against the distribution and used by it. */
class OwnPolicyIT
{
    private static final Duration TIMEOUT = Duration.ofSeconds(180);
    private static final String NAME = "small-machines-first";

    @TempDir
    private Path directory;

    private Workspace workspace;
    private Path example;
    private Path jar;
    private Path data;
    private int port;
    private Cli cli;
    private Cli client;

    @BeforeEach
    void setUp() throws IOException
    {
        workspace = new Workspace("own-policy", directory);
        example = Distribution.root().resolve("ops/examples/own-policy");
        jar = workspace.plugins().resolve(NAME + ".jar");
        data = workspace.path("data");
        port = Workspace.freePort();
        cli = new Cli(workspace).with("PLIMSOLL_PLUGINS", workspace.plugins().toString());
        client = new Cli(workspace).on(data);
        ExampleJar.build("own-policy", workspace.path("classes"), jar);
    }

    @AfterEach
    void tearDown()
    {
        workspace.close();
    }

    @Test
    void shouldSimulateByIt() throws IOException
    {
        final String scenario = example.resolve("scenario.yaml").toString();
        final String others = cli.ok("simulate", scenario, "--select", "dispersed");
        assertTrue(others.contains("longest 3599s"), others);
        final String own = cli.ok("simulate", scenario, "--select", NAME);
        assertTrue(own.contains("longest 0s"), own);
        assertTrue(own.contains("small-1"), own);

        final Cli.Outcome unknown = cli.run("simulate", scenario, "--select", "small");
        assertEquals(2, unknown.exitCode(), unknown.toString());
        assertTrue(unknown.err().contains("small is none of best-fit"), unknown.toString());
        assertTrue(unknown.err().contains(NAME), unknown.toString());
        Files.copy(jar, workspace.plugins().resolve("twin.jar"));
        final Cli.Outcome twins = cli.run("simulate", scenario);
        assertEquals(2, twins.exitCode(), twins.toString());
        assertTrue(twins.err().contains("twin.jar: has a policy called '" + NAME + "'"), twins.toString());
    }

    @Test
    void shouldWaitWhileItsJarIsMissing() throws IOException, InterruptedException
    {
        final ClusterProcess first = start("first");
        assertTrue(first.output().contains("policies of your own: " + NAME), first.output());
        final String shown = client.ok("group", "set", "default", "select=" + NAME);
        assertTrue(shown.contains(NAME), shown);
        assertEquals("1", client.ok("submit", "--cpu", "1", "--", "true"));
        client.ok("wait", "--timeout", "5m", "1");
        first.terminate();

        Files.move(jar, workspace.path("kept.jar"));
        final ClusterProcess second = start("second");
        assertFalse(second.output().contains("policies of your own"), second.output());
        assertTrue(client.ok("show", "1").contains("TERMINATED"));
        assertEquals("2", client.ok("submit", "--cpu", "1", "--", "true"));
        final String explained = client.ok("explain", "2");
        assertTrue(explained.contains("group default selects by " + NAME + ", which is not here"), explained);
        assertTrue(explained.contains("waits for       policy"), explained);
        second.terminate();

        Files.writeString(jar, "half a download", StandardCharsets.UTF_8);
        final Cli.Outcome refused = cli.run("up", "--data", data.toString(), "--listen", "127.0.0.1:" + port);
        assertEquals(2, refused.exitCode(), refused.toString());
        assertTrue(refused.err().contains(NAME + ".jar: is no jar that can be read"), refused.toString());

        Files.delete(jar);
        final ClusterProcess third = start("third");
        client.ok("group", "set", "default", "select=concentrated");
        client.ok("wait", "--timeout", "5m", "2");
        third.terminate();

        Files.move(workspace.path("kept.jar"), jar);
        start("fourth");
        client.ok("group", "set", "default", "select=" + NAME);
        assertEquals("3", client.ok("submit", "--cpu", "1", "--", "true"));
        client.ok("wait", "--timeout", "5m", "3");
    }

    private ClusterProcess start(final String name) throws IOException
    {
        final ClusterProcess process = workspace.start(
            name, "up", "--data", data.toString(), "--listen", "127.0.0.1:" + port, "--cpu", "2", "--name", "local");
        new ApiProbe(port, data).awaitReady(process).awaitAgents(1);
        Await.until(TIMEOUT, "it says that it runs", () -> process.output().contains("stop with Ctrl-C"));
        return process;
    }
}
