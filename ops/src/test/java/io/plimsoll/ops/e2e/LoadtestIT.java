package io.plimsoll.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Load tests as a user runs them, with a manager of their own and with another. */
class LoadtestIT
{
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    private Path directory;

    private Workspace workspace;
    private Path scratch;
    private Cli cli;

    @BeforeEach
    void setUp() throws IOException
    {
        workspace = new Workspace("loadtest", directory);
        scratch = Files.createDirectories(workspace.path("scratch"));
        cli = new Cli(workspace);
    }

    @AfterEach
    void tearDown()
    {
        workspace.close();
    }

    @Test
    void shouldEndWithOneObjectAndLeaveNothing() throws IOException
    {
        final Path file = workspace.path("run.json");
        final String out = cli.ok(
            "loadtest", "run", "--agents", "200", "--agents-per-link", "10", "--sessions", "4000", "--batch", "200",
            "--durability", "async", "--work-dir", scratch.toString(), "-o", "json", "--out", file.toString());

        assertEquals(1, out.lines().count(), out);
        final JsonNode result = MAPPER.readTree(out);
        assertEquals(4_000, result.path("sessions").asLong());
        assertEquals(200, result.path("agents").asInt());
        assertEquals(20, result.path("links").asInt());
        assertSound(result);
        assertTrue(result.path("sessionsPerSecond").asDouble() > 0, out);
        assertTrue(result.path("managerCpuSeconds").asDouble() > 0, out);
        assertTrue(result.path("managerPeakMemoryBytes").asLong() > 1 << 24, out);
        assertTrue(
            result.path("submitToAssignedMicros").path("p99").asDouble() >=
                result.path("submitToAssignedMicros").path("p50").asDouble(), out);
        assertEquals(result, MAPPER.readTree(file.toFile()));
        assertNothingLeft();
    }

    @Test
    void shouldLoseNothingWhenTheManagerIsKilled() throws IOException
    {
        final JsonNode result = cli.json(
            "loadtest", "run", "--agents", "40", "--rate", "200", "--sessions", "1400", "--run-time", "300ms",
            "--reads", "0.1", "--chaos", "kill=3s", "--chaos", "flap=2", "--work-dir", scratch.toString(),
            "--patience", "120s", "-o", "json");

        assertEquals(1_400, result.path("sessions").asLong(), result.toString());
        assertSound(result);
        assertTrue(result.path("chaos").path("kills").asInt() > 0, result.toString());
        assertTrue(result.path("outages").asInt() > 0, result.toString());
        assertNothingLeft();
    }

    @Test
    void shouldDriveAManagerOfSomebodyElse() throws Exception
    {
        final Path data = workspace.path("manager");
        final int port = Workspace.freePort();
        final ClusterProcess manager = workspace.start(
            "manager", "manager", "--data", data.toString(), "--listen", "127.0.0.1:" + port);
        Await.until(ApiProbe.READY_TIMEOUT, manager::output, () ->
            new ApiProbe(port, data).send("GET", "/health/live", null, null).statusCode() == 200);

        final String text = cli.ok(
            "loadtest", "run", "--data", data.toString(), "--agents", "20", "--sessions", "500", "--batch", "50");
        assertTrue(text.contains("500 sessions") && text.contains("lost 0, doubled 0"), text);
        assertTrue(text.contains("manager: "), text);
        final Cli.Outcome murder = cli.run(
            "loadtest", "run", "--data", data.toString(), "--agents", "20", "--chaos", "kill=1s");
        assertEquals(2, murder.exitCode(), murder.toString());
        assertTrue(manager.isAlive());
        final JsonNode unseen = cli
            .with("PLIMSOLL_TOKEN", Files.readString(data.resolve("token")).strip())
            .with("PLIMSOLL_JOIN_TOKEN", Files.readString(data.resolve("join-token")).strip())
            .json("loadtest", "run", "--url", "http://127.0.0.1:" + port, "--agents", "20", "--sessions", "100",
                "-o", "json");
        assertTrue(unseen.path("managerCpuSeconds").isNull() && unseen.path("managerPeakMemoryBytes").isNull());
        assertSound(unseen);
    }

    @Test
    void shouldTellWhatWasMeasuredWhenInterrupted() throws Exception
    {
        final Path out = workspace.path("out");
        final Path err = workspace.path("err");
        final Process process = cli.start(
            out, err, "loadtest", "run", "--agents", "20", "--rate", "50", "--sessions", "100000", "-o", "json",
            "--work-dir", scratch.toString());
        Await.until(Duration.ofSeconds(120), () -> read(err), () -> hasSessions(scratch));
        final Process signal = new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start();
        assertEquals(0, signal.waitFor());
        assertTrue(process.waitFor(120, TimeUnit.SECONDS), read(err));

        assertNotEquals(0, process.exitValue());
        final JsonNode result = MAPPER.readTree(out.toFile());
        assertTrue(result.path("interrupted").asBoolean(), read(out) + read(err));
        assertTrue(result.path("sessions").asLong() < 100_000, result.toString());
        assertSound(result);
        assertNothingLeft();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--agents 0|--agents",
        "--sessions 0|--sessions",
        "--rate 0|--rate",
        "--rate 10 --steps 1,2|--rate, --steps and --ramp",
        "--reads 1|--reads",
        "--chaos wind=3|--chaos",
        "--chaos slow=2|--chaos slow",
        "--chaos kill=soon|--chaos kill",
        "--group ../x|--group",
        "--batch 100000|--batch",
        "--rate 5 --outstanding 7|--outstanding",
        "--durability never|--durability",
        "--work-dir /nonexistent/place|/nonexistent/place",
        "--out /nonexistent/place/run.json|--out",
    })
    void shouldNameTheOptionThatMakesNoSense(final String options, final String named)
    {
        final Cli.Outcome outcome = cli.run(("loadtest run " + options).split(" "));

        assertEquals(2, outcome.exitCode(), outcome.toString());
        assertEquals(1, outcome.err().lines().count(), outcome.toString());
        assertTrue(outcome.err().contains(named), outcome.toString());
    }

    @Test
    void shouldSayThatNobodyListens()
    {
        final Cli.Outcome outcome = cli.with("PLIMSOLL_JOIN_TOKEN", "a.b." + "0".repeat(64)).run(
            "loadtest", "run", "--url", "http://127.0.0.1:" + Workspace.freePort(), "--agents", "5");

        assertEquals(3, outcome.exitCode(), outcome.toString());
        assertEquals(1, outcome.err().lines().count(), outcome.toString());
    }

    private static void assertSound(final JsonNode result)
    {
        assertEquals(0, result.path("lost").asLong(-1), result.toString());
        assertEquals(0, result.path("doubled").asLong(-1), result.toString());
        assertEquals(List.of(), MAPPER.convertValue(result.path("wrong"), List.class));
    }

    private void assertNothingLeft() throws IOException
    {
        try (Stream<Path> left = Files.list(scratch))
        {
            assertEquals(List.of(), left.toList());
        }
        assertEquals(List.of(), Leftovers.under(scratch));
    }

    /** Whether the manager that was started has ended sessions. */
    private static boolean hasSessions(final Path scratch) throws IOException
    {
        try (Stream<Path> directories = Files.list(scratch))
        {
            final Path data = directories.findFirst().orElseThrow().resolve("data");
            final String address = Files.readString(data.resolve("address")).strip();
            final int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
            return new ApiProbe(port, data).get("/v1/cluster")
                .path("groups").path("loadtest").path("TERMINATED").asLong() > 0;
        }
    }

    private static String read(final Path file)
    {
        try
        {
            return Files.readString(file);
        }
        catch (final IOException ex)
        {
            return ex.toString();
        }
    }
}
