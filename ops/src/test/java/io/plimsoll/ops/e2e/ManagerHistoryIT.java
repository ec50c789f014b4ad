package io.plimsoll.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A manager comes back with less history than its agent has seen: an empty journal, an older copy, a copy that another
 * manager has gone on from. No kernel may be killed for it, and none started twice.
 */
class ManagerHistoryIT
{
    private static final int KERNELS = 4;
    private static final Duration TIMEOUT = Duration.ofSeconds(180);
    private static final Duration QUIET = Duration.ofSeconds(5);

    @TempDir
    private Path directory;

    private Workspace workspace;
    private Path data;
    private int port;
    private ClusterProcess manager;
    private ApiProbe api;

    @BeforeEach
    void setUp() throws IOException
    {
        workspace = new Workspace("manager-history", directory);
        data = workspace.path("manager");
        port = Workspace.freePort();
        startManager("first", data);
    }

    @AfterEach
    void tearDown()
    {
        workspace.close();
    }

    @Test
    void shouldLeaveKernelsAloneWithAnEmptyJournal() throws IOException, InterruptedException
    {
        startAgent();
        submitLoops();
        awaitBeats(KERNELS);
        manager.kill();
        Workspace.deleteTree(data.resolve("journal"));
        startManager("empty", data);
        awaitConnected();
        assertKernelsAlive();
        Files.createFile(workspace.path("go"));
        assertEachStartedAndEndedOnce(KERNELS);
        prove("empty");
    }

    @Test
    void shouldPlaceNothingOnAnOlderCopyUntilTheLossIsAccepted() throws IOException, InterruptedException
    {
        startAgent();
        submitLoops();
        awaitBeats(KERNELS);
        manager.terminate();
        final Path backup = workspace.path("backup");
        Workspace.copy(data.resolve("journal"), backup);
        startManager("second", data);
        api.awaitAgents(1);
        submitLoops();
        awaitBeats(2 * KERNELS);
        manager.kill();

        Workspace.deleteTree(data.resolve("journal"));
        Workspace.copy(backup, data.resolve("journal"));
        startManager("restored", data);
        awaitLostTail();
        final Map<String, Object> probe = Map.of("command", List.of("true"), "cpu", "0.1", "mem", "8m");
        final int status = api.send("POST", "/v1/sessions", probe, null).statusCode();
        assertTrue(201 == status || 503 == status, "status " + status);
        assertKernelsAlive();
        assertEquals(2 * KERNELS, starts().size(), "nothing was started: " + starts());

        assertEquals(200, api.send("POST", "/v1/recover", Map.of("acceptLoss", true), null).statusCode());
        api.awaitAgents(1);
        assertKernelsAlive();
        final long id = api.post("/v1/sessions", probe).path("id").asLong();
        assertEquals("success", api.get("/v1/sessions/" + id + "/wait?timeout=180s").path("result").asText());
        Files.createFile(workspace.path("go"));
        assertEachStartedAndEndedOnce(2 * KERNELS);
        prove("restored");
    }

    @Test
    void shouldStartNothingTwiceUnderTwoManagersOnCopiesOfOneDirectory() throws IOException, InterruptedException
    {
        submitLoops();
        manager.terminate();
        final Path copy = workspace.path("copy");
        Workspace.copy(data, copy);
        startManager("original", data);
        startAgent();
        awaitBeats(KERNELS);
        manager.kill();

        // The copy believes that everything is still pending, under a term of the same number.
        startManager("copy", copy);
        awaitLostTail();
        assertKernelsAlive();
        assertEquals(KERNELS, starts().size(), "nothing was started: " + starts());
        manager.kill();

        startManager("original-again", data);
        api.awaitAgents(1);
        Files.createFile(workspace.path("go"));
        assertEachStartedAndEndedOnce(KERNELS);
        for (final JsonNode session : api.sessions().values())
        {
            Await.until(TIMEOUT, () -> "ended: " + session, () ->
                "success".equals(api.session(session.path("id").asLong()).path("result").asText()));
        }
        prove("two-managers");
    }

    private void prove(final String label) throws InterruptedException
    {
        manager.terminate();
        workspace.proveJournal(data, label);
    }

    private void startManager(final String name, final Path directoryOfManager) throws IOException
    {
        manager = workspace.start(
            "manager-" + name, "manager", "--data", directoryOfManager.toString(), "--listen", "127.0.0.1:" + port);
        api = new ApiProbe(port, directoryOfManager);
        Await.until(ApiProbe.READY_TIMEOUT, () -> "manager answers\n" + manager.output(), () ->
            api.send("GET", "/health/live", null, null).statusCode() == 200);
    }

    private void startAgent() throws IOException
    {
        workspace.start(
            "agent", "agent", "--data", workspace.path("agent").toString(), "--manager", "http://127.0.0.1:" + port,
            "--join-token-file", data.resolve("join-token").toString(), "--cpu", "8", "--name", "history");
        api.awaitAgents(1);
    }

    /** Kernels that note start and end in files of their own, and show a sign of life every tenth of a second. */
    private void submitLoops()
    {
        final String marks = directory + "/kernel-$$";
        final String script = "echo start $PLIMSOLL_SESSION_ID >> " + marks + "; while [ ! -e " + directory +
            "/go ]; do : > " + directory + "/beat-$$; sleep 0.1; done; echo end >> " + marks;
        for (int i = 0; i < KERNELS; i++)
        {
            api.post(
                "/v1/sessions",
                Map.of("command", List.of("sh", "-c", script), "cpu", "0.25", "mem", "8m", "name", "loop"));
        }
    }

    private void awaitBeats(final int count)
    {
        Await.until(TIMEOUT, () -> count + " kernels: " + starts(), () -> starts().size() == count);
    }

    private void awaitConnected()
    {
        Await.until(TIMEOUT, () -> "agent connected: " + api.get("/v1/agents"), () ->
            api.get("/v1/agents").path("agents").path(0).path("connected").asBoolean() ||
                api.get("/v1/cluster").path("lostTail").asBoolean());
    }

    private void awaitLostTail()
    {
        Await.until(TIMEOUT, () -> "lost tail: " + api.get("/v1/cluster"), () ->
            api.get("/v1/cluster").path("lostTail").asBoolean());
    }

    /** Gives a wrong kill or a second start the time to happen, and sees that every kernel still beats. */
    private void assertKernelsAlive() throws IOException
    {
        Await.elapse(QUIET);
        final Map<Path, List<String>> before = starts();
        for (final Path mark : before.keySet())
        {
            final Path beat = directory.resolve("beat-" + mark.getFileName().toString().substring("kernel-".length()));
            Files.deleteIfExists(beat);
            Await.until(TIMEOUT, "a sign of life of " + mark, () -> Files.exists(beat));
        }
    }

    private void assertEachStartedAndEndedOnce(final int count)
    {
        Await.until(TIMEOUT, () -> "all ended: " + starts(), () ->
            starts().values().stream().allMatch(lines -> 2 == lines.size() && "end".equals(lines.get(1))));
        assertEquals(count, starts().size(), "kernels that were started: " + starts());
    }

    private Map<Path, List<String>> starts()
    {
        final Map<Path, List<String>> starts = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory))
        {
            for (final Path file : files.filter(path -> path.getFileName().toString().startsWith("kernel-")).toList())
            {
                starts.put(file, Files.readAllLines(file));
            }
            return starts;
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }
}
