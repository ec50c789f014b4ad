package io.plimsoll.loadtest.swf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The heuristics that RLScheduler was compared with, on one window of a log and an empty machine. The first of the
 * queue, sorted by the heuristic, is committed to: until it fits, time advances from event to event and nothing is
 * sorted anew; with backfilling, jobs that end before the committed one is expected to start may overtake it.
 */
final class ReferenceHeuristics
{
    /** The published orders; the smallest key goes first. */
    enum Heuristic
    {
        FCFS(SwfJob::submitSeconds),
        WFP(job -> -Math.pow((double)waited(job) / job.requestedSeconds(), 3) * job.processors()),
        UNI(job -> -(waited(job) + 1e-15) / (log2(job.processors() + 1e-15) * job.requestedSeconds())),
        SJF(SwfJob::requestedSeconds),
        F1(job -> Math.log10(job.requestedSeconds()) * job.processors() + 870 * Math.log10(job.submitSeconds()));

        private final Comparator<SwfJob> order;

        Heuristic(final ToDoubleFunction<SwfJob> key)
        {
            order = Comparator.comparingDouble(key);
        }

        Comparator<SwfJob> order()
        {
            return this == SJF ? order.thenComparingLong(SwfJob::submitSeconds) : order;
        }

        // The published programs score with a start time of -1, so that the wait is no wait; their table shows it.
        private static long waited(final SwfJob job)
        {
            return -1 - job.submitSeconds();
        }

        private static double log2(final double value)
        {
            return Math.log(value) / Math.log(2);
        }
    }

    private static final Comparator<Running> BY_END = Comparator.comparingLong(Running::endSeconds);

    private final List<SwfJob> window;
    private final Heuristic heuristic;
    private final boolean backfill;
    private final List<SwfJob> queue = new ArrayList<>();
    private final List<Running> running = new ArrayList<>();
    private int arrived;
    private int free;
    private long nowSeconds;
    private double slowdowns;

    private ReferenceHeuristics(
        final List<SwfJob> window, final int processors, final Heuristic heuristic, final boolean backfill)
    {
        this.window = window;
        this.heuristic = heuristic;
        this.backfill = backfill;
        free = processors;
        nowSeconds = window.get(0).submitSeconds();
    }

    /**
     * Mean bounded slowdown of a window.
     *
     * @param window     jobs in order of their ids, which must be the order of arrival.
     * @param processors of the machine.
     * @param heuristic  that picks.
     * @param backfill   whether others may overtake the one that was picked.
     * @return it.
     */
    static double boundedSlowdown(
        final List<SwfJob> window, final int processors, final Heuristic heuristic, final boolean backfill)
    {
        return new ReferenceHeuristics(window, processors, heuristic, backfill).run() / window.size();
    }

    private double run()
    {
        queue.add(window.get(0));
        arrived = 1;
        while (!queue.isEmpty())
        {
            queue.sort(heuristic.order());
            final SwfJob picked = queue.remove(0);
            if (picked.processors() > free)
            {
                waitFor(picked);
            }
            start(picked);
            while (queue.isEmpty() && arrived < window.size())
            {
                advance();
            }
        }
        return slowdowns;
    }

    private void waitFor(final SwfJob picked)
    {
        final long reservedSeconds = reservation(picked);
        while (picked.processors() > free)
        {
            if (backfill)
            {
                overtake(reservedSeconds);
            }
            advance();
        }
    }

    private void overtake(final long reservedSeconds)
    {
        final List<SwfJob> candidates = new ArrayList<>(queue);
        candidates.sort(Comparator.comparingLong(SwfJob::submitSeconds));
        for (final SwfJob job : candidates)
        {
            if (job.processors() <= free && nowSeconds + job.requestedSeconds() < reservedSeconds)
            {
                queue.remove(job);
                start(job);
            }
        }
    }

    private long reservation(final SwfJob picked)
    {
        final List<Running> byEstimate = new ArrayList<>(running);
        byEstimate.sort(Comparator.comparingLong(Running::estimatedEndSeconds));
        int available = free;
        long reservedSeconds = nowSeconds;
        for (int i = 0; available < picked.processors(); i++)
        {
            available += byEstimate.get(i).job().processors();
            reservedSeconds = byEstimate.get(i).estimatedEndSeconds();
        }
        return reservedSeconds;
    }

    private void start(final SwfJob job)
    {
        free -= job.processors();
        slowdowns += SwfMetrics.boundedSlowdown(nowSeconds - job.submitSeconds(), job.runSeconds());
        running.add(new Running(job, nowSeconds));
        running.sort(BY_END);
    }

    private void advance()
    {
        final long endSeconds = running.isEmpty() ? Long.MAX_VALUE : running.get(0).endSeconds();
        if (arrived < window.size() && window.get(arrived).submitSeconds() <= endSeconds)
        {
            nowSeconds = Math.max(nowSeconds, window.get(arrived).submitSeconds());
            queue.add(window.get(arrived));
            arrived++;
        }
        else
        {
            nowSeconds = Math.max(nowSeconds, endSeconds);
            free += running.remove(0).job().processors();
        }
    }

    private record Running(SwfJob job, long startSeconds)
    {
        long endSeconds()
        {
            return startSeconds + job.runSeconds();
        }

        long estimatedEndSeconds()
        {
            return startSeconds + job.requestedSeconds();
        }
    }
}
