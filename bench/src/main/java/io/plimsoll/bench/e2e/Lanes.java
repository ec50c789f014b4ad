package io.plimsoll.bench.e2e;

import io.plimsoll.bench.harness.Latencies;
import io.plimsoll.loadtest.live.Pace;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/** Several connections at once, each with a thread of its own. */
final class Lanes
{
    private Lanes()
    {
    }

    /**
     * Closed loop: each connection sends one request after the other.
     *
     * @return requests in a second over all connections, and their latencies.
     */
    static Outcome closed(final ClusterRig rig, final int lanes, final long durationNs, final byte[] request)
    {
        final long endNs = System.nanoTime() + durationNs;
        final List<Histogram> histograms = run(lanes, (lane, histogram) ->
        {
            try (HttpLane http = rig.lane())
            {
                long nowNs = System.nanoTime();
                while (nowNs < endNs)
                {
                    final long startNs = nowNs;
                    http.require(request);
                    nowNs = System.nanoTime();
                    histogram.recordValue(nowNs - startNs);
                }
            }
        });
        final Histogram all = merge(histograms);
        return new Outcome(all.getTotalCount() * 1e9 / durationNs, all);
    }

    /**
     * Open loop: requests are due at fixed times whatever became of those before, and each counts from when it was due.
     *
     * @param perSecond requests.
     * @param count     of them.
     * @param call      sends a request for a due time and waits for the answer.
     */
    static Outcome open(
        final ClusterRig rig, final int lanes, final double perSecond, final int count, final Call call)
    {
        final AtomicLong next = new AtomicLong();
        final long startNs = System.nanoTime() + 10_000_000;
        final List<Histogram> histograms = run(lanes, (lane, histogram) ->
        {
            try (HttpLane http = rig.lane())
            {
                long index = next.getAndIncrement();
                while (index < count)
                {
                    final long dueNs = startNs + (long)(index * 1e9 / perSecond);
                    Pace.awaitDue(dueNs);
                    call.onDue(http, index, dueNs);
                    histogram.recordValue(Math.max(1, System.nanoTime() - dueNs));
                    index = next.getAndIncrement();
                }
            }
        });
        return new Outcome(perSecond, merge(histograms));
    }

    /** Runs something on each of some threads, and returns what each measured; fails if one does. */
    static List<Histogram> run(final int lanes, final Lane lane)
    {
        final List<Histogram> histograms = new ArrayList<>();
        final List<Thread> threads = new ArrayList<>();
        final List<Throwable> failures = new ArrayList<>();
        for (int i = 0; i < lanes; i++)
        {
            final int number = i;
            final Histogram histogram = Latencies.histogram();
            histograms.add(histogram);
            final Thread thread = new Thread(() -> lane.run(number, histogram), "lane-" + i);
            thread.setUncaughtExceptionHandler((failed, error) ->
            {
                synchronized (failures)
                {
                    failures.add(error);
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (final Thread thread : threads)
        {
            join(thread);
        }
        synchronized (failures)
        {
            if (!failures.isEmpty())
            {
                throw new IllegalStateException("a connection failed", failures.get(0));
            }
        }
        return histograms;
    }

    /** Waits for a thread to end. */
    static void join(final Thread thread)
    {
        try
        {
            thread.join();
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
    }

    /** All together. */
    static Histogram merge(final List<Histogram> histograms)
    {
        final Histogram all = Latencies.histogram();
        histograms.forEach(all::add);
        return all;
    }

    /**
     * What came of it.
     *
     * @param perSecond requests.
     * @param histogram of nanoseconds.
     */
    record Outcome(double perSecond, Histogram histogram)
    {
        Latencies latencies()
        {
            return Latencies.of(histogram);
        }

        double meanNs()
        {
            return histogram.getMean();
        }
    }

    /** What one connection does. */
    @FunctionalInterface
    interface Lane
    {
        /**
         * Does it.
         *
         * @param number    of the lane, from 0.
         * @param histogram of nanoseconds, its own.
         */
        void run(int number, Histogram histogram);
    }

    /** What is due at a time. */
    @FunctionalInterface
    interface Call
    {
        /**
         * Sends it and waits for the answer.
         *
         * @param http  connection to use.
         * @param index of the request.
         * @param dueNs when it should have been sent.
         */
        void onDue(HttpLane http, long index, long dueNs);
    }
}
