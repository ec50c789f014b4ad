package io.plimsoll.loadtest.plan;

import io.plimsoll.loadtest.jobs.Draws;
import io.plimsoll.loadtest.jobs.Job;
import io.plimsoll.loadtest.jobs.Workload;
import io.plimsoll.loadtest.jobs.WorkloadBuilder;
import java.util.ArrayList;
import java.util.List;

/**
 * Other workloads that are like one that was recorded: its days, drawn with repetition (the block bootstrap of Kunsch
 * 1989). With three weeks or more, each day is drawn from those of its weekday. A single trace is a single case; a
 * fleet that is to be bought should do for others of its kind.
 */
public final class DayBootstrap
{
    private static final long DAY_NS = 86_400_000_000_000L;
    private static final int WEEK = 7;
    private static final int WEEKDAYS_FROM = 3 * WEEK;
    private static final int PART = 0xDA7;

    private DayBootstrap()
    {
    }

    /**
     * One of them.
     *
     * @param workload of which jobs that wait for others are kept without what they wait for, as that may be missing.
     * @param seed     0 is the workload as it was recorded.
     */
    public static Workload of(final Workload workload, final long seed)
    {
        final int days = (int)(workload.lastArrivalNs() / DAY_NS) + 1;
        if (0 == seed || days < 2)
        {
            return workload;
        }
        final List<List<Job>> byDay = new ArrayList<>();
        for (int day = 0; day < days; day++)
        {
            byDay.add(new ArrayList<>());
        }
        workload.jobs().forEach(job -> byDay.get((int)(job.arrivalNs() / DAY_NS)).add(job));
        final Draws draws = new Draws(seed, PART);
        final WorkloadBuilder drawn = new WorkloadBuilder(workload.name())
            .originEpochNs(workload.originEpochNs()).clockNs(workload.clockNs());
        for (int day = 0; day < days; day++)
        {
            final int from = draw(draws, day, days);
            for (final Job job : byDay.get(from))
            {
                drawn.add(new Job(
                    job.name() + "@" + day, job.arrivalNs() + (day - from) * DAY_NS, job.tenant(), job.type(),
                    job.priority(), job.preemptible(), job.request(), job.limitNs(), job.elements(), job.lives(),
                    List.of()));
            }
        }
        return drawn.build();
    }

    private static int draw(final Draws draws, final int day, final int days)
    {
        if (days < WEEKDAYS_FROM)
        {
            return draws.below(days);
        }
        final int weekday = day % WEEK;
        return weekday + WEEK * draws.below((days - weekday + WEEK - 1) / WEEK);
    }
}
