package io.plimsoll.bench.e2e;

import com.sun.management.OperatingSystemMXBean;
import io.plimsoll.bench.harness.Budget;
import io.plimsoll.bench.harness.Figure;
import io.plimsoll.bench.harness.Runs;
import io.plimsoll.bench.harness.WarmUp;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.OnLoss;
import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.journal.CommitMode;
import io.plimsoll.manager.control.ClusterControl;
import io.plimsoll.manager.control.PreparedSession;
import io.plimsoll.manager.control.SessionPreparer;
import io.plimsoll.manager.control.SessionRequest;
import io.plimsoll.manager.control.SessionTerms;
import io.plimsoll.manager.control.SubmissionChunk;
import io.plimsoll.manager.control.SubmitReply;
import io.plimsoll.transport.LaunchSpec;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;

/** Bulk submission over one connection, beside the same chunks from memory. */
final class BulkBench
{
    private static final double TARGET = 200_000;
    private static final int LINES = 50_000;
    private static final int IN_FLIGHT = 16;
    /** What is submitted stays. */
    private static final int SLICES_MAX = 24;
    private static final String ALIKE =
        "{\"name\":\"bench\",\"cpu\":1,\"mem\":\"1g\",\"command\":[\"true\"]}\n";

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean PROCESS =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private final Budget budget;

    BulkBench(final Budget budget)
    {
        this.budget = budget;
    }

    List<Figure> run()
    {
        return List.of(
            figure("all alike", "", i -> ALIKE),
            figure("each its name", "", i -> ALIKE.replace("bench", "bench-" + i)),
            figure("each its name and argument", "", i -> ALIKE.replace("bench", "bench-" + i).replace(
                "\"true\"", "\"true\",\"" + i + '"')),
            figure("all alike, idempotency key", "Idempotency-Key: ", i -> ALIKE));
    }

    private Figure figure(final String kind, final String keyHeader, final IntFunction<String> line)
    {
        final int lines = budget.isSmoke() ? 2_000 : LINES;
        final StringBuilder body = new StringBuilder();
        for (int i = 0; i < lines; i++)
        {
            body.append(line.apply(i));
        }
        try (ClusterRig rig = new ClusterRig(CommitMode.ASYNC); HttpLane http = rig.lane())
        {
            final int requests = budget.isSmoke() ? 1 : 4;
            final int[] number = new int[1];
            WarmUp.until(
                budget, SLICES_MAX, () -> request(rig, http, body.toString(), lines, keyHeader, number));
            final Runs<Sample> runs = Runs.of(
                budget.runs(),
                () ->
                {
                    Sample sum = Sample.NONE;
                    for (int i = 0; i < requests; i++)
                    {
                        sum = sum.plus(request(rig, http, body.toString(), lines, keyHeader, number));
                    }
                    return sum;
                },
                Sample::perSecond);
            // One account's share of the ring is for senders that come by way of a front end.
            rig.manager().services().configuration().ownerInFlight(Integer.MAX_VALUE);
            memory(rig, lines);
            final Runs<Double> memory = Runs.of(budget.runs(), () -> memory(rig, lines), value -> value);
            final Figure figure = Figure.of(
                "", "bulk NDJSON, one connection, async, " + kind, runs.median().perSecond(), "sessions/s")
                .against(memory.median(), "chunks of equal sessions from memory, same manager")
                .with("runs", runs.values())
                .with("manager's CPU us/session", runs.median().managerUs())
                .with("client's CPU us/session", runs.median().clientUs())
                .with("bytes of a line", (double)body.length() / lines);
            return keyHeader.isEmpty() ? figure.target(">= 200,000/s", runs.median().perSecond() >= TARGET) : figure;
        }
    }

    private static Sample request(
        final ClusterRig rig,
        final HttpLane http,
        final String body,
        final int lines,
        final String keyHeader,
        final int[] number)
    {
        final String type = "application/x-ndjson" +
            (keyHeader.isEmpty() ? "" : "\r\n" + keyHeader + number[0]++);
        final byte[] request = HttpLane.request("POST", "/v1/sessions", rig.token(), type, body);
        final long before = pending(rig);
        final long startNs = System.nanoTime();
        final long clientNs = THREADS.getCurrentThreadCpuTime();
        final long processNs = PROCESS.getProcessCpuTime();
        http.require(request);
        final Sample sample = new Sample(
            lines,
            System.nanoTime() - startNs,
            PROCESS.getProcessCpuTime() - processNs,
            THREADS.getCurrentThreadCpuTime() - clientNs);
        if (pending(rig) - before != lines)
        {
            throw new IllegalStateException("accepted=" + (pending(rig) - before) + " of " + lines);
        }
        return sample;
    }

    private static long pending(final ClusterRig rig)
    {
        return rig.manager().services().view().counts().get(LifeState.PENDING);
    }

    /** What ring, core, journal and view do when nobody has to read JSON. */
    private static double memory(final ClusterRig rig, final int count)
    {
        final PreparedSession session = new SessionPreparer().prepare(
            new SessionRequest(
                "bench", "default", SessionType.BATCH, 10, 1, 1, false, 1_000, 1 << 30, Map.of(), 0, 10_000_000_000L,
                OnLoss.WAIT, List.of(), new LaunchSpec(List.of("true"), Map.of(), null, null, 0, 0),
                SessionTerms.DEFAULTS),
            0);
        final List<SubmissionChunk> chunks = new ArrayList<>();
        SubmissionChunk chunk = new SubmissionChunk();
        for (int i = 0; i < count; i++)
        {
            if (!chunk.tryAdd(session))
            {
                chunks.add(chunk);
                chunk = new SubmissionChunk();
                chunk.tryAdd(session);
            }
        }
        chunks.add(chunk);
        final ClusterControl control = rig.manager().services().control();
        final Deque<CompletableFuture<SubmitReply>> replies = new ArrayDeque<>();
        final long startNs = System.nanoTime();
        for (final SubmissionChunk next : chunks)
        {
            if (replies.size() == IN_FLIGHT)
            {
                replies.poll().join();
            }
            replies.add(control.submit(next));
        }
        replies.forEach(CompletableFuture::join);
        return count * 1e9 / (System.nanoTime() - startNs);
    }

    /** What requests took: time, and of the cores, which client and manager share. */
    private record Sample(long sessions, long wallNs, long processNs, long clientNs)
    {
        private static final Sample NONE = new Sample(0, 0, 0, 0);

        private Sample plus(final Sample other)
        {
            return new Sample(
                sessions + other.sessions, wallNs + other.wallNs, processNs + other.processNs,
                clientNs + other.clientNs);
        }

        private double perSecond()
        {
            return sessions * 1e9 / wallNs;
        }

        private double managerUs()
        {
            return (processNs - clientNs) / 1e3 / sessions;
        }

        private double clientUs()
        {
            return clientNs / 1e3 / sessions;
        }
    }
}
