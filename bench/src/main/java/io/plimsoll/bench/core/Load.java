package io.plimsoll.bench.core;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What is asked of a cluster in the steady state; immutable.
 *
 * @param jobs      that are submitted, over and over.
 * @param owners    whose they are, drawn for each submission; 0: nobody's.
 * @param share     of the cluster's cores that the sessions ask for which are there at a time.
 * @param backlog   sessions that are there besides.
 * @param chunk     sessions of one submission.
 * @param wholeLife whether kernels report every step or only their end.
 */
record Load(List<Job> jobs, int owners, double share, int backlog, int chunk, boolean wholeLife)
{
    private static final double USUAL_SHARE = 0.7;
    private static final int USERS = 1_000;
    private static final int PER_USER = 10;
    private static final int BACKLOG = 1_000;
    private static final int CHUNK = 64;

    /** The load of a name; see {@link CoreBench} for what they are for. */
    static Load of(final String name)
    {
        return switch (name)
        {
            case "cpu" -> new Load(ShapeMix.cpuJobs(), 0, USUAL_SHARE, 0, 1, false);
            case "chunks" -> new Load(ShapeMix.cpuJobs(), 0, USUAL_SHARE, 0, CHUNK, false);
            case "steps" -> new Load(ShapeMix.cpuJobs(), 0, USUAL_SHARE, 0, 1, true);
            case "mixed" -> new Load(ShapeMix.mixedJobs(), 0, USUAL_SHARE, 0, 1, false);
            case "full" -> new Load(ShapeMix.cpuJobs(), 0, 0.95, 0, 1, false);
            case "users" -> new Load(repeated(ShapeMix.cpuJobs()), USERS, 1, USERS * PER_USER, 1, false);
            case "backlog" -> new Load(ShapeMix.limitedJobs(), 0, 1, BACKLOG, 1, false);
            default -> throw new IllegalArgumentException("no such load: " + name);
        };
    }

    /** So that users come in many combinations with shapes before all begins again. */
    private static List<Job> repeated(final List<Job> jobs)
    {
        final List<Job> many = new ArrayList<>();
        for (int i = 0; i < PER_USER; i++)
        {
            many.addAll(jobs);
        }
        return many;
    }

    /** Sessions that are there at a time, running or waiting. */
    int live(final int agents)
    {
        return (int)(share * agents * ShapeMix.agentCpuMillis() / ShapeMix.cpuMillis(jobs)) + backlog;
    }

    /** Owner of each submission, in order. */
    int[] ownerOfSubmission()
    {
        final SplittableRandom random = new SplittableRandom(owners);
        final int[] owner = new int[jobs.size() / chunk];
        for (int i = 0; i < owner.length; i++)
        {
            owner[i] = 0 == owners ? 0 : 1 + random.nextInt(owners);
        }
        return owner;
    }
}
