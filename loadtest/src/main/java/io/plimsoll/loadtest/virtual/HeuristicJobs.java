package io.plimsoll.loadtest.virtual;

import io.plimsoll.loadtest.fleet.Fleet;
import io.plimsoll.loadtest.jobs.Job;
import io.plimsoll.loadtest.jobs.Workload;
import io.plimsoll.loadtest.simulate.ScenarioException;
import io.plimsoll.loadtest.swf.SwfJob;
import java.util.ArrayList;
import java.util.List;

/**
 * A workload as the published heuristics see it: jobs of so many processors on one machine, in whole seconds of the
 * log's own clock, which some of their formulas read. Jobs that are larger than the machine are left out. Stateless.
 */
public final class HeuristicJobs
{
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int CORE = 1000;

    private HeuristicJobs()
    {
    }

    /** Processors of all machines of a fleet. */
    public static int processors(final Fleet fleet)
    {
        final long cores = fleet.machines().stream().mapToLong(machine -> machine.kind().cpuMillis() / CORE).sum();
        if (cores < 1 || cores > Integer.MAX_VALUE)
        {
            throw new ScenarioException("fleet: its " + cores + " cores are no machine for a published order");
        }
        return (int)cores;
    }

    /**
     * The jobs of a workload, whose ids are their places in it from 1 on.
     *
     * @param workload   of which.
     * @param processors of the machine.
     * @throws ScenarioException that names a job that is none for them.
     */
    public static List<SwfJob> of(final Workload workload, final int processors)
    {
        final List<SwfJob> jobs = new ArrayList<>(workload.size());
        for (int i = 0; i < workload.size(); i++)
        {
            final Job job = workload.job(i);
            final long cpuMillis = job.request().cpuMillis();
            final long runNs = job.life(0).durationNs();
            if (job.elements() > 1 || 0 != cpuMillis % CORE || 0 == cpuMillis || 0 != job.arrivalNs() % SECOND_NS ||
                runNs <= 0 || 0 != runNs % SECOND_NS || 0 != Math.max(0, job.limitNs()) % SECOND_NS)
            {
                throw new ScenarioException("job " + job.name() + ": a published order is for single jobs of whole " +
                    "cores that come, run and end after whole seconds");
            }
            if (cpuMillis / CORE <= processors)
            {
                jobs.add(new SwfJob(
                    i + 1, (workload.clockNs() + job.arrivalNs()) / SECOND_NS, runNs / SECOND_NS,
                    (int)(cpuMillis / CORE), (job.limitNs() > 0 ? job.limitNs() : runNs) / SECOND_NS, 0));
            }
        }
        return jobs;
    }
}
