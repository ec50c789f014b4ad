package io.plimsoll.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.plimsoll.journal.TamperCheck;
import io.plimsoll.journal.TamperReport;
import io.plimsoll.journal.checkpoint.CheckpointDirectory;
import io.plimsoll.journal.checkpoint.SignedCheckpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A manager is killed at random moments, in the midst of submissions, reports, snapshots and checkpoints. Whatever it
 * had acknowledged is there after each start, runs once an attempt, and stands in the journal as it was signed. With
 * {@code -Dplimsoll.kills=200} it is killed 200 times, half of them with each commit mode.
 */
class KillCampaignIT
{
    private static final int KILLS = Integer.getInteger("plimsoll.kills", 4);
    private static final int LIFE_MS_MAX = 1_500;
    private static final Duration PACE = Duration.ofMillis(20);
    private static final Duration END_TIMEOUT = Duration.ofMinutes(15);
    private static final String CONFIGURATION = """
        durability: %s
        limits: {forget-after: 24h}
        journal: {segment: 1m, snapshot-interval: 5s, snapshot-records: 400, checkpoint-interval: 500ms}
        """;

    @TempDir
    private Path directory;

    private final long seed = Long.getLong("plimsoll.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final List<Long> acknowledged = Collections.synchronizedList(new ArrayList<>());
    private final List<String> refused = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger inFlightKills = new AtomicInteger();
    private final List<SignedCheckpoint> kept = new ArrayList<>();
    private Workspace workspace;
    private Path data;

    @BeforeEach
    void setUp()
    {
        workspace = new Workspace("kill-campaign", directory);
        data = workspace.path("data");
    }

    @AfterEach
    void tearDown()
    {
        workspace.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sync", "async"})
    void shouldLoseNothingThatWasAcknowledged(final String durability) throws Exception
    {
        final String again = "; again with -Dplimsoll.seed=" + seed + " -Dplimsoll.kills=" + KILLS;
        final RunMarks marks = new RunMarks(workspace.path("marks"));
        final int port = Workspace.freePort();
        Files.writeString(workspace.path("plimsoll.yaml"), String.format(
            java.util.Locale.ROOT, CONFIGURATION, durability));
        ClusterProcess process = start(0, port);
        final ApiProbe api = new ApiProbe(port, data).awaitReady(process).awaitAgents(1);
        final int kills = Math.max(1, KILLS / 2);
        for (int kill = 0; kill < kills; kill++)
        {
            live(api, process, marks, kill);
            process = start(kill + 1, port);
            api.awaitReady(process);
            final Map<Long, JsonNode> sessions = api.sessions();
            for (final long id : acknowledged)
            {
                assertTrue(sessions.containsKey(id), "session " + id + " is lost after kill " + kill + again);
            }
            keepCheckpoint();
        }
        assertEquals(List.of(), refused);
        api.awaitAgents(1);
        Await.until(END_TIMEOUT, () -> "all ended: " + states(api) + again, () ->
            api.sessions().values().stream().allMatch(ApiProbe::hasEnded));
        final Map<Long, JsonNode> sessions = api.sessions();
        assertTrue(sessions.keySet().containsAll(acknowledged), "all are there at the end" + again);
        // Those whose acknowledgement was cut off too: whoever is in the journal runs.
        marks.assertOnceAnAttempt(sessions, again);
        assertEquals(128 + 15, process.terminate());
        final int ranAgain = marks.assertReasons(new Cli(workspace), data, again);
        assertSigned(again);
        workspace.proveJournal(data, durability);
        System.out.println("kills=" + kills + " durability=" + durability + " acknowledged=" + acknowledged.size() +
            " killedWithOneInFlight=" + inFlightKills + " ranAgain=" + ranAgain +
            " checkpointsKept=" + kept.size() + " seed=" + seed);
    }

    private ClusterProcess start(final int life, final int port) throws IOException
    {
        return workspace.start(
            "up-" + life, "up",
            "--config", workspace.path("plimsoll.yaml").toString(),
            "--data", data.toString(),
            "--listen", "127.0.0.1:" + port,
            "--cpu", "8");
    }

    /** Submissions one after the other until the manager is gone. */
    private void live(final ApiProbe api, final ClusterProcess process, final RunMarks marks, final int life)
        throws InterruptedException
    {
        final Thread submitter = new Thread(() ->
        {
            for (int i = 0; ; i++)
            {
                try
                {
                    acknowledged.add(api.post("/v1/sessions", Map.of(
                        "name", "mark-" + life + "-" + i,
                        "cpu", "0.25",
                        "mem", "16m",
                        "command", List.of("sh", "-c", marks.command("0.1"))))
                        .path("id").asLong());
                }
                catch (final IllegalStateException ex)
                {
                    refused.add(ex.getMessage());
                    return;
                }
                catch (final UncheckedIOException ex)
                {
                    inFlightKills.incrementAndGet();
                    return;
                }
                if (!process.isAlive())
                {
                    return;
                }
                Await.elapse(PACE);
            }
        }, "submitter");
        submitter.start();
        Await.elapse(Duration.ofMillis(random.nextInt(LIFE_MS_MAX)));
        process.kill();
        submitter.join();
    }

    /** As somebody else would, to hold the journal against it at the end. */
    private void keepCheckpoint()
    {
        final Path newest = new CheckpointDirectory(data.resolve("checkpoints")).newest();
        if (null != newest)
        {
            kept.add(CheckpointDirectory.read(newest));
        }
    }

    private void assertSigned(final String again)
    {
        keepCheckpoint();
        final Map<String, SignedCheckpoint> given = new TreeMap<>();
        kept.forEach(each -> given.put(each.hash(), each));
        assertTrue(given.size() > 0, "no checkpoint" + again);
        final TamperReport report =
            TamperCheck.check(data.resolve("journal"), data.resolve("checkpoints"), given, null);
        assertTrue(report.isIntact(), report + again);
        assertEquals(report.lastSequence(), report.sequence(), "the end is signed" + again);
    }

    private static Map<String, Integer> states(final ApiProbe api)
    {
        final Map<String, Integer> states = new TreeMap<>();
        api.sessions().values().forEach(session -> states.merge(session.path("state").asText(), 1, Integer::sum));
        return states;
    }
}
