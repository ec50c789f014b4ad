package io.plimsoll.loadtest.virtual;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.loadtest.fleet.Fleet;
import io.plimsoll.loadtest.fleet.Machine;
import io.plimsoll.loadtest.fleet.MachineKind;
import io.plimsoll.loadtest.jobs.Distribution;
import io.plimsoll.loadtest.jobs.Distribution.Constant;
import io.plimsoll.loadtest.jobs.Distribution.Exponential;
import io.plimsoll.loadtest.jobs.Distribution.Mix;
import io.plimsoll.loadtest.jobs.Draws;
import io.plimsoll.loadtest.jobs.Job;
import io.plimsoll.loadtest.jobs.JobRequest;
import io.plimsoll.loadtest.jobs.Need;
import io.plimsoll.loadtest.jobs.Tenant;
import io.plimsoll.loadtest.jobs.Workload;
import io.plimsoll.loadtest.jobs.WorkloadBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/**
 * Queueing theory as an oracle: what is known of a queue in closed form must lie in the confidence interval of what is
 * simulated. Ten seeds, fixed; a wrong simulator misses by far more than chance. That the interval is what it says is
 * counted over many such tens.
 */
class QueueingTheoryTest
{
    private static final int SEEDS = 10;
    private static final int JOBS = 10_000;
    /** Of ten seeds each, for each queue. */
    private static final int SETS = Integer.getInteger("plimsoll.queueing.sets", 6);
    private static final int JOBS_OF_SETS = Integer.getInteger("plimsoll.queueing.jobs", 1_500);
    private static final double SECOND_NS = 1e9;
    private static final JobRequest ONE_CORE = JobRequest.of(1, Need.cpu(1000, 0));
    private static final List<Queue> QUEUES = List.of(
        new Queue("M/M/1", 1, 1, new Exponential(100), 200, 100),
        new Queue("M/M/4", 2, 2, new Exponential(100), 100 / 2.4, erlangC(4, 2.4) * 100 / (4 - 2.4)),
        new Queue("M/D/1", 1, 1, new Constant(100), 200, 0.5 * 100 / (2 * (1 - 0.5))),
        new Queue(
            "M/G/1", 1, 1, new Mix(List.of(0.5, 0.5), List.of(new Exponential(50), new Exponential(150))), 200,
            0.5 * (50 * 50 + 150 * 150) / 200 / (1 - 0.5)));

    @Test
    void shouldWaitLikeErlangWithExponentialServiceOnSeveralServers()
    {
        // 8 servers on four machines, at 80 %.
        final double wait = erlangC(8, 6.4) * 100 / (8 - 6.4);
        assertAgrees(wait, meanWait(2, 4, new Exponential(100), 100 / 6.4));
    }

    @Test
    void shouldWaitLikeErlangOnOneServer()
    {
        assertAgrees(0.5 * 100 / (1 - 0.5), meanWait(1, 1, new Exponential(100), 200));
    }

    @Test
    void shouldWaitLikePollaczekAndKhinchineWithConstantService()
    {
        // M/D/1 at 70 %: half of the wait with exponential service.
        assertAgrees(0.7 * 100 / (2 * (1 - 0.7)), meanWait(1, 1, new Constant(100), 100 / 0.7));
    }

    @Test
    void shouldWaitLikePollaczekAndKhinchineWithVariableService()
    {
        final Distribution service =
            new Mix(List.of(0.9, 0.1), List.of(new Exponential(50), new Exponential(550)));
        final double squares = 2 * (0.9 * 50 * 50 + 0.1 * 550 * 550);
        final double arrivals = 0.6 / service.mean();
        assertAgrees(arrivals * squares / (2 * (1 - 0.6)), meanWait(1, 1, service, 1 / arrivals));
    }

    /** 95 of 100 intervals hold what is true, whatever the seeds, and few hold what is wrong by a third. */
    @Test
    void shouldHoldWhatIsTrueWithAnySeedsAndNotWhatIsWrong()
    {
        final Map<String, Integer> held = new TreeMap<>();
        int all = 0;
        int allWrong = 0;
        for (final Queue queue : QUEUES)
        {
            for (int set = 0; set < SETS; set++)
            {
                final Interval found = SeedRuns.interval(
                    runs(queue, 1_000 + set * SEEDS, JOBS_OF_SETS), QueueingTheoryTest::waitSeconds);
                final boolean isHeld = found.contains(queue.meanWait);
                held.merge(queue.name, isHeld ? 1 : 0, Integer::sum);
                all += isHeld ? 1 : 0;
                allWrong += found.contains(queue.meanWait * 4 / 3) ? 1 : 0;
            }
        }
        final int count = SETS * QUEUES.size();
        final String told = "held " + held + " of " + SETS + " each, wrong " + allWrong + " of " + count;
        assertTrue(all >= 0.85 * count, told);
        assertTrue(allWrong <= 0.25 * count, told);
    }

    @Test
    void shouldUseAsMuchAsIsAskedFor()
    {
        final Interval use = over(2, 4, new Exponential(100), 100 / 5.0, figures -> figures.cpuUse());
        assertAgrees(5.0 / 8, use);
    }

    @Test
    void shouldWaitInTheMeanAsManyAsLittleSays()
    {
        final List<RunFigures> runs = runs(1, 1, new Exponential(100), 125);
        // Length of the queue = rate of arrivals x wait.
        final Interval difference = SeedRuns.interval(
            runs, run -> run.waitingMean() - run.waits().meanNs() / SECOND_NS / 125);
        assertAgrees(0, difference);
    }

    /** Probability that an arrival has to wait (Erlang 1917), for servers and a load in servers. */
    private static double erlangC(final int servers, final double load)
    {
        double blocked = 1;
        for (int server = 1; server <= servers; server++)
        {
            blocked = load * blocked / (server + load * blocked);
        }
        return blocked / (1 - load / servers * (1 - blocked));
    }

    private static void assertAgrees(final double expected, final Interval found)
    {
        assertTrue(
            found.contains(expected),
            String.format(
                Locale.ROOT, "expected=%.4f found=%.4f +- %.4f", expected, found.mean(), found.halfWidth()));
        assertTrue(found.halfWidth() < 0.15 * Math.max(1, expected), "too wide to say anything: " + found);
    }

    private static Interval meanWait(
        final int cores, final int machines, final Distribution service, final double interarrival)
    {
        return over(cores, machines, service, interarrival, QueueingTheoryTest::waitSeconds);
    }

    private static double waitSeconds(final RunFigures figures)
    {
        return figures.waits().meanNs() / SECOND_NS;
    }

    private static Interval over(
        final int cores,
        final int machines,
        final Distribution service,
        final double interarrival,
        final ToDoubleFunction<RunFigures> figure)
    {
        return SeedRuns.interval(runs(cores, machines, service, interarrival), figure);
    }

    private static List<RunFigures> runs(
        final int cores, final int machines, final Distribution service, final double interarrival)
    {
        return runs(new Queue("", cores, machines, service, interarrival, 0), 1, JOBS);
    }

    private static List<RunFigures> runs(final Queue queue, final long firstSeed, final int jobs)
    {
        final List<Machine> list = new ArrayList<>();
        final MachineKind kind = MachineKind.of("node", queue.cores * 1000L, MachineKind.UNLIMITED, List.of());
        for (int i = 0; i < queue.machines; i++)
        {
            list.add(new Machine("node-" + i, "", kind));
        }
        final Fleet fleet = new Fleet("servers", list, List.of());
        return SeedRuns.of(
            SEEDS,
            firstSeed,
            2,
            seed -> RunFigures.of(
                new ClusterRun(
                    workload(seed, jobs, queue.service, queue.interarrival), fleet, RunSetup.PLAIN).run(),
                (long)(jobs / 10 * queue.interarrival * SECOND_NS)),
            part ->
            {
                // Nobody looks.
            });
    }

    private static Workload workload(
        final long seed, final int count, final Distribution service, final double interarrival)
    {
        final Draws draws = new Draws(seed, 0);
        final Distribution gaps = new Exponential(interarrival);
        final WorkloadBuilder jobs = new WorkloadBuilder("queue");
        double at = 0;
        for (int i = 0; i < count; i++)
        {
            at += gaps.draw(draws);
            jobs.add(Job.batch(
                Integer.toString(i),
                (long)(at * SECOND_NS),
                Tenant.UNKNOWN,
                ONE_CORE,
                (long)(service.draw(draws) * SECOND_NS),
                Job.NO_LIMIT));
        }
        return jobs.build();
    }

    /**
     * Whose mean wait is known.
     *
     * @param cores        of each machine.
     * @param interarrival seconds, in the mean.
     * @param meanWait       seconds, in the mean.
     */
    private record Queue(
        String name, int cores, int machines, Distribution service, double interarrival, double meanWait)
    {
    }
}
