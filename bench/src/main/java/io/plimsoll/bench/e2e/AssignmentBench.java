package io.plimsoll.bench.e2e;

import io.plimsoll.bench.harness.Budget;
import io.plimsoll.bench.harness.Figure;
import io.plimsoll.bench.harness.Latencies;
import io.plimsoll.journal.CommitMode;
import io.plimsoll.loadtest.live.AssignmentTap;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import org.HdrHistogram.Histogram;

/** From the time at which a submission was due to the time at which its assignment came in at its agent. */
final class AssignmentBench
{
    private static final int AGENTS = 8;
    private static final int LANES = 8;
    private static final double PER_SECOND = 1_000;
    private static final double P50_TARGET_US = 1_000;
    private static final double P99_TARGET_US = 5_000;
    private static final String BODY =
        "{\"cpu\":1,\"mem\":\"1g\",\"simulatedSeconds\":0,\"command\":[\"true\"]}";

    private final Budget budget;

    AssignmentBench(final Budget budget)
    {
        this.budget = budget;
    }

    List<Figure> run()
    {
        final int count = (int)Math.max(100, 5 * PER_SECOND * budget.measureNs() / 1e9);
        final int warmUp = count / 2;
        final AtomicLongArray arrivedNsById = new AtomicLongArray(warmUp + count + 1);
        final AtomicLongArray dueNsById = new AtomicLongArray(warmUp + count + 1);
        try (ClusterRig rig = new ClusterRig(CommitMode.ASYNC))
        {
            rig.launchSimulated(AGENTS, links -> new AssignmentTap(links, (id, kernelIndex, nowNs) ->
            {
                if (id < arrivedNsById.length())
                {
                    arrivedNsById.compareAndSet((int)id, 0, nowNs);
                }
            }));
            final byte[] submit = rig.post("/v1/sessions", BODY);
            final byte[] empty = HttpLane.request("GET", "/health/live", null, null);
            final Lanes.Call call = (http, index, dueNs) ->
            {
                http.require(submit);
                dueNsById.set((int)EndToEndBench.firstId(http.body()), dueNs);
            };
            Lanes.open(rig, LANES, PER_SECOND, warmUp, call);
            final Latencies route = Lanes.open(
                rig, LANES, PER_SECOND, count, (http, index, dueNs) -> http.require(empty)).latencies();
            final Lanes.Outcome replies = Lanes.open(rig, LANES, PER_SECOND, count, call);
            ClusterRig.await("all are assigned", () -> 0 != arrivedNsById.get(warmUp + count));
            final Histogram histogram = Latencies.histogram();
            for (int id = warmUp + 1; id <= warmUp + count; id++)
            {
                histogram.recordValue(Math.max(1, arrivedNsById.get(id) - dueNsById.get(id)));
            }
            return List.of(figure(Latencies.of(histogram), replies.latencies(), route, tcpRoundTrip(count)));
        }
    }

    private static Figure figure(
        final Latencies assigned, final Latencies replied, final Latencies route, final Latencies tcp)
    {
        final boolean met = assigned.p50Us() < P50_TARGET_US && assigned.p99Us() < P99_TARGET_US;
        return Figure.of("6", "submit to assignment at the agent, 1,000/s, async, p50", assigned.p50Us(), "us")
            .against(route.p50Us() + tcp.p50Us(), "one HTTP and one TCP round trip, p50")
            .target("p50 < 1 ms, p99 < 5 ms", met)
            .with("latency", assigned)
            .with("reply to the submitter", replied)
            .with("empty route, 1,000/s", route)
            .with("TCP round trip", tcp);
    }

    /** One byte there and back, one after the other. */
    static Latencies tcpRoundTrip(final int count)
    {
        final Histogram histogram = Latencies.histogram();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
            Socket peer = server.accept())
        {
            client.setTcpNoDelay(true);
            peer.setTcpNoDelay(true);
            final Thread echo = new Thread(() -> echo(peer), "echo");
            echo.start();
            final OutputStream out = client.getOutputStream();
            final InputStream in = client.getInputStream();
            for (int i = 0; i < count; i++)
            {
                final long startNs = System.nanoTime();
                out.write(1);
                in.read();
                histogram.recordValue(System.nanoTime() - startNs);
            }
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        return Latencies.of(histogram);
    }

    private static void echo(final Socket socket)
    {
        try
        {
            int next = socket.getInputStream().read();
            while (next >= 0)
            {
                socket.getOutputStream().write(next);
                next = socket.getInputStream().read();
            }
        }
        catch (final IOException ex)
        {
            // The other side is done.
        }
    }
}
