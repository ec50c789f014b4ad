package io.plimsoll.loadtest.sim;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Many seeds, one after the other on each of some threads, each seed run twice: both runs have to be the same. Seeds
 * know nothing of each other, so how many threads there are changes no result. It goes on when a seed fails.
 */
public final class FaultCampaign
{
    private static final int FAILURES_MAX = 20;
    private static final int SHRINK_TRIES = 200;

    private final long firstSeed;
    private final long lastSeed;
    private final int threads;
    private final Trial trial;
    private final AtomicLong next;
    private final Map<Long, Failure> failures = new ConcurrentSkipListMap<>();
    private final Figures figures = new Figures();

    /**
     * Of those seeds.
     *
     * @param firstSeed of them.
     * @param lastSeed  of them.
     * @param threads   to use.
     */
    public FaultCampaign(final long firstSeed, final long lastSeed, final int threads)
    {
        this(firstSeed, lastSeed, threads, FaultCampaign::tryTwice);
    }

    FaultCampaign(final long firstSeed, final long lastSeed, final int threads, final Trial trial)
    {
        this.firstSeed = firstSeed;
        this.lastSeed = lastSeed;
        this.threads = threads;
        this.trial = trial;
        next = new AtomicLong(firstSeed);
    }

    /**
     * Runs them all; returns when the last has ended, or so many have failed that nobody wants to see more.
     *
     * @param progress told after each seed how many are done; from any thread.
     * @param everyMs  the caller's thread calls it so often.
     * @return what came out.
     * @throws InterruptedException if the caller's thread is; the rest is given up.
     */
    public Result run(final Progress progress, final long everyMs) throws InterruptedException
    {
        final long startNs = System.nanoTime();
        final ExecutorService executor = Executors.newFixedThreadPool(threads);
        try
        {
            for (int i = 0; i < threads; i++)
            {
                executor.execute(this::work);
            }
            executor.shutdown();
            while (!executor.awaitTermination(everyMs, TimeUnit.MILLISECONDS))
            {
                progress.onSeeds(figures.seeds(), lastSeed - firstSeed + 1, System.nanoTime() - startNs);
            }
        }
        finally
        {
            executor.shutdownNow();
        }
        return figures.result(List.copyOf(failures.values()), System.nanoTime() - startNs);
    }

    private void work()
    {
        long seed = next.getAndIncrement();
        while (seed <= lastSeed && failures.size() < FAILURES_MAX && !Thread.currentThread().isInterrupted())
        {
            final FaultPlan plan = FaultPlan.of(seed);
            final Simulation.Outcome[] outcome = new Simulation.Outcome[1];
            final String message = judge(plan, outcome);
            figures.add(plan, outcome[0]);
            if (null != message)
            {
                final FaultPlan small =
                    new PlanShrinker(fewer -> null != judge(fewer, outcome), SHRINK_TRIES).shrink(plan);
                failures.put(seed, new Failure(seed, message, small, judge(small, outcome)));
            }
            seed = next.getAndIncrement();
        }
    }

    /** Whatever a run throws is what is wrong with it: a thread that ended with it would lose its seed. */
    private String judge(final FaultPlan plan, final Simulation.Outcome[] outcome)
    {
        try
        {
            return trial.run(plan, outcome);
        }
        catch (final Throwable ex)
        {
            return "the simulator itself failed: " + ex;
        }
    }

    /**
     * Runs a plan twice.
     *
     * @param plan to run.
     * @return null if all is well, else what is wrong.
     */
    public static String tryTwice(final FaultPlan plan)
    {
        return tryTwice(plan, new Simulation.Outcome[1]);
    }

    private static String tryTwice(final FaultPlan plan, final Simulation.Outcome[] outcome)
    {
        return tryTwice(plan, new SimWiring(), new SimWiring(), outcome);
    }

    /** The two runs have wirings of their own: what is broken in them may keep something in mind. */
    static String tryTwice(
        final FaultPlan plan, final SimWiring first, final SimWiring second, final Simulation.Outcome[] outcome)
    {
        try
        {
            outcome[0] = new Simulation(plan, first).run();
            final Simulation.Outcome again = new Simulation(plan, second).run();
            return outcome[0].equals(again) ? null : "not the same twice: " + outcome[0] + " and " + again;
        }
        catch (final SimulationException ex)
        {
            return ex.getMessage();
        }
    }

    /** Runs a plan twice and says what is wrong, or null. */
    @FunctionalInterface
    interface Trial
    {
        String run(FaultPlan plan, Simulation.Outcome[] outcome);
    }

    /** Told how far it is. */
    @FunctionalInterface
    public interface Progress
    {
        /**
         * Some are done.
         *
         * @param done      seeds.
         * @param total     seeds.
         * @param elapsedNs since the start.
         */
        void onSeeds(long done, long total, long elapsedNs);
    }

    /**
     * A seed that fails.
     *
     * @param seed         of the plan.
     * @param message      what is wrong.
     * @param small        plan with what was found to matter.
     * @param smallMessage what is wrong with that.
     */
    public record Failure(long seed, String message, FaultPlan small, String smallMessage)
    {
    }

    /**
     * What came out.
     *
     * @param seeds         that were run, each twice.
     * @param failures      the first of them.
     * @param faults        injected, by kind.
     * @param simulatedNs   of all first runs.
     * @param elapsedNs     on a clock on the wall.
     * @param promised      sessions.
     * @param starts        of kernels.
     * @param records       in journals.
     * @param refusedStarts of managers, on files that were damaged or torn.
     * @param losses        of a tail, on disks that lied or were not asked to force anything.
     */
    public record Result(
        long seeds,
        List<Failure> failures,
        Map<FaultKind, Long> faults,
        long simulatedNs,
        long elapsedNs,
        long promised,
        long starts,
        long records,
        long refusedStarts,
        long losses)
    {
    }

    /** Sums over seeds; any thread. */
    private static final class Figures
    {
        private final Map<FaultKind, Long> faults = new EnumMap<>(FaultKind.class);
        private long seeds;
        private long simulatedNs;
        private long promised;
        private long starts;
        private long records;
        private long refusedStarts;
        private long losses;

        synchronized void add(final FaultPlan plan, final Simulation.Outcome outcome)
        {
            seeds++;
            plan.faults().forEach(fault -> faults.merge(fault.kind(), 1L, Long::sum));
            if (null != outcome)
            {
                simulatedNs += outcome.simulatedNs();
                promised += outcome.promised();
                starts += outcome.starts();
                records += outcome.records();
                refusedStarts += outcome.refusedStarts();
                losses += outcome.losses();
            }
        }

        synchronized long seeds()
        {
            return seeds;
        }

        synchronized Result result(final List<Failure> failed, final long elapsedNs)
        {
            return new Result(
                seeds, failed, new EnumMap<>(faults), simulatedNs, elapsedNs, promised, starts, records, refusedStarts,
                losses);
        }
    }
}
