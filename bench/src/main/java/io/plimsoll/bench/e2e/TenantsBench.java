package io.plimsoll.bench.e2e;

import io.plimsoll.bench.harness.Budget;
import io.plimsoll.bench.harness.Figure;
import io.plimsoll.bench.harness.Latencies;
import io.plimsoll.bench.harness.Runs;
import io.plimsoll.bench.harness.Scratch;
import io.plimsoll.journal.CommitMode;
import io.plimsoll.loadtest.live.Pace;
import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.ServicesBuilder;
import io.plimsoll.manager.TokenCheck;
import io.plimsoll.manager.http.HttpGatewayLauncher;
import io.plimsoll.manager.identity.Caller;
import io.plimsoll.manager.identity.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;

/**
 * Fifty tenants that submit now and then, and what they notice of one of them that floods: each has a token, an account
 * and a connection of its own, and sends at fixed times whatever became of the requests before.
 */
final class TenantsBench
{
    private static final int TENANTS = 50;
    private static final double PER_SECOND = 10;
    private static final double FLOOD_PER_SECOND = 100 * PER_SECOND;
    private static final int FLOOD_LANES = 8;
    private static final int BULK_LANES = 2;
    private static final int BULK_LINES = 1_000;
    private static final double TARGET = 2;
    private static final int FIRST_ACCOUNT = 1_000;
    private static final String TOKEN = "tenant-";
    private static final String SESSION =
        "{\"name\":\"bench\",\"cpu\":1,\"mem\":\"1g\",\"command\":[\"true\"]}";

    private final Budget budget;

    TenantsBench(final Budget budget)
    {
        this.budget = budget;
    }

    List<Figure> run()
    {
        final byte[] one = HttpLane.request("POST", "/v1/sessions", TOKEN + 0, SESSION);
        final byte[] many = HttpLane.request(
            "POST", "/v1/sessions", TOKEN + 0, "application/x-ndjson", (SESSION + "\n").repeat(BULK_LINES));
        final Figure hundredfold =
            figure("one submits 100 times as often", FLOOD_LANES, FLOOD_PER_SECOND / FLOOD_LANES, one);
        return List.of(
            hundredfold.target("<= 2 times", hundredfold.ratio() <= TARGET),
            figure("one submits 1,000 at a time as fast as it can", BULK_LANES, Double.MAX_VALUE, many));
    }

    private Figure figure(final String what, final int lanes, final double perSecond, final byte[] request)
    {
        final AtomicLong answered = new AtomicLong();
        // Once for the compiler, with all that is measured.
        measure(lanes, perSecond, request, answered);
        final List<Latencies> quiet = new ArrayList<>();
        final Runs<Latencies> flooded = Runs.of(
            budget.runs(),
            () ->
            {
                final Pair pair = measure(lanes, perSecond, request, answered);
                quiet.add(pair.quiet());
                return pair.flooded();
            },
            Latencies::p99Us);
        final Latencies before = Runs.of(quiet.size(), quiet.iterator()::next, Latencies::p99Us).median();
        return Figure.of(
            "", "49 tenants submit 10/s each over HTTP, " + what + ", async, p99", flooded.median().p99Us(), "us")
            .against(before.p99Us(), "p99 without that, same manager")
            .with("latency", flooded.median())
            .with("latency without", before)
            .with("answers to the flood", answered.get());
    }

    /** On a manager of its own: what a flood leaves waiting would in the end be as much as a manager takes. */
    private Pair measure(
        final int lanes, final double perSecond, final byte[] request, final AtomicLong answered)
    {
        try (ClusterRig rig = new ClusterRig(new Scratch(), context -> context
            .commitMode(CommitMode.ASYNC)
            .gatewayLauncher((services, address) -> new HttpGatewayLauncher().launch(withTenants(services), address))))
        {
            final Latencies quiet = others(rig);
            answered.set(0);
            return new Pair(quiet, flooded(rig, lanes, perSecond, request, answered));
        }
    }

    private record Pair(Latencies quiet, Latencies flooded)
    {
    }

    private static ManagerServices withTenants(final ManagerServices services)
    {
        final TokenCheck tokens = token -> token.startsWith(TOKEN) ? tenant(token) : services.tokens().callerOf(token);
        return new ServicesBuilder(services)
            .tokens(tokens)
            .build();
    }

    private static Caller tenant(final String token)
    {
        final int number = Integer.parseInt(token.substring(TOKEN.length()));
        return new Caller(Role.USER, token, "", FIRST_ACCOUNT + number, 0, 0, Caller.Access.OPEN);
    }

    private Latencies flooded(
        final ClusterRig rig, final int lanes, final double perSecond, final byte[] request, final AtomicLong answered)
    {
        final AtomicBoolean running = new AtomicBoolean(true);
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        final List<Thread> flood = new ArrayList<>();
        for (int i = 0; i < lanes; i++)
        {
            final Thread thread = new Thread(() -> flood(rig, perSecond, request, answered, running), "flood-" + i);
            thread.setUncaughtExceptionHandler((failed, error) -> failure.compareAndSet(null, error));
            thread.start();
            flood.add(thread);
        }
        try
        {
            return others(rig);
        }
        finally
        {
            running.set(false);
            flood.forEach(Lanes::join);
            if (null != failure.get())
            {
                throw new IllegalStateException("the flood ended early", failure.get());
            }
        }
    }

    private static void flood(
        final ClusterRig rig,
        final double perSecond,
        final byte[] request,
        final AtomicLong answered,
        final AtomicBoolean running)
    {
        try (HttpLane http = rig.lane())
        {
            final long startNs = System.nanoTime();
            long sent = 0;
            while (running.get())
            {
                Pace.awaitDue(startNs + (long)(sent++ * 1e9 / perSecond));
                // Whatever the answer is: a flood may be refused.
                http.call(request);
                answered.incrementAndGet();
            }
        }
    }

    /** Latencies of those who do not flood, from when each request was due. */
    private Latencies others(final ClusterRig rig)
    {
        final long durationNs = budget.isSmoke() ? budget.measureNs() : 4 * budget.measureNs();
        final int count = (int)Math.max(2, PER_SECOND * durationNs / 1e9);
        final long startNs = System.nanoTime() + 10_000_000;
        final List<Histogram> histograms = Lanes.run(TENANTS - 1, (lane, histogram) ->
        {
            final byte[] request = HttpLane.request("POST", "/v1/sessions", TOKEN + (lane + 1), SESSION);
            try (HttpLane http = rig.lane())
            {
                for (int i = 0; i < count; i++)
                {
                    final long dueNs = startNs + (long)((i + (double)lane / TENANTS) * 1e9 / PER_SECOND);
                    Pace.awaitDue(dueNs);
                    http.require(request);
                    histogram.recordValue(Math.max(1, System.nanoTime() - dueNs));
                }
            }
        });
        return Latencies.of(Lanes.merge(histograms));
    }
}
