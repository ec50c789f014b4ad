package io.plimsoll.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Configuration in a real etcd, which is changed, killed and wiped under a manager that runs. */
class EtcdIT
{
    private static final Duration TIMEOUT = Duration.ofSeconds(120);
    private static final String PREFIX = "/plimsoll/test";

    @TempDir
    private Path directory;

    private Workspace workspace;
    private EtcdServer etcd;
    private Path data;
    private int port;
    private ClusterProcess manager;
    private ApiProbe api;

    @BeforeEach
    void setUp() throws IOException
    {
        Requirement.command("etcd", "etcd-server");
        workspace = new Workspace("etcd", directory);
        etcd = new EtcdServer(workspace).start();
        data = workspace.path("manager");
        port = Workspace.freePort();
    }

    @AfterEach
    void tearDown()
    {
        if (null != workspace)
        {
            etcd.close();
            workspace.close();
        }
    }

    @Test
    void shouldFollowAnEtcdThatChangesDiesAndForgets() throws Exception
    {
        put("groups/gpu/order", "lifo");
        put("limits/ring", "1024");
        startManager("up");
        awaitGroup("gpu", "order", "lifo");
        assertEquals("etcd " + PREFIX + "/limits/ring", key("limits.ring").path("from").asText());

        put("groups/gpu/order", "drf");
        put("groups/late/preemption/mode", "terminate");
        put("log/loggers/io.plimsoll.ops", "debug");
        put("limits/ring", "2048");
        put("limits/owner-in-flight", "300");
        put("http/connections", "77");
        put("http/headers", "32k");
        put("liveness/lost", "soon");
        awaitGroup("gpu", "order", "drf");
        Await.until(TIMEOUT, "a group of etcd's alone", () ->
            "terminate".equals(group("late").path("preemption").path("mode").asText()));
        awaitKey("log.loggers.io.plimsoll.ops", "value", "debug");
        awaitKey("limits.ring", "wanted", "2048");
        awaitKey("limits.owner-in-flight", "value", "300");
        assertEquals("1024", key("limits.ring").path("value").asText());
        awaitKey("http.connections", "value", "77");
        awaitKey("http.headers", "wanted", "32k");
        assertEquals("16k", key("http.headers").path("value").asText());
        assertTrue(key("limits.ring").path("restartNeeded").asBoolean());
        Await.until(TIMEOUT, "what makes no sense is refused", () ->
            key("liveness.lost").path("refused").asText().contains("soon is not a duration"));
        assertEquals("1m", key("liveness.lost").path("value").asText());
        assertEquals(2, metric("config_restart_needed"));
        final String shown = new Cli(workspace).ok("config", "show", "--running", "--set", "--data", data.toString());
        assertTrue(shown.contains("after a restart 2048 (etcd " + PREFIX + "/limits/ring)"), shown);
        assertEquals(1, metric("config_refused"));

        etcd.kill();
        Await.until(TIMEOUT, "etcd is missed", () -> 0 == metric("etcd_up"));
        assertWorks();
        etcd.wipe();
        etcd.start();
        Await.until(TIMEOUT, "etcd is back, and empty", () ->
            1 == metric("etcd_up") && 0 < metric("etcd_stale_values"));
        assertWorks();
        assertEquals("2048", key("limits.ring").path("wanted").asText());
        assertEquals("drf", group("gpu").path("order").asText());
        put("groups/gpu/order", "fifo");
        awaitGroup("gpu", "order", "fifo");
        assertEquals("2048", key("limits.ring").path("wanted").asText());

        etcd.kill();
        manager.terminate();
        startManager("again");
        assertTrue(manager.output().contains("the values last seen in it count"), manager.output());
        assertEquals("2048", key("limits.ring").path("value").asText());
        assertWorks();
        etcd.start();
        put("groups/gpu/order", "lifo");
        awaitGroup("gpu", "order", "lifo");
    }

    @Test
    void shouldLeadAgentsToAManagerThatMoves() throws Exception
    {
        startManager("first");
        final ClusterProcess agent = workspace.start(
            "agent", "agent", "--data", workspace.path("agent").toString(), "--etcd", etcd.endpoint(),
            "--etcd-prefix", PREFIX, "--join-token-file", data.resolve("join-token").toString(), "--name", "found");
        api.awaitAgents(1);
        manager.terminate();
        assertEquals("", etcd.get(PREFIX + "/discovery/manager"));
        port = Workspace.freePort();
        startManager("moved");
        api.awaitAgents(1);
        etcd.kill();
        manager.kill();
        startManager("unseen");
        api.awaitAgents(1);
        assertTrue(agent.isAlive());
    }

    @Test
    void shouldLoadNothingOfItWithout() throws Exception
    {
        etcd.close();
        final ClusterProcess plain = workspace.start(
            "plain", "manager", "--data", data.toString(), "--listen", "127.0.0.1:" + port);
        api = new ApiProbe(port, data).awaitReady(plain);
        final String classes = Shell.exec("jcmd", Long.toString(plain.pid()), "GC.class_histogram", "-all").output();
        Requirement.of(classes.contains("io.plimsoll"), "jcmd of a JDK is missing");
        assertFalse(classes.contains("io.etcd") || classes.contains("io.grpc"), "jetcd is loaded");
    }

    private void startManager(final String name) throws IOException
    {
        manager = workspace.start(
            name, "manager", "--data", data.toString(), "--listen", "127.0.0.1:" + port,
            "--etcd", etcd.endpoint(), "--etcd-prefix", PREFIX);
        api = new ApiProbe(port, data).awaitReady(manager);
        // It is ready before it says so.
        final ClusterProcess started = manager;
        Await.until(TIMEOUT, "it says that it runs", () -> started.output().contains("stop with Ctrl-C"));
    }

    /** A submission is journalled and answered. */
    private void assertWorks()
    {
        final JsonNode reply = api.post(
            "/v1/sessions", Map.of("command", List.of("true"), "cpu", "0.1", "mem", "8m"));
        assertTrue(reply.path("id").asLong() > 0, reply.toString());
    }

    private void put(final String key, final String value) throws Exception
    {
        etcd.put(PREFIX + "/" + key, value);
    }

    private void awaitGroup(final String name, final String option, final String value)
    {
        Await.until(TIMEOUT, () -> option + " of " + name + ": " + group(name) + log(), () ->
            value.equals(group(name).path(option).asText()));
    }

    private JsonNode group(final String name)
    {
        return api.get("/v1/groups/" + name);
    }

    private void awaitKey(final String key, final String field, final String value)
    {
        Await.until(TIMEOUT, () -> key + ": " + key(key) + log(), () -> value.equals(key(key).path(field).asText()));
    }

    private String log()
    {
        try
        {
            return "\n" + manager.output() + Files.readString(data.resolve("logs/plimsoll.log"));
        }
        catch (final IOException ex)
        {
            return ex.toString();
        }
    }

    private JsonNode key(final String key)
    {
        for (final JsonNode entry : api.get("/v1/config").path("keys"))
        {
            if (key.equals(entry.path("key").asText()))
            {
                return entry;
            }
        }
        throw new IllegalStateException("no key " + key);
    }

    private long metric(final String name)
    {
        return api.send("GET", "/metrics", null, null).body().lines()
            .filter(line -> line.startsWith("plimsoll_" + name + " "))
            .mapToLong(line -> Long.parseLong(line.split(" ")[1])).findFirst().orElse(-1);
    }
}
