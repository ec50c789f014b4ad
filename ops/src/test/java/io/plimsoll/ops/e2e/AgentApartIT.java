package io.plimsoll.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Manager and agent as two processes, of which one is killed while kernels run. */
class AgentApartIT
{
    private static final int KERNELS = 50;
    private static final Duration TIMEOUT = Duration.ofSeconds(180);

    @TempDir
    private Path directory;

    private Workspace workspace;
    private Path managerData;
    private Path agentData;
    private int port;
    private ClusterProcess manager;
    private ClusterProcess agent;
    private ApiProbe api;

    @BeforeEach
    void setUp() throws IOException
    {
        workspace = new Workspace("agent-apart", directory);
        managerData = workspace.path("manager");
        agentData = workspace.path("agent");
        port = Workspace.freePort();
        startManager(0);
        api = new ApiProbe(port, managerData).awaitReady(manager);
        startAgent(0);
        api.awaitAgents(1);
    }

    @AfterEach
    void tearDown()
    {
        workspace.close();
    }

    @Test
    void shouldKeepKernelsWhenTheAgentIsKilled() throws IOException, InterruptedException
    {
        final long firstId = submitWave();
        agent.kill();
        release();
        startAgent(1);
        assertWave(firstId, "agent");
    }

    @Test
    void shouldKeepKernelsWhenTheManagerIsKilled() throws IOException, InterruptedException
    {
        final long firstId = submitWave();
        manager.kill();
        release();
        startManager(1);
        api.awaitReady(manager);
        assertWave(firstId, "manager");
    }

    private void startManager(final int life) throws IOException
    {
        manager = workspace.start(
            "manager-" + life, "manager", "--data", managerData.toString(), "--listen", "127.0.0.1:" + port);
    }

    private void startAgent(final int life) throws IOException
    {
        agent = workspace.start(
            "agent-" + life,
            "agent",
            "--data", agentData.toString(),
            "--manager", "http://127.0.0.1:" + port,
            "--join-token-file", managerData.resolve("join-token").toString(),
            "--cpu", "8",
            "--name", "apart");
    }

    /** Kernels that say that they have started, wait for a word, and end with codes of their own. */
    private long submitWave()
    {
        final String script = "echo $PLIMSOLL_SESSION_ID >> " + workspace.path("started") +
            "; while [ ! -e " + workspace.path("go") + " ]; do sleep 0.2; done; exit $((PLIMSOLL_ARRAY_INDEX % 3))";
        final Map<String, Object> array = Map.of(
            "count", KERNELS, "cpu", "0.1", "mem", "8m", "command", List.of("sh", "-c", script));
        final long firstId = api.post("/v1/sessions", array).path("firstId").asLong();
        Await.until(TIMEOUT, () -> "all kernels run: " + starts().size(), () ->
            starts().size() == KERNELS &&
                api.sessions().values().stream().allMatch(session -> "RUNNING".equals(session.path("state").asText())));
        return firstId;
    }

    private void release() throws IOException
    {
        Files.createFile(workspace.path("go"));
    }

    private void assertWave(final long firstId, final String label) throws IOException, InterruptedException
    {
        for (int i = 0; i < KERNELS; i++)
        {
            final long id = firstId + i;
            Await.until(TIMEOUT, () -> "ended: " + api.session(id), () -> ApiProbe.hasEnded(api.session(id)));
            final JsonNode session = api.session(id);
            assertEquals(i % 3, session.path("exitCode").asInt(-1), session.toString());
            assertEquals(1, session.path("attempt").asInt(), session.toString());
        }
        starts().forEach((id, count) -> assertEquals(1, count, "starts of session " + id));
        agent.terminate();
        manager.terminate();
        workspace.proveJournal(managerData, label);
    }

    private Map<String, Integer> starts()
    {
        final Map<String, Integer> starts = new TreeMap<>();
        try
        {
            if (Files.exists(workspace.path("started")))
            {
                Files.readAllLines(workspace.path("started")).forEach(line -> starts.merge(line, 1, Integer::sum));
            }
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        return starts;
    }
}
