package io.plimsoll.bench.e2e;

import io.plimsoll.bench.harness.Budget;
import io.plimsoll.bench.harness.Figure;
import io.plimsoll.bench.harness.Scratch;
import io.plimsoll.journal.CommitMode;
import io.plimsoll.manager.Counters;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * What heartbeats cost the manager: the CPU time of all its threads, media driver and event loops included, with and
 * without agents, carried forward to 100,000 of them.
 */
final class HeartbeatBench
{
    private static final int AGENTS = 20_000;
    private static final int AGENTS_QUICK = 2_000;
    private static final int AGENTS_PER_LINK = 100;
    private static final int TARGET_AGENTS = 100_000;
    private static final long INTERVAL_NS = 200_000_000L;
    private static final double CORES_TARGET = 0.5;
    private static final double SHARE_MIN = 0.002;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Budget budget;

    HeartbeatBench(final Budget budget)
    {
        this.budget = budget;
    }

    List<Figure> run()
    {
        final int agents = budget.isSmoke() ? 10 : budget.isQuick() ? AGENTS_QUICK : AGENTS;
        final long[] others = THREADS.getAllThreadIds();
        // Five beats a second of each agent: as many as of the hundred thousand, so work comes in batches as large.
        try (ClusterRig rig = new ClusterRig(
            new Scratch(),
            context -> context.commitMode(CommitMode.ASYNC).liveness(INTERVAL_NS, 30 * INTERVAL_NS, 600 * INTERVAL_NS)))
        {
            final long[] threads = without(THREADS.getAllThreadIds(), others);
            pause(budget.warmUpNs());
            final double idle = cores(threads, 2 * budget.measureNs());
            rig.launchSimulated(agents, AGENTS_PER_LINK, links -> links);
            // So many beats are needed until they are compiled.
            pause(10 * budget.warmUpNs());
            final Counters counters = rig.manager().services().counters();
            final long before = counters.value(Counters.Counter.HEARTBEATS);
            final Map<String, Long> cpuBefore = cpuByThread(threads);
            final long startNs = System.nanoTime();
            final double busy = cores(threads, 10 * budget.measureNs());
            final List<String> byThread =
                shares(cpuBefore, cpuByThread(threads), System.nanoTime() - startNs);
            final double perSecond = (counters.value(Counters.Counter.HEARTBEATS) - before) * 1e9 /
                (System.nanoTime() - startNs);
            final double each = Math.max(0, busy - idle) / Math.max(1, perSecond);
            final double scaled = idle + each * TARGET_AGENTS;
            return List.of(
                Figure.of(
                    "9",
                    String.format(
                        Locale.ROOT, "heartbeats: cores for %,d/s, from %,d agents", TARGET_AGENTS, agents),
                    scaled,
                    "cores")
                    .target("< 0.5", scaled < CORES_TARGET)
                    .with("heartbeats/s", perSecond)
                    .with("cores without agents", idle)
                    .with("cores with agents", busy)
                    .with("us each", each * 1e6)
                    .with("cores by thread", byThread)
                    .with("note", "one in eight is answered with a lease, on TLS links of 100 agents: that is in it"));
        }
    }

    private static double cores(final long[] threads, final long durationNs)
    {
        final long cpuBefore = cpuNs(threads);
        final long startNs = System.nanoTime();
        pause(durationNs);
        return (cpuNs(threads) - cpuBefore) / (double)(System.nanoTime() - startNs);
    }

    private static long cpuNs(final long[] threads)
    {
        long sum = 0;
        for (final long thread : threads)
        {
            sum += Math.max(0, THREADS.getThreadCpuTime(thread));
        }
        return sum;
    }

    /** Threads of one kind count together; what tells them apart are digits and the directory of their driver. */
    private static Map<String, Long> cpuByThread(final long[] threads)
    {
        final Map<String, Long> cpuNs = new TreeMap<>();
        for (final long thread : threads)
        {
            final ThreadInfo info = THREADS.getThreadInfo(thread);
            if (null != info)
            {
                final String name = info.getThreadName().replaceAll("^/\\S+ ", "").replaceAll("\\d+", "N");
                cpuNs.merge(name, THREADS.getThreadCpuTime(thread), Long::sum);
            }
        }
        return cpuNs;
    }

    private static List<String> shares(
        final Map<String, Long> before, final Map<String, Long> after, final long durationNs)
    {
        final List<String> shares = new ArrayList<>();
        after.forEach((name, cpuNs) ->
        {
            final double cores = (cpuNs - before.getOrDefault(name, 0L)) / (double)durationNs;
            if (cores >= SHARE_MIN)
            {
                shares.add(String.format(Locale.ROOT, "%s %.3f", name, cores));
            }
        });
        return shares;
    }

    private static long[] without(final long[] all, final long[] others)
    {
        return Arrays.stream(all)
            .filter(id -> Arrays.stream(others).noneMatch(other -> other == id))
            .toArray();
    }

    private static void pause(final long durationNs)
    {
        final long endNs = System.nanoTime() + durationNs;
        long leftNs = durationNs;
        while (leftNs > 0)
        {
            LockSupport.parkNanos(leftNs);
            leftNs = endNs - System.nanoTime();
        }
    }
}
