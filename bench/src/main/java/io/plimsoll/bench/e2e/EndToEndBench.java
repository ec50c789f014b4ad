package io.plimsoll.bench.e2e;

import io.plimsoll.bench.harness.Budget;
import io.plimsoll.bench.harness.Figure;
import io.plimsoll.bench.harness.Latencies;
import io.plimsoll.bench.harness.Runs;
import io.plimsoll.bench.harness.Scratch;
import io.plimsoll.bench.pipeline.JournalBench;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.journal.CommitMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** The whole cluster through its front door. */
public final class EndToEndBench
{
    private static final double LIVE_TARGET_S = 5;
    private static final double ARRAY_AIM = 400;
    private static final double RUN_TARGET_MS = 10;
    private static final String TRUE = "{\"cpu\":\"0.1\",\"mem\":\"16m\",\"command\":[\"/bin/true\"]}";

    private final Budget budget;
    private final List<Figure> figures = new ArrayList<>();

    /**
     * A benchmark.
     *
     * @param budget of time.
     */
    public EndToEndBench(final Budget budget)
    {
        this.budget = budget;
    }

    /** Measures everything. */
    public List<Figure> run()
    {
        final SubmitBench submit = new SubmitBench(budget);
        figures.add(submit.run(CommitMode.ASYNC));
        figures.add(submit.run(CommitMode.SYNC));
        figures.addAll(new AssignmentBench(budget).run());
        processes();
        figures.addAll(new HeartbeatBench(budget).run());
        restart();
        return figures;
    }

    private void processes()
    {
        try (ClusterRig rig = new ClusterRig(CommitMode.SYNC))
        {
            rig.launchAgent(8_000);
            runTrue(rig);
            array(rig);
        }
    }

    private void runTrue(final ClusterRig rig)
    {
        final int count = budget.isSmoke() ? 5 : 300;
        final Histogram histogram = Latencies.histogram();
        try (HttpLane http = rig.lane())
        {
            final byte[] submit = rig.post("/v1/sessions", TRUE);
            for (int i = -count / 3; i < count; i++)
            {
                final long startNs = System.nanoTime();
                http.require(submit);
                final long id = firstId(http.body());
                http.require(rig.get("/v1/sessions/" + id + "/wait?timeout=30s"));
                if (i >= 0)
                {
                    histogram.recordValue(System.nanoTime() - startNs);
                }
            }
        }
        final Latencies latencies = Latencies.of(histogram);
        figures.add(
            Figure.of("", "run -- true at the API, sync, idle cluster, p50", latencies.p50Us() / 1e3, "ms")
                .target("p50 < 10 ms", latencies.p50Us() / 1e3 < RUN_TARGET_MS)
                .with("latency", latencies));
    }

    private void array(final ClusterRig rig)
    {
        final int size = budget.isSmoke() ? 20 : 2_000;
        final Runs<Double> runs = Runs.of(budget.runs(), () -> arraySeconds(rig, size), value -> value);
        final double perSecond = size / runs.median();
        figures.add(
            Figure.of(
                "", String.format(Locale.ROOT, "%,d x /bin/true as one array, submit to last end, sync", size),
                perSecond, "sessions/s")
                .target("aim 400/s", perSecond >= ARRAY_AIM)
                .with("runs, seconds", runs.values()));
    }

    private static double arraySeconds(final ClusterRig rig, final int size)
    {
        final long before = ended(rig);
        try (HttpLane http = rig.lane())
        {
            final long startNs = System.nanoTime();
            http.require(rig.post("/v1/sessions", TRUE.replace("{\"cpu\"", "{\"count\":" + size + ",\"cpu\"")));
            ClusterRig.await("the array ends", () -> ended(rig) >= before + size);
            return (System.nanoTime() - startNs) / 1e9;
        }
    }

    private static long ended(final ClusterRig rig)
    {
        return rig.manager().services().view().counts().get(LifeState.TERMINATED);
    }

    /** The whole manager back from a journal with many placed sessions, until it answers. */
    private void restart()
    {
        final int sessions = budget.isSmoke() ? 2_000 : 1_000_000;
        final Scratch scratch = new Scratch();
        JournalBench.writeLiveSessions(scratch.resolve("data").resolve("journal"), sessions);
        final long startNs = System.nanoTime();
        try (ClusterRig rig = new ClusterRig(scratch, CommitMode.ASYNC); HttpLane http = rig.lane())
        {
            http.require(HttpLane.request("GET", "/health/ready", null, null));
            final double seconds = (System.nanoTime() - startNs) / 1e9;
            figures.add(
                Figure.of(
                    "8", String.format(Locale.ROOT, "manager ready again, %,d live sessions", sessions), seconds, "s")
                    .target("< 5 s", seconds < LIVE_TARGET_S)
                    .with("sessions", rig.manager().services().view().counts()));
        }
    }

    static long firstId(final String body)
    {
        final int start = body.indexOf("\"id\":") + 5;
        int end = start;
        while (end < body.length() && (Character.isDigit(body.charAt(end)) || '"' == body.charAt(end)))
        {
            end++;
        }
        return Long.parseLong(body.substring(start, end).replace("\"", ""));
    }
}
