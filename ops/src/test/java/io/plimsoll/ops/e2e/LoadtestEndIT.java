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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Load tests that do not come to the end they were meant to have. */
class LoadtestEndIT
{
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    /** Some seconds' worth. */
    private static final int SESSIONS = 200;

    @TempDir
    private Path directory;

    private Workspace workspace;
    private Path scratch;
    private Path out;
    private Path err;
    private Path page;
    private Cli cli;
    private long firstPid;

    @BeforeEach
    void setUp() throws IOException
    {
        workspace = new Workspace("loadend", directory);
        scratch = Files.createDirectories(workspace.path("scratch"));
        out = workspace.path("out");
        err = workspace.path("err");
        page = workspace.path("page.html");
        cli = new Cli(workspace);
    }

    @AfterEach
    void tearDown()
    {
        workspace.close();
    }

    @Test
    void shouldEndWithWhatItKnowsWhenItsManagerDies() throws Exception
    {
        final Process run = start("--rate", "100", "--sessions", "1000000", "--run-time", "200ms");
        Await.until(PATIENCE, this::told, this::hasSessions);
        signal("KILL", managerPid());
        ended(run);

        assertEquals(3, run.exitValue(), told());
        final JsonNode result = MAPPER.readTree(out.toFile());
        assertTrue(result.path("failed").asText().contains("signal 9"), told());
        assertTrue(result.path("lost").isNull(), told());
        assertEquals(0, result.path("doubled").asInt(-1), told());
        assertTrue(result.path("sessions").asLong() > 0, told());
        assertTrue(result.path("managerCpuSeconds").asDouble() > 0, told());
        assertTrue(Files.size(page) > 100_000);
        final List<String> complaint = read(err).lines().toList();
        assertEquals(1, complaint.size(), told());
        final Path log = kept();
        assertTrue(complaint.get(0).contains(log.toString()), told());
        assertTrue(read(log).contains("manager ready"), read(log));
        assertEquals(List.of(), Leftovers.under(scratch));
    }

    @Test
    void shouldEndWhenTheManagerOfSomebodyElseDies() throws Exception
    {
        final Path data = workspace.path("manager");
        final int port = Workspace.freePort();
        final ClusterProcess manager = workspace.start(
            "manager", "manager", "--data", data.toString(), "--listen", "127.0.0.1:" + port);
        final ApiProbe probe = new ApiProbe(port, data);
        Await.until(ApiProbe.READY_TIMEOUT, manager::output, () ->
            probe.send("GET", "/health/live", null, null).statusCode() == 200);
        final Process run = start(
            "--data", data.toString(), "--rate", "100", "--sessions", "1000000", "--gone-after", "2s");
        Await.until(PATIENCE, this::told, () -> hasSessions(probe));
        manager.kill();
        ended(run);

        assertEquals(3, run.exitValue(), told());
        assertTrue(MAPPER.readTree(out.toFile()).path("failed").asText().contains("127.0.0.1:" + port), told());
        assertEquals(List.of(), Leftovers.under(scratch));
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void shouldEndAtTheFirstSignal(final Moment moment) throws Exception
    {
        final Process run = start(
            "--rate", "100", "--sessions", "1000000", "--run-time", "1h",
            "--chaos", Moment.KILLED == moment ? "kill=1s" : "slow=0.1");
        Await.until(PATIENCE, this::told, () -> isAt(moment, run));
        if (Moment.HUNG == moment)
        {
            signal("STOP", managerPid());
        }
        signal("TERM", run.pid());
        ended(run);

        assertEquals(143, run.exitValue(), told());
        assertEquals(List.of(), Leftovers.under(scratch));
        try (Stream<Path> left = Files.list(scratch))
        {
            assertEquals(List.of(), left.toList());
        }
        if (Moment.HUNG == moment)
        {
            assertTrue(MAPPER.readTree(out.toFile()).path("interrupted").asBoolean(), told());
        }
    }

    @Test
    void shouldTakeItsManagerWithItWhenKilled() throws Exception
    {
        final Process run = start("--rate", "100", "--sessions", "1000000");
        Await.until(PATIENCE, this::told, this::hasAddress);
        signal("KILL", run.pid());
        ended(run);
        Await.until(PATIENCE, () -> Leftovers.under(scratch).toString(), () -> Leftovers.under(scratch).isEmpty());
    }

    private boolean isAt(final Moment moment, final Process run)
    {
        return switch (moment)
        {
            case STARTING -> !Leftovers.under(scratch).isEmpty() &&
                run.descendants().anyMatch(process -> process.info().command().orElse("").endsWith("java"));
            case LISTENING -> hasAddress();
            case HUNG -> hasSessions();
            case KILLED -> isStartedAgain();
        };
    }

    /** Whether the manager has been killed and started again; it may be killed once more at any time. */
    private boolean isStartedAgain()
    {
        try
        {
            final long pid = managerPid();
            firstPid = 0 == firstPid ? pid : firstPid;
            return pid != firstPid;
        }
        catch (final IOException | RuntimeException ex)
        {
            return false;
        }
    }

    private Process start(final String... more) throws IOException
    {
        final List<String> words = new ArrayList<>(List.of(
            "loadtest", "run", "--agents", "20", "-o", "json", "--html", page.toString()));
        words.addAll(List.of(more));
        if (!words.contains("--data"))
        {
            words.addAll(List.of("--work-dir", scratch.toString()));
        }
        return cli.start(out, err, words.toArray(new String[0]));
    }

    private void ended(final Process run) throws InterruptedException
    {
        assertTrue(run.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), this::told);
        assertNotEquals(0, run.exitValue(), this::told);
    }

    private static void signal(final String name, final long pid) throws Exception
    {
        assertEquals(0, new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor());
    }

    private Path data() throws IOException
    {
        try (Stream<Path> directories = Files.list(scratch))
        {
            return directories.findFirst().orElseThrow().resolve("data");
        }
    }

    private long managerPid() throws IOException
    {
        return Long.parseLong(Files.readString(data().resolve("manager.lock")).strip());
    }

    /** The only file that is left of the manager. */
    private Path kept() throws IOException
    {
        try (Stream<Path> files = Files.walk(scratch))
        {
            final List<Path> found = files.filter(Files::isRegularFile).toList();
            assertEquals(1, found.size(), found.toString());
            return found.get(0);
        }
    }

    private boolean hasAddress()
    {
        try
        {
            return Files.exists(data().resolve("address"));
        }
        catch (final IOException | RuntimeException ex)
        {
            return false;
        }
    }

    private boolean hasSessions()
    {
        try
        {
            final Path data = data();
            final String address = Files.readString(data.resolve("address")).strip();
            return hasSessions(
                new ApiProbe(Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)), data));
        }
        catch (final IOException | RuntimeException ex)
        {
            return false;
        }
    }

    private static boolean hasSessions(final ApiProbe probe)
    {
        final JsonNode sessions = probe.get("/v1/cluster").path("groups").path("loadtest");
        return sessions.path("TERMINATED").asLong() + sessions.path("RUNNING").asLong() > SESSIONS;
    }

    private String told()
    {
        return read(out) + read(err);
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

    /** When somebody has enough. */
    private enum Moment
    {
        STARTING, LISTENING, HUNG, KILLED
    }
}
