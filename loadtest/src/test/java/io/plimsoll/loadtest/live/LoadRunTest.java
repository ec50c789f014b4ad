package io.plimsoll.loadtest.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plimsoll.journal.CommitMode;
import io.plimsoll.manager.ConfigurationView;
import io.plimsoll.manager.Manager;
import io.plimsoll.manager.ManagerContext;
import io.plimsoll.manager.http.HttpGatewayLauncher;
import io.plimsoll.transport.auth.JoinToken;
import io.plimsoll.transport.http.ApiTarget;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadRunTest
{
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    @TempDir
    private Path directory;

    @Test
    void shouldRunAllAndGiveOneObject() throws IOException
    {
        final LoadPlan plan = plan(40, 20, 3_000, List.of(), 100, 0, ChaosPlan.NONE);
        try (HostedManager manager = new HostedManager(directory))
        {
            final LoadResult result = new LoadRun(plan, manager, progress -> assertTrue(progress.done() >= 0)).run();

            assertSound(result, 3_000);
            assertEquals(3_000, result.assigned().count());
            assertEquals(30, result.traffic().submissions());
            assertEquals(2, result.traffic().links());
            final JsonNode json = new ObjectMapper().readTree(LoadJson.write(plan, result));
            for (final String number : List.of(
                "sessions", "seconds", "sessionsPerSecond", "lost", "doubled", "agents"))
            {
                assertTrue(json.path(number).isNumber(), number);
            }
            assertEquals(3_000, json.path("sessions").asLong());
            for (final String percentile : List.of("p50", "p90", "p99", "p999", "max"))
            {
                assertTrue(json.path("submitToAssignedMicros").path(percentile).asDouble() > 0, percentile);
            }
            assertTrue(json.path("managerCpuSeconds").asDouble() > 0);
            assertTrue(json.path("managerPeakMemoryBytes").asLong() > 1 << 20);
            assertFalse(json.path("series").isEmpty());
            assertTrue(json.path("managerThreadSeconds").path("virtual-agents").isNumber(), json.toString());
        }
    }

    @Test
    void shouldKeepTheRateAndReadBeside() throws IOException
    {
        final LoadPlan plan = plan(20, 1, 300, List.of(150.0), 1, 0.25, ChaosPlan.NONE);
        try (HostedManager manager = new HostedManager(directory))
        {
            final LoadResult result = new LoadRun(plan, manager, LoadRunTest::ignore).run();

            assertSound(result, 300);
            assertTrue(result.seconds() >= 1.9, "seconds=" + result.seconds());
            final LoadResult.Reading reads = result.reads();
            assertEquals(0, reads.errors());
            assertTrue(reads.lists().count() > 0 && reads.explains().count() > 0 && reads.events().count() > 0,
                reads.toString());
        }
    }

    @Test
    void shouldLoseNothingWhenLinksBreak() throws IOException
    {
        final LoadPlan plan = plan(
            40, 10, 1_500, List.of(300.0), 10, 0, new ChaosPlan(40, 2 * SECOND_NS, 0.1, 0));
        try (HostedManager manager = new HostedManager(directory))
        {
            final LoadResult result = new LoadRun(plan, manager, LoadRunTest::ignore).run();

            assertSound(result, 1_500);
            assertTrue(result.chaos().flaps() > 20, result.chaos().toString());
            assertTrue(result.chaos().storms() > 0, result.chaos().toString());
            assertEquals(4, result.chaos().slowAgents());
        }
    }

    @Test
    void shouldSubmitThroughTheBinaryIngressAndReadOverHttp() throws IOException
    {
        final LoadPlan plan = plan(
            SubmitApi.BINARY, 20, 10, 1_000, List.of(500.0), 2, 0.1, new ChaosPlan(20, 0, 0, 0));
        try (HostedManager manager = new HostedManager(directory))
        {
            final LoadResult result = new LoadRun(plan, manager, LoadRunTest::ignore).run();

            assertSound(result, 1_000);
            assertEquals(1_000, result.assigned().count());
            assertEquals(500, result.traffic().submissions());
            assertEquals(500, result.replied().count());
            assertEquals(0, result.reads().errors());
            assertTrue(result.reads().lists().count() > 0, result.reads().toString());
            assertEquals(
                "binary",
                new ObjectMapper().readTree(LoadJson.write(plan, result)).path("plan").path("api").asText());
        }
    }

    @Test
    void shouldSayWhatTheBinaryIngressRefuses() throws IOException
    {
        final LoadPlan plan = plan(SubmitApi.BINARY, 1, 1, 10, List.of(), 1, 0, ChaosPlan.NONE);
        try (HostedManager manager = new HostedManager(directory))
        {
            manager.token = "not-the-token";
            final LoadException refused =
                (LoadException)new LoadRun(plan, manager, LoadRunTest::ignore).run().failure();

            assertEquals(LoadException.Kind.REFUSED, refused.kind());
            assertTrue(refused.getMessage().contains("the manager refuses a submission"), refused.getMessage());
        }
    }

    @Test
    void shouldNotBeginWithoutTheBinaryIngressItNeeds() throws IOException
    {
        final LoadPlan plan = plan(SubmitApi.BINARY, 1, 1, 10, List.of(), 1, 0, ChaosPlan.NONE);
        final LiveManager none = new ForeignManager(
            ApiTarget.parse("http://127.0.0.1:1", "token"), 1, null, 0, SECOND_NS, null);

        final LoadException missing =
            assertThrows(LoadException.class, () -> new LoadRun(plan, none, LoadRunTest::ignore).run());

        assertEquals(LoadException.Kind.USAGE, missing.kind());
        assertTrue(missing.getMessage().contains("binary ingress"), missing.getMessage());
    }

    @Test
    void shouldNoticeWhatTheManagerHasNotRun() throws IOException
    {
        // Sessions that run for a minute, and nobody who waits that long.
        final LoadPlan stuck = new LoadPlan(
            1, 1, 1, 300, List.of(), Long.MAX_VALUE, false, SECOND_NS, 300, 300, SubmitApi.HTTP, 1, 1,
            60 * SECOND_NS, 0, ChaosPlan.NONE, "loadtest", 2 * SECOND_NS, 1);
        try (HostedManager manager = new HostedManager(directory))
        {
            final LoadRun run = new LoadRun(stuck, manager, LoadRunTest::ignore);
            run.managerPatience(SECOND_NS / 10);
            final LoadResult result = run.run();

            assertEquals(300, result.lost());
            assertFalse(result.isSound());
            assertEquals(300, result.unendedAtManager());

            // What is left would run beside what is ours, and count as doubled.
            final LoadException left = assertThrows(LoadException.class, () -> new LoadRun(
                plan(1, 1, 10, List.of(), 10, 0, ChaosPlan.NONE), manager, LoadRunTest::ignore).run());
            assertEquals(LoadException.Kind.USAGE, left.kind());
            assertTrue(left.getMessage().contains("has 300 sessions that have not ended"), left.getMessage());
        }
    }

    @Test
    void shouldStopAtTheFirstStepThatBreaks() throws IOException
    {
        final LoadPlan plan = new LoadPlan(
            4, 1, 1, Long.MAX_VALUE, List.of(10.0, 20.0, 30.0, 40.0), SECOND_NS, true, 1, 1, 1_000, SubmitApi.HTTP,
            2, 1, 0, 0, ChaosPlan.NONE, "loadtest", 60 * SECOND_NS, 1);
        try (HostedManager manager = new HostedManager(directory))
        {
            final LoadResult result = new LoadRun(plan, manager, LoadRunTest::ignore).run();

            assertTrue(result.isSound());
            assertTrue(result.steps().size() < 4, result.steps().toString());
            assertTrue(result.steps().get(0).broken().contains("p99"), result.steps().toString());
        }
    }

    @Test
    void shouldTellOfEachStepThatHolds() throws IOException
    {
        final LoadPlan plan = new LoadPlan(
            4, 1, 1, 25, List.of(20.0, 40.0, 80.0), SECOND_NS / 2, false, 60 * SECOND_NS, LoadPlan.BATCH_BY_RATE, 1_000,
            SubmitApi.HTTP, 2, 1, 0, 0, ChaosPlan.NONE, "loadtest", 60 * SECOND_NS, 1);
        try (HostedManager manager = new HostedManager(directory))
        {
            final LoadResult result = new LoadRun(plan, manager, LoadRunTest::ignore).run();

            assertSound(result, 25);
            assertEquals(List.of(10L, 15L), result.steps().stream().map(StepResult::due).toList());
        }
    }

    @Test
    void shouldEndEarlyWithWhatWasMeasured() throws IOException
    {
        final LoadPlan plan = plan(10, 1, 1_000_000, List.of(200.0), 1, 0, ChaosPlan.NONE);
        try (HostedManager manager = new HostedManager(directory))
        {
            final LoadRun[] run = new LoadRun[1];
            run[0] = new LoadRun(plan, manager, progress ->
            {
                if ("sessions".equals(progress.phase()) && progress.done() > 50)
                {
                    run[0].interrupt();
                }
            });
            final LoadResult result = run[0].run();

            assertTrue(result.isInterrupted());
            assertEquals(0, result.lost());
            assertEquals(0, result.doubled());
            assertTrue(result.sessions() > 50 && result.sessions() < 1_000_000, "sessions=" + result.sessions());
        }
    }

    @Test
    void shouldSayWhatTheMachineLacks()
    {
        final LoadException files = assertThrows(LoadException.class, () -> Limits.check(new LoadPlan(
            900_000, 1, 1, 1, List.of(), Long.MAX_VALUE, false, 1, 1, 1, SubmitApi.HTTP, 1, 1, 0, 0,
            ChaosPlan.NONE, "g", 1, 1)));

        assertEquals(LoadException.Kind.SHORT, files.kind());
        assertTrue(files.getMessage().contains("--agents-per-link"), files.getMessage());

        final LoadException heap = assertThrows(LoadException.class, () -> Limits.check(new LoadPlan(
            1, 1, 1, 1L << 40, List.of(), Long.MAX_VALUE, false, 1, 1, 1, SubmitApi.HTTP, 1, 64, 0, 0,
            ChaosPlan.NONE, "g", 1, 1)));
        assertTrue(heap.getMessage().contains("the record of 1,099,511,627,776 sessions"), heap.getMessage());
    }

    @Test
    void shouldHaveNoFiguresOfProcessesThatAreNotThere()
    {
        assertNull(ProcessFigures.of(Integer.MAX_VALUE));
        assertTrue(ProcessFigures.of(ProcessHandle.current().pid()).peakMemoryBytes() > 1 << 20);
    }

    private static void assertSound(final LoadResult result, final long sessions)
    {
        assertTrue(result.isSound(), result.audit().toString());
        assertEquals(sessions, result.sessions());
        assertEquals(sessions, result.audit().promised());
    }

    private static LoadPlan plan(
        final int agents, final int perLink, final long sessions, final List<Double> rates, final int batch,
        final double reads, final ChaosPlan chaos)
    {
        return plan(SubmitApi.HTTP, agents, perLink, sessions, rates, batch, reads, chaos);
    }

    private static LoadPlan plan(
        final SubmitApi api, final int agents, final int perLink, final long sessions, final List<Double> rates,
        final int batch, final double reads, final ChaosPlan chaos)
    {
        return new LoadPlan(
            agents, perLink, 2, sessions, rates, Long.MAX_VALUE, false, SECOND_NS, batch, 1_000, api, 2, 1, 0, reads,
            chaos, "loadtest", 60 * SECOND_NS, 1);
    }

    private static void ignore(final LoadProgress progress)
    {
        assertTrue(progress.total() >= 0);
    }

    /** In this process, so that its figures are those of the test. */
    private static final class HostedManager implements LiveManager
    {
        private final Path data;
        private final Manager manager;
        /** For the binary ingress; null: the right one. */
        private String token;

        HostedManager(final Path directory)
        {
            data = directory.resolve("data");
            manager = Manager.launch(new ManagerContext()
                .dataDirectory(data)
                .apiAddress(new InetSocketAddress("127.0.0.1", 0))
                .commitMode(CommitMode.ASYNC)
                .gatewayLauncher(new HttpGatewayLauncher(
                    null, ConfigurationView.NONE, new InetSocketAddress("127.0.0.1", 0))));
        }

        @Override
        public ApiTarget api()
        {
            return ApiTarget.parse("http://127.0.0.1:" + manager.apiPort(), read("token"));
        }

        @Override
        public Ingress ingress()
        {
            return Ingress.plain("127.0.0.1", manager.binaryPort(), null == token ? read("token") : token);
        }

        @Override
        public String agentHost()
        {
            return "127.0.0.1";
        }

        @Override
        public int agentPort()
        {
            return manager.agentPort();
        }

        @Override
        public JoinToken joinToken()
        {
            return JoinToken.parse(read("join-token"));
        }

        @Override
        public ProcessFigures figures()
        {
            return ProcessFigures.of(ProcessHandle.current().pid());
        }

        @Override
        public Map<String, Double> threads()
        {
            return ProcessFigures.threads(ProcessHandle.current().pid());
        }

        @Override
        public boolean mayBeKilled()
        {
            return false;
        }

        @Override
        public void killAndRestart()
        {
            throw new IllegalStateException("it is in this process");
        }

        @Override
        public void close()
        {
            manager.close();
        }

        private String read(final String file)
        {
            try
            {
                return Files.readString(data.resolve(file)).strip();
            }
            catch (final IOException ex)
            {
                throw new IllegalStateException(ex);
            }
        }
    }
}
