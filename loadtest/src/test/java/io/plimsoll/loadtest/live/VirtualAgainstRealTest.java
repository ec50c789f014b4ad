package io.plimsoll.loadtest.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plimsoll.agent.AgentContext;
import io.plimsoll.agent.AgentNode;
import io.plimsoll.agent.AgentState;
import io.plimsoll.journal.CommitMode;
import io.plimsoll.loadtest.fleet.Fleet;
import io.plimsoll.loadtest.fleet.Machine;
import io.plimsoll.loadtest.fleet.MachineKind;
import io.plimsoll.loadtest.jobs.Distribution.Constant;
import io.plimsoll.loadtest.jobs.Draws;
import io.plimsoll.loadtest.jobs.Job;
import io.plimsoll.loadtest.jobs.JobRequest;
import io.plimsoll.loadtest.jobs.Need;
import io.plimsoll.loadtest.jobs.Tenant;
import io.plimsoll.loadtest.jobs.WorkloadBuilder;
import io.plimsoll.loadtest.virtual.ClusterRun;
import io.plimsoll.loadtest.virtual.MachineFaults;
import io.plimsoll.loadtest.virtual.Rework;
import io.plimsoll.loadtest.virtual.RunSetup;
import io.plimsoll.loadtest.virtual.SessionLog;
import io.plimsoll.loadtest.virtual.StartDelays;
import io.plimsoll.manager.Manager;
import io.plimsoll.manager.ManagerContext;
import io.plimsoll.transport.auth.JoinToken;
import io.plimsoll.transport.http.ApiClient;
import io.plimsoll.transport.http.ApiStream;
import io.plimsoll.transport.http.ApiTarget;
import io.plimsoll.transport.http.ServerSentEvents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same small workload with real processes, on a manager and an agent with the process runtime, and in virtual time.
 * What is put into the simulation is measured: when sessions were submitted, how long they ran, and how long it took on
 * average from when there was room to the run. What has to come out of both is how long they waited.
 */
class VirtualAgainstRealTest
{
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int SESSIONS = Integer.getInteger("plimsoll.real.sessions", 36);
    private static final int READ_TIMEOUT_MS = 60_000;
    private static final int CORES = 4;
    private static final double MEAN_GAP_MS = 60;
    private static final double SECOND_NS = 1e9;
    /** Of the mean wait: this part of it, and as much on top as a busy machine needs for a start. */
    private static final double BOUND_PART = 0.2;
    private static final double BOUND_SECONDS = 0.2;
    private static final long TIMEOUT_NS = TimeUnit.MINUTES.toNanos(3);

    @TempDir
    private Path directory;

    private ApiClient api;

    @Test
    void shouldWaitAsLongInVirtualTimeAsWithRealProcesses() throws IOException
    {
        final Path data = directory.resolve("manager");
        final Manager manager = Manager.launch(new ManagerContext()
            .dataDirectory(data).apiAddress(new InetSocketAddress("127.0.0.1", 0)).commitMode(CommitMode.ASYNC));
        try (manager;
            AgentNode agent = AgentNode.launch(new AgentContext()
                .dataDirectory(directory.resolve("agent"))
                .manager("127.0.0.1", manager.agentPort())
                .joinToken(JoinToken.parse(Files.readString(data.resolve("join-token")).strip()))
                .capacity("cpu", CORES * 1000L)
                .pinning(false)
                .memoryLimits(false)))
        {
            await("the agent", () -> AgentState.ACTIVE == agent.status().state());
            api = new ApiClient(ApiTarget.parse(
                "http://127.0.0.1:" + manager.apiPort(), Files.readString(data.resolve("token")).strip()));
            final List<Lived> real = real();
            final double startSeconds = startSeconds(real);

            final double realWait = real.stream().mapToDouble(Lived::waitSeconds).average().orElseThrow();
            final double virtualWait = virtualWait(real, startSeconds, CORES);
            final String figures = String.format(
                Locale.ROOT, "sessions=%d start=%.3f s, mean wait: real %.3f s, virtual %.3f s, a core less %.3f s",
                SESSIONS, startSeconds, realWait, virtualWait, virtualWait(real, startSeconds, CORES - 1));
            Files.writeString(Path.of("target", "virtual-against-real.txt"), figures + "\n");
            assertTrue(realWait > startSeconds + BOUND_SECONDS, "nobody had to wait: " + figures);
            assertTrue(agrees(realWait, virtualWait), figures);
            assertFalse(agrees(realWait, virtualWait(real, startSeconds, CORES - 1)), "too wide: " + figures);
            api.close();
        }
    }

    private static boolean agrees(final double realWait, final double virtualWait)
    {
        return Math.abs(realWait - virtualWait) <= BOUND_PART * virtualWait + BOUND_SECONDS;
    }

    /**
     * From when it could have been assigned to run, as it was on average: word of an end and an assignment have to get
     * through, and more processes start at a time than there are cores to start them.
     */
    private double startSeconds(final List<Lived> real)
    {
        final Map<Long, Instant> assigned = new HashMap<>();
        try (ApiStream stream = api.open(
            "GET", "/v1/events?since=0", null, Map.of("Accept", "text/event-stream"), READ_TIMEOUT_MS))
        {
            final ServerSentEvents events = stream.events();
            while (assigned.size() < real.size() && events.next())
            {
                final JsonNode event = MAPPER.readTree(events.data());
                if ("kernel.state".equals(events.event()) && "SCHEDULED".equals(text(event, "state")))
                {
                    assigned.put(Long.valueOf(text(event, "sessionId")), Instant.parse(text(event, "time")));
                }
            }
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        return real.stream()
            .mapToDouble(one -> Duration.between(possible(real, one, assigned.get(one.id())), one.started()).toNanos())
            .average()
            .orElseThrow() / SECOND_NS;
    }

    /** When what it was assigned on became free, or when it was submitted if that was later. */
    private static Instant possible(final List<Lived> real, final Lived one, final Instant assigned)
    {
        return real.stream()
            .map(Lived::ended)
            .filter(ended -> ended.isAfter(one.submitted()) && !ended.isAfter(assigned))
            .max(Comparator.naturalOrder())
            .orElse(one.submitted());
    }

    private static String text(final JsonNode event, final String name)
    {
        return event.findValue(name).asText();
    }

    private List<Lived> real() throws IOException
    {
        final Draws draws = new Draws(7, 0);
        final List<long[]> submitted = new ArrayList<>();
        long dueNs = System.nanoTime();
        for (int i = 0; i < SESSIONS; i++)
        {
            dueNs += (long)(draws.exponential() * MEAN_GAP_MS * 1e6);
            Pace.awaitDue(dueNs);
            final int cores = 1 + draws.below(2);
            submitted.add(new long[]{submit(cores, 200 + draws.below(600)), cores});
        }
        final List<Lived> lived = new ArrayList<>();
        for (final long[] one : submitted)
        {
            lived.add(ended(one[0]).with((int)one[1]));
        }
        return lived;
    }

    private static double virtualWait(final List<Lived> real, final double startSeconds, final int cores)
    {
        final WorkloadBuilder jobs = new WorkloadBuilder("real");
        final Instant first = real.get(0).submitted();
        for (int i = 0; i < real.size(); i++)
        {
            final Lived one = real.get(i);
            jobs.add(Job.batch(
                "j" + i, Duration.between(first, one.submitted()).toNanos(), Tenant.of("u"),
                JobRequest.of(1, Need.cpu(one.cores() * 1000L, 0)),
                Duration.between(one.started(), one.ended()).toNanos(), Job.NO_LIMIT));
        }
        final MachineKind kind = MachineKind.of("node", cores * 1000L, MachineKind.UNLIMITED, List.of());
        final ClusterRun run = new ClusterRun(
            jobs.build(),
            new Fleet("one", List.of(new Machine("node-0", "", kind)), List.of()),
            new RunSetup(
                List.of(), new StartDelays(new Constant(startSeconds), new Constant(0)), MachineFaults.NONE, Rework.ALL,
                0, ClusterRun.TO_THE_END)).run();
        final SessionLog log = run.sessions();
        assertEquals(real.size(), log.size());
        double sum = 0;
        for (int i = 0; i < log.size(); i++)
        {
            sum += (log.startNs(i) - log.arrivalNs(i)) / SECOND_NS;
        }
        return sum / log.size();
    }

    private long submit(final int cores, final int millis) throws IOException
    {
        final String body = String.format(
            Locale.ROOT, "{\"cpu\":%d,\"mem\":\"16m\",\"command\":[\"sleep\",\"%.3f\"]}", cores, millis / 1000.0);
        return MAPPER.readTree(api.post("/v1/sessions", body).body()).path("id").asLong();
    }

    private Lived ended(final long id) throws IOException
    {
        final long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        JsonNode session = MAPPER.readTree(api.get("/v1/sessions/" + id + "/wait?timeout=30s").body());
        while (session.path("endedAt").isNull() && System.nanoTime() < deadlineNs)
        {
            session = MAPPER.readTree(api.get("/v1/sessions/" + id + "/wait?timeout=30s").body());
        }
        assertEquals("success", session.path("result").asText(), session.toString());
        return new Lived(
            id,
            1,
            Instant.parse(session.path("submittedAt").asText()),
            Instant.parse(session.path("startedAt").asText()),
            Instant.parse(session.path("endedAt").asText()));
    }

    private static void await(final String what, final BooleanSupplier condition)
    {
        final long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        while (!condition.getAsBoolean())
        {
            assertTrue(System.nanoTime() < deadlineNs, what);
            Thread.yield();
        }
    }

    /** What became of a session, by the manager's clock. */
    private record Lived(long id, int cores, Instant submitted, Instant started, Instant ended)
    {
        private Lived with(final int other)
        {
            return new Lived(id, other, submitted, started, ended);
        }

        private double waitSeconds()
        {
            return Duration.between(submitted, started).toNanos() / SECOND_NS;
        }
    }
}
