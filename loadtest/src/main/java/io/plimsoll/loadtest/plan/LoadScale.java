package io.plimsoll.loadtest.plan;

import io.plimsoll.loadtest.jobs.Draws;
import io.plimsoll.loadtest.jobs.Job;
import io.plimsoll.loadtest.jobs.Workload;
import io.plimsoll.loadtest.jobs.WorkloadBuilder;

/**
 * More or less of the same: each job comes as many times as the load says, a fraction of a time by chance, and what
 * comes again does so at a time of its own within a quarter of an hour before or after. So the rhythm of days and weeks
 * stays, and so does the mix; squeezing time together would shorten days.
 */
final class LoadScale
{
    private static final long QUARTER_NS = 900_000_000_000L;
    private static final int PART = 0x10AD;

    private LoadScale()
    {
    }

    /**
     * A workload under another load.
     *
     * @param load 1: as it is.
     * @param seed of what is left to chance.
     */
    static Workload of(final Workload workload, final double load, final long seed)
    {
        if (1 == load)
        {
            return workload;
        }
        final Draws draws = new Draws(seed, PART);
        final WorkloadBuilder scaled = new WorkloadBuilder(workload.name())
            .originEpochNs(workload.originEpochNs()).clockNs(workload.clockNs());
        for (final Job job : workload.jobs())
        {
            final int times = (int)load + (draws.uniform() < load - (int)load ? 1 : 0);
            for (int time = 0; time < times; time++)
            {
                scaled.add(0 == time ? job : again(job, time, draws));
            }
        }
        return scaled.build();
    }

    private static Job again(final Job job, final int time, final Draws draws)
    {
        final long shiftNs = (long)((2 * draws.uniform() - 1) * QUARTER_NS);
        return new Job(
            job.name() + "+" + time, Math.max(0, job.arrivalNs() + shiftNs), job.tenant(), job.type(), job.priority(),
            job.preemptible(), job.request(), job.limitNs(), job.elements(), job.lives(), job.after());
    }
}
