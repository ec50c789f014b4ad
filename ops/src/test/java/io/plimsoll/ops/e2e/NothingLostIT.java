package io.plimsoll.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The all-in-one process is killed again and again while sessions run; nothing is lost, and nothing runs twice in
 * an attempt.
 */
class NothingLostIT
{
    private static final int SESSIONS = 500;
    private static final int KILLS = 5;
    private static final Duration END_TIMEOUT = Duration.ofMinutes(8);

    @TempDir
    private Path directory;

    private Workspace workspace;

    @BeforeEach
    void setUp()
    {
        workspace = new Workspace("nothing-lost", directory);
    }

    @AfterEach
    void tearDown()
    {
        workspace.close();
    }

    @Test
    void shouldRunEverySessionOnceAnAttemptAcrossKills() throws IOException, InterruptedException
    {
        final long seed = Long.getLong("plimsoll.seed", System.nanoTime());
        final Random random = new Random(seed);
        final Path data = workspace.path("data");
        final RunMarks marks = new RunMarks(workspace.path("marks"));
        final int port = Workspace.freePort();
        ClusterProcess process = start(0, data, port);
        final ApiProbe api = new ApiProbe(port, data).awaitReady(process).awaitAgents(1);

        final List<Long> ids = new ArrayList<>();
        for (int kill = 0; kill < KILLS; kill++)
        {
            submit(api, ids, SESSIONS / KILLS, marks, kill);
            Await.elapse(Duration.ofMillis(100 + random.nextInt(1_200)));
            process.kill();
            process = start(kill + 1, data, port);
            api.awaitReady(process).awaitAgents(1);
        }
        final String again = "; again with -Dplimsoll.seed=" + seed;
        Await.until(END_TIMEOUT, () -> "all ended: " + states(api) + again, () ->
            api.sessions().values().stream().allMatch(ApiProbe::hasEnded));
        assertEquals(SESSIONS, new TreeSet<>(ids).size(), "distinct ids" + again);
        final Map<Long, JsonNode> sessions = api.sessions();
        assertEquals(new TreeSet<>(ids), sessions.keySet(), "all are there, and no others" + again);
        marks.assertOnceAnAttempt(sessions, again);
        process.terminate();
        marks.assertReasons(new Cli(workspace), data, again);
        workspace.proveJournal(data, "all-in-one");
    }

    private ClusterProcess start(final int life, final Path data, final int port) throws IOException
    {
        return workspace.start(
            "up-" + life, "up", "--data", data.toString(), "--listen", "127.0.0.1:" + port, "--cpu", "8");
    }

    /** One request a session, so that acknowledged and unacknowledged ones lie close together. */
    private void submit(
        final ApiProbe api, final List<Long> ids, final int count, final RunMarks marks, final int round)
    {
        for (int i = 0; i < count; i++)
        {
            final Map<String, Object> session = Map.of(
                "name", "mark-" + round + "-" + i,
                "cpu", "0.25",
                "mem", "16m",
                "command", List.of("sh", "-c", marks.command("0.2")));
            ids.add(api.post("/v1/sessions", session).path("id").asLong());
        }
    }

    private static Map<String, Integer> states(final ApiProbe api)
    {
        final Map<String, Integer> states = new TreeMap<>();
        api.sessions().values().forEach(session -> states.merge(session.path("state").asText(), 1, Integer::sum));
        return states;
    }
}
