package io.plimsoll.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.plimsoll.agent.runtime.DockerDaemon;
import io.plimsoll.agent.runtime.DockerRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A manager and two agents with an engine each, of which the first cannot run what the second can: the session runs
 * there, within the deadlines that are configured; and where nobody can, it says why.
 */
class RetriedElsewhereIT
{
    private static final Duration TIMEOUT = Duration.ofSeconds(180);

    @TempDir
    private static Path directory;
    private static Workspace workspace;
    private static DockerDaemon first;
    private static DockerDaemon second;
    private static DockerRegistry registry;
    private static ApiProbe api;

    @BeforeAll
    static void startCluster() throws IOException
    {
        Requirement.root();
        first = DockerDaemon.launch();
        second = DockerDaemon.launch();
        registry = DockerRegistry.launch(first.directory());
        workspace = new Workspace("retried-elsewhere", directory);
        final Path data = workspace.path("data");
        final int port = Workspace.freePort();
        final ClusterProcess manager = workspace.start(
            "manager", "manager", "--data", data.toString(), "--listen", "127.0.0.1:" + port);
        api = new ApiProbe(port, data).awaitReady(manager);
        startAgent("a", port, data, first);
        startAgent("b", port, data, second);
        api.awaitAgents(2);
    }

    private static void startAgent(final String name, final int port, final Path data, final DockerDaemon engine)
        throws IOException
    {
        final Path config = workspace.path(name + ".yaml");
        Files.writeString(config, "agent: {docker: {host: '" + engine.host() +
            "', pull-progress: 3s, call-timeout: 5s, come-back: 4s}}\n");
        workspace.start(
            name, "agent", "--config", config.toString(), "--manager", "127.0.0.1:" + (port + 1),
            "--join-token-file", data.resolve("join-token").toString(), "--data", workspace.path(name).toString(),
            "--cpu", "4", "--mem", "1g", "--name", name);
    }

    @AfterAll
    static void stopCluster()
    {
        if (null != workspace)
        {
            workspace.close();
        }
        if (null != registry)
        {
            registry.close();
        }
        for (final DockerDaemon engine : null == second ? List.<DockerDaemon>of() : List.of(first, second))
        {
            engine.close();
        }
    }

    @AfterEach
    void goOn()
    {
        first.signal("CONT");
        second.signal("CONT");
    }

    /** One that would rather run on the agent that cannot run it. */
    private static long submit(final String image)
    {
        return api.post("/v1/sessions", Map.of(
            "command", List.of("sh", "-c", "exit 3"), "image", image, "prefer", "a", "cpu", 1)).path("id").asLong();
    }

    private static JsonNode awaitEnd(final long id)
    {
        Await.until(TIMEOUT, () -> "the end of " + api.session(id), () -> ApiProbe.hasEnded(api.session(id)));
        return api.session(id);
    }

    private static void assertRanOnTheSecond(final long id)
    {
        final JsonNode session = awaitEnd(id);
        assertEquals("TERMINATED", session.path("state").asText(), session::toString);
        assertEquals(3, session.path("exitCode").asInt(), session::toString);
        assertEquals("b", session.at("/kernels/0/agent").asText(), session::toString);
        assertEquals(2, session.path("attempt").asInt(), session::toString);
    }

    /** The second has what the first would have to fetch. */
    private static String imageOfTheSecond(final String name)
    {
        second.ask("tag " + DockerDaemon.IMAGE + " " + name);
        return name;
    }

    @Test
    void shouldRunElsewhereWhatOneRegistryDoesNotGive() throws IOException
    {
        final String broken = registry.image("broken:1");
        registry.push(first, broken, "broken");
        registry.breakLayers(first.directory().resolve("rootfs/etc/passwd"));
        final List<Long> ids;
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress()))
        {
            final int closed = Workspace.freePort();
            ids = List.of(
                submit(imageOfTheSecond("127.0.0.1:" + closed + "/down:1")),
                submit(imageOfTheSecond("127.0.0.1:" + silent.getLocalPort() + "/slow:1")),
                submit(imageOfTheSecond(broken)),
                submit(imageOfTheSecond(registry.image("unknown:1"))));
            ids.forEach(RetriedElsewhereIT::assertRanOnTheSecond);
        }
    }

    @Test
    void shouldSayThatNobodyHasTheImage()
    {
        final JsonNode session = awaitEnd(submit(registry.image("nowhere:1")));
        assertEquals("ERROR", session.path("state").asText(), session::toString);
        assertEquals("pull-failed", session.path("reason").asText(), session::toString);
        assertEquals(3, session.path("attempt").asInt(), session::toString);
        assertTrue(session.at("/kernels/0/detail").asText().contains("nowhere"), session::toString);
    }

    @Test
    void shouldRunElsewhereWhileAnEngineHangsAndWaitWhileBothDo()
    {
        first.signal("STOP");
        final long elsewhere = submit(DockerDaemon.IMAGE);
        assertRanOnTheSecond(elsewhere);
        second.signal("STOP");
        awaitDegraded("a", true);
        awaitDegraded("b", true);
        final long waits = submit(DockerDaemon.IMAGE);
        // An agent comes back with its new label, and is unreconciled for a moment.
        Await.until(TIMEOUT, () -> "two engines down in " + explain(waits), () ->
            2 == explain(waits).path("agents").path("rejected").path("container engine down").asInt());
        assertEquals("PENDING", explain(waits).path("state").asText());
        second.signal("CONT");
        final JsonNode session = awaitEnd(waits);
        assertEquals(3, session.path("exitCode").asInt(), session::toString);
        assertEquals(1, session.path("attempt").asInt(), session::toString);
        first.signal("CONT");
        awaitDegraded("a", false);
    }

    private static JsonNode explain(final long id)
    {
        return api.get("/v1/sessions/" + id + "/explain");
    }

    private static void awaitDegraded(final String name, final boolean degraded)
    {
        Await.until(TIMEOUT, () -> "degraded: " + degraded + " in " + api.get("/v1/agents"), () ->
        {
            for (final JsonNode agent : api.get("/v1/agents").path("agents"))
            {
                final boolean isDegraded = agent.path("labels").toString().contains("degraded");
                if (name.equals(agent.path("name").asText()) && degraded == isDegraded)
                {
                    return true;
                }
            }
            return false;
        });
    }
}
