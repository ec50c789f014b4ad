package io.plimsoll.bench.e2e;

import io.plimsoll.bench.harness.Budget;
import io.plimsoll.bench.harness.Figure;
import io.plimsoll.bench.harness.Latencies;
import io.plimsoll.bench.harness.Runs;
import io.plimsoll.bench.harness.Scratch;
import io.plimsoll.journal.CommitMode;
import io.plimsoll.loadtest.live.Pace;
import io.plimsoll.manager.ConfigurationView;
import io.plimsoll.manager.http.HttpGatewayLauncher;
import io.plimsoll.transport.LaunchSpec;
import io.plimsoll.transport.client.ClientSession;
import io.plimsoll.transport.client.SessionListener;
import io.plimsoll.transport.client.SubmitClient;
import io.plimsoll.transport.client.SubmitClientOptions;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;
import org.agrona.collections.LongHashSet;

/** Submission over the binary ingress: until the submitter knows that its session has an agent. */
final class BinaryBench
{
    private static final int AGENTS = 8;
    private static final double PER_SECOND = 1_000;
    private static final ClientSession SESSION = ClientSession.of(
        "bench", 1_000, 1L << 30, new LaunchSpec(List.of("true"), Map.of(), null, null, 0, 1));

    private final Budget budget;

    BinaryBench(final Budget budget)
    {
        this.budget = budget;
    }

    List<Figure> run()
    {
        try (ClusterRig rig = new ClusterRig(new Scratch(), context -> context
            .commitMode(CommitMode.ASYNC)
            .gatewayLauncher(new HttpGatewayLauncher(
                null, ConfigurationView.NONE, new InetSocketAddress("127.0.0.1", 0))));
            SubmitClient client = SubmitClient.launch(
                SubmitClientOptions.plain("127.0.0.1", rig.manager().binaryPort(), rig.token())))
        {
            rig.launchSimulated(AGENTS, links -> links);
            final int count = (int)Math.max(100, 5 * PER_SECOND * budget.measureNs() / 1e9);
            open(client, count);
            final Open open = open(client, count);
            final List<Figure> figures = new ArrayList<>();
            figures.add(Figure.of(
                "", "binary ingress, submit to assigned at the submitter, 1,000/s, async, p50",
                open.assigned().p50Us(), "us")
                .against(AssignmentBench.tcpRoundTrip(count).p50Us(), "one TCP round trip, p50")
                .with("latency", open.assigned())
                .with("accepted", open.accepted()));
            figures.add(throughput(client));
            return figures;
        }
    }

    private static Open open(final SubmitClient client, final int count)
    {
        // Both are written on the thread of the client alone.
        final Histogram accepted = Latencies.histogram();
        final Histogram assigned = Latencies.histogram();
        // Word may come twice when a connection breaks; the first is the one that is measured.
        final LongHashSet seen = new LongHashSet();
        final AtomicInteger done = new AtomicInteger();
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        final long startNs = System.nanoTime() + 10_000_000;
        for (int i = 0; i < count; i++)
        {
            final long dueNs = startNs + (long)(i * 1e9 / PER_SECOND);
            Pace.awaitDue(dueNs);
            client.submit(SESSION, new SessionListener()
            {
                @Override
                public void onAssigned(final long sessionId, final int attempt)
                {
                    if (seen.add(sessionId))
                    {
                        assigned.recordValue(Math.max(1, System.nanoTime() - dueNs));
                        done.incrementAndGet();
                    }
                }

                @Override
                public void onEnded(
                    final long sessionId, final String state, final String result, final int exitCode)
                {
                    // Only the way in is measured.
                }
            }).whenComplete((submitted, error) ->
            {
                accepted.recordValue(Math.max(1, System.nanoTime() - dueNs));
                failure.compareAndSet(null, error);
            });
        }
        ClusterRig.await(
            "all " + count + " are assigned", () -> null != failure.get() || done.get() == count);
        if (null != failure.get())
        {
            throw new IllegalStateException("a submission was not taken", failure.get());
        }
        return new Open(Latencies.of(accepted), Latencies.of(assigned));
    }

    private Figure throughput(final SubmitClient client)
    {
        final int count = budget.isSmoke() ? 2_000 : 50_000;
        pipelined(client, count);
        final Runs<Double> runs = Runs.of(budget.runs(), () -> pipelined(client, count), value -> value);
        return Figure.of("", "binary ingress, one client, pipelined, async", runs.median(), "sessions/s")
            .with("runs", runs.values());
    }

    private static double pipelined(final SubmitClient client, final int count)
    {
        final List<CompletableFuture<?>> futures = new ArrayList<>();
        final long startNs = System.nanoTime();
        for (int i = 0; i < count; i++)
        {
            futures.add(client.submit(SESSION));
        }
        futures.forEach(CompletableFuture::join);
        return count * 1e9 / (System.nanoTime() - startNs);
    }

    private record Open(Latencies accepted, Latencies assigned)
    {
    }
}
