package io.plimsoll.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.plimsoll.ops.cli.ExitCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way of docs/IDENTITY.md, from nothing, with a manager that is killed on it. */
class IdentityIT
{
    private static final Duration TIMEOUT = Duration.ofSeconds(180);

    @TempDir
    private Path directory;

    private Workspace workspace;
    private Path data;
    private int port;
    private ApiProbe api;
    private ClusterProcess process;
    private Cli admin;
    private final List<String> secrets = new ArrayList<>();

    @BeforeEach
    void setUp() throws IOException
    {
        workspace = new Workspace("identity", directory);
        data = workspace.path("data");
        port = Workspace.freePort();
        start("up");
        admin = client(Files.readString(data.resolve("token")).strip());
    }

    private void start(final String name) throws IOException
    {
        Files.writeString(workspace.path("plimsoll.yaml"), "callbacks: {allow: [127.0.0.0/8]}\n");
        process = workspace.start(
            name, "up", "--config", workspace.path("plimsoll.yaml").toString(), "--data", data.toString(), "--listen",
            "127.0.0.1:" + port, "--cpu", "4", "--name", "local");
        api = new ApiProbe(port, data).awaitReady(process).awaitAgents(1);
    }

    @AfterEach
    void tearDown()
    {
        workspace.close();
    }

    private Cli client(final String token)
    {
        return new Cli(workspace).with("PLIMSOLL_URL", "http://127.0.0.1:" + port).with("PLIMSOLL_TOKEN", token);
    }

    private Cli as(final String user)
    {
        final JsonNode keypair = admin.json("admin", "keypair", "create", "user=" + user, "-o", "json");
        secrets.add(keypair.get("secretKey").asText());
        return client(keypair.get("token").asText());
    }

    @Test
    void shouldShareAClusterFromNothing() throws Exception
    {
        assertFalse(Files.exists(data.resolve("postgres")));
        admin.ok("admin", "domain", "create", "research");
        admin.ok("admin", "project", "create", "vision", "domain=research", "limits.cpu=2", "lifetimeMax=8h");
        admin.ok("admin", "user", "create", "ana", "domain=research", "projects=vision");
        admin.ok("admin", "user", "create", "bo", "domain=research", "projects=vision");
        final Cli ana = as("ana");
        final Cli bo = as("bo");
        assertTrue(ana.ok("whoami").contains("defaultProject            vision"));

        final String runs = ana.ok("submit", "--cpu", "2", "--", "sleep", "600");
        api.awaitState(Long.parseLong(runs), "RUNNING", TIMEOUT);
        final String waits = bo.ok("submit", "--cpu", "1", "--project", "vision", "--", "true");
        final String explained = bo.ok("explain", waits);
        assertTrue(
            explained.contains("project vision: cpu: used 2 + requested 1 > limit 2 (over by 1)"), explained);
        assertEquals(ExitCode.UNKNOWN, bo.run("show", runs).exitCode());
        assertEquals(ExitCode.UNKNOWN, bo.run("cancel", runs).exitCode());
        assertFalse(bo.ok("ps").contains("sleep"));
        assertEquals(ExitCode.REJECTED, bo.run("admin", "project", "update", "vision", "limits.cpu=4").exitCode());
        final Cli.Outcome wrong = admin.run("admin", "project", "update", "vision", "limits.cpus=-1");
        assertTrue(wrong.err().contains("limits"), wrong.toString());

        process.kill();
        start("again");
        Await.until(TIMEOUT, "keypairs are known again", () -> 0 == ana.run("whoami").exitCode());
        api.awaitState(Long.parseLong(runs), "RUNNING", TIMEOUT);
        admin.ok("admin", "project", "update", "vision", "limits.cpu=4");
        assertEquals("", bo.ok("wait", "--timeout", "5m", waits));
        ana.ok("cancel", runs);
        Await.until(TIMEOUT, "what was used", () ->
            ana.ok("usage", "--by", "project,user", "-o", "csv").contains("vision,ana,cpu,"));
        assertFalse(bo.ok("usage", "--by", "user").contains("ana"));
        assertTrue(ana.ok("ps", "--all").contains("sleep 600"));
        assertFalse(bo.ok("ps", "--all").contains("sleep"));
        admin.ok("admin", "history", "rebuild", "--wait");
        endSessionThatIsNotUsedAndTellOfIt(ana);
        final JsonNode project = admin.json("admin", "project", "show", "vision", "-o", "json");
        assertEquals(4, project.get("limits").get("cpu").asInt());
        assertTrue(admin.ok("admin", "project", "list").contains("ana,bo"));
        admin.ok("admin", "keypair", "delete", ana.json("whoami", "-o", "json").get("accessKey").asText());
        Await.until(TIMEOUT, "her keypair is gone", () -> ExitCode.UNAUTHENTICATED == ana.run("whoami").exitCode());
        final String audit = admin.ok("admin", "audit", "--target", "vision");
        assertTrue(audit.contains("project.create"), audit);
        checkSecretsAreNowhereElse();
        assertEquals(128 + 15, process.terminate());
        assertFalse(Files.exists(data.resolve("postgres/data/postmaster.pid")));
    }

    /** Neither in a log, nor in the list of processes, nor in the journal; each of them is in one file. */
    private void checkSecretsAreNowhereElse() throws IOException
    {
        for (final String file : List.of("token", "join-token", "callback-secret", "postgres/password"))
        {
            secrets.add(Files.readString(data.resolve(file)).strip());
        }
        try (Stream<Path> paths = Files.walk(data);
            Stream<Path> commands = Stream.of(Path.of("/proc").toFile().listFiles()).map(
                file -> file.toPath().resolve("cmdline")))
        {
            final List<Path> places = Stream.concat(
                paths.filter(path -> path.toString().matches(".*(\\.log|journal/[^/]*|kernels/.*|checkpoints/.*)")),
                commands.filter(path -> path.toString().matches("/proc/[0-9]+/cmdline"))).toList();
            assertTrue(places.stream().anyMatch(path -> path.endsWith("logs/plimsoll.log")), places.toString());
            assertTrue(places.stream().anyMatch(path -> path.endsWith("postgres/server.log")), places.toString());
            for (final Path place : places)
            {
                final String text = textOf(place);
                secrets.forEach(secret -> assertFalse(text.contains(secret), place.toString()));
            }
        }
    }

    /** Empty if it is gone meanwhile, or of somebody else. */
    private static String textOf(final Path path)
    {
        try
        {
            return Files.isRegularFile(path) ? Files.readString(path, StandardCharsets.ISO_8859_1) : "";
        }
        catch (final IOException ex)
        {
            return "";
        }
    }

    /** Made from a template, ended because nobody uses it, and told to somebody who listens. */
    private void endSessionThatIsNotUsedAndTellOfIt(final Cli ana) throws Exception
    {
        final List<String> told = new CopyOnWriteArrayList<>();
        final HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange ->
        {
            told.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        receiver.start();
        try
        {
            final Path file = workspace.path("nap.yaml");
            Files.writeString(file, "command: [sleep, '600']\ntype: interactive\ncpu: 0.5\nidleTimeout: 1h\n");
            ana.ok("template", "create", "nap", "-f", file.toString());
            final String url = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook";
            final String nap = ana.ok(
                "submit", "--template", "nap", "--set", "name=short", "--idle-timeout", "3s", "--callback", url);
            api.awaitState(Long.parseLong(nap), "TERMINATED", TIMEOUT);
            final JsonNode session = ana.json("show", nap, "-o", "json");
            assertEquals("idle-timeout", session.get("reason").asText());
            assertEquals("short", session.get("name").asText());
            assertEquals("nap", session.get("template").get("name").asText());
            Await.until(TIMEOUT, "its end is told", () -> told.stream().anyMatch(
                body -> body.contains("\"sessionId\":" + nap + ",") && body.contains("\"state\":\"TERMINATED\"")));
            assertTrue(ana.ok("show", nap).contains("callback      " + url), "the URL is shown");
            assertTrue(ana.ok("template", "list").contains("nap"));
        }
        finally
        {
            receiver.stop(0);
        }
    }
}
