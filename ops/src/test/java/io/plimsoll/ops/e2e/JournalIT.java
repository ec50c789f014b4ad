package io.plimsoll.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands on a journal: beside a manager, on one that is stopped, on one that is damaged, and on no journal. */
class JournalIT
{
    private static final int SESSIONS = 50;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    private Path directory;

    private Workspace workspace;
    private Path data;
    private int port;
    private Cli cli;

    @BeforeEach
    void setUp()
    {
        workspace = new Workspace("journal", directory);
        data = workspace.path("manager");
        port = Workspace.freePort();
        cli = new Cli(workspace);
    }

    @AfterEach
    void tearDown()
    {
        workspace.close();
    }

    private ClusterProcess start(final String name) throws IOException
    {
        final ClusterProcess manager = workspace.start(
            name, "manager", "--data", data.toString(), "--listen", "127.0.0.1:" + port);
        final ApiProbe api = new ApiProbe(port, data);
        Await.until(ApiProbe.READY_TIMEOUT, () -> "manager answers\n" + manager.output(), () ->
            api.send("GET", "/health/live", null, null).statusCode() == 200);
        for (int i = 0; i < SESSIONS; i++)
        {
            api.post("/v1/sessions", Map.of("command", List.of("true"), "cpu", "0.1", "name", name + i));
        }
        return manager;
    }

    private JsonNode info() throws IOException
    {
        return MAPPER.readTree(cli.ok("journal", "info", data.toString(), "-o", "json"));
    }

    private Cli.Outcome verify()
    {
        return cli.run("journal", "verify", data.toString(), "-o", "json");
    }

    @Test
    void shouldLookAtAJournalThatIsInUseAndAtOneThatIsNot() throws Exception
    {
        final ClusterProcess manager = start("first");
        final JsonNode live = MAPPER.readTree(verify().out());
        assertTrue(live.path("intact").asBoolean() && live.path("inUse").asBoolean(), live.toString());
        assertTrue(live.path("decided").asLong() >= SESSIONS, live.toString());
        final Cli.Outcome pruned = cli.run("journal", "prune", data.toString());
        assertEquals(6, pruned.exitCode(), pruned.toString());
        assertTrue(cli.ok("journal", "prune", data.toString(), "--dry-run").contains("nothing to remove"));
        final JsonNode asked = MAPPER.readTree(cli.ok("workload", "describe", data.toString(), "-o", "json"));
        assertEquals(SESSIONS, asked.path("jobs").asLong(), asked.toString());
        // Nothing has run anywhere, so nobody knows how long.
        assertEquals(SESSIONS, asked.path("ends").path("unknown").asLong(), asked.toString());

        final List<String> lines =
            cli.ok("journal", "export", data + "/journal", "--from", "1", "--to", "20").lines().toList();
        assertEquals(20, lines.size());
        final JsonNode first = MAPPER.readTree(lines.get(0));
        assertEquals(1, first.path("sequence").asLong());
        assertEquals("ManagerStarted", first.path("command").path("type").asText(), first.toString());
        assertEquals("TermBegan", first.path("events").path(0).path("type").asText(), first.toString());
        assertTrue(lines.stream().anyMatch(line -> line.contains("\"sessionName\":\"first0\"")), lines.toString());
        assertEquals(
            "", cli.ok("journal", "export", data.toString(), "--from", "2100-01-01T00:00:00Z"), "nothing so late");

        manager.terminate();
        final Cli.Outcome stopped = verify();
        assertEquals(0, stopped.exitCode(), stopped.toString());
        final JsonNode info = info();
        assertEquals(1, info.path("snapshots").size(), info.toString());
        assertEquals(info.path("lastSequence").asLong(), info.path("snapshots").path(0).path("sequence").asLong());
        assertEquals(1, info.path("terms").path(0).path("term").asLong(), info.toString());
    }

    @Test
    void shouldRepairWhatAManagerRefuses() throws Exception
    {
        start("first").kill();
        final long last = info().path("lastSequence").asLong();
        damage();
        final Cli.Outcome damaged = verify();
        assertEquals(1, damaged.exitCode(), damaged.toString());
        final String problem = MAPPER.readTree(damaged.out()).path("problems").path(0).asText();
        assertTrue(problem.contains("segment-00000001") && problem.contains("sequence="), problem);
        final Cli.Outcome refused = cli.run(
            "manager", "--data", data.toString(), "--listen", "127.0.0.1:" + port);
        assertEquals(74, refused.exitCode(), refused.toString());

        final Path repaired = workspace.path("repaired");
        final JsonNode report = MAPPER.readTree(
            cli.ok("journal", "repair", data.toString(), "--to", repaired.toString(), "-o", "json"));
        assertTrue(report.path("intact").asBoolean(), report.toString());
        assertTrue(report.path("lastSequence").asLong() < last, report.toString());
        assertTrue(report.path("leftOut").toString().contains("to " + last), report.toString());
        assertEquals(1, verify().exitCode(), "the old one is as it was");
        final Cli.Outcome again = cli.run("journal", "repair", data.toString(), "--to", repaired.toString());
        assertTrue(74 == again.exitCode() && again.err().contains("is not empty"), again.toString());

        Files.move(data.resolve("journal"), data.resolve("journal.damaged"));
        Files.move(repaired, data.resolve("journal"));
        start("second").terminate();
        assertEquals(0, verify().exitCode());
    }

    /** A byte of a record in the middle. */
    private void damage() throws IOException
    {
        final long bytes = info().path("segments").path(0).path("bytes").asLong();
        try (RandomAccessFile file = new RandomAccessFile(
            data.resolve("journal/segment-00000001/19700101F.cq4").toFile(), "rw"))
        {
            file.seek(bytes - 5_000);
            final int value = file.read();
            file.seek(bytes - 5_000);
            file.write(value ^ 0x10);
        }
    }

    @Test
    void shouldSayWhereThereIsNoJournal() throws IOException
    {
        final Path empty = Files.createDirectories(workspace.path("empty"));
        final Path file = Files.writeString(workspace.path("file"), "no journal");
        for (final Path place : List.of(empty, file, workspace.path("nowhere")))
        {
            final Cli.Outcome verified = cli.run("journal", "verify", place.toString());
            assertEquals(2, verified.exitCode(), verified.toString());
            assertTrue(verified.err().contains(place.toString()), verified.toString());
            assertEquals(1, verified.err().lines().count(), verified.toString());
            assertEquals(74, cli.run("journal", "info", place.toString()).exitCode());
        }
        assertEquals(2, cli.run("journal", "export", empty.toString(), "--from", "yesterday").exitCode());
        Files.writeString(Files.createDirectories(empty.resolve("journal")).resolve("manifest.json"), "{}");
        assertEquals(1, cli.run("journal", "verify", empty.toString()).exitCode());
    }
}
