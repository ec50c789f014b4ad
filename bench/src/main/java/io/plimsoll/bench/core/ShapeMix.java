package io.plimsoll.bench.core;

import io.plimsoll.loadtest.workload.AgentShape;
import io.plimsoll.loadtest.workload.SessionShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** The agents and the sessions that all benchmarks of decisions share: mixed, from a fixed seed. */
public final class ShapeMix
{
    /** Sessions drawn; benchmarks walk through them again and again. */
    public static final int SESSIONS = 1_024;
    /** Kernels that take a good half of the cores of one average agent. */
    public static final double KERNELS_PER_AGENT = 6.5;

    private static final long GIB = 1L << 30;
    private static final long[] CPU_MILLIS = {250, 500, 1_000, 1_000, 2_000, 2_000, 4_000};
    private static final int[] SHARES = {100, 250, 250, 500};
    private static final long HOUR_NS = 3_600_000_000_000L;
    private static final long SEED = 20_261_122L;
    private static final int KINDS = 4;
    private static final int RACK = 32;
    private static final int BLOCK = 512;

    private ShapeMix()
    {
    }

    /**
     * One of four kinds of agent, in turn.
     *
     * @param index of the agent.
     * @return its shape.
     */
    public static AgentShape agent(final int index)
    {
        return switch (index % KINDS)
        {
            case 0 -> AgentShape.of("default", 8_000, 32 * GIB);
            case 1 -> AgentShape.of("default", 16_000, 64 * GIB);
            case 2 -> AgentShape.of("default", 16_000, 64 * GIB, 4);
            default -> AgentShape.of("default", 32_000, 128 * GIB, 8);
        };
    }

    /** Where an agent stands, and which devices it has. */
    static Map<String, String> labels(final int index)
    {
        final Map<String, String> labels = new TreeMap<>();
        labels.put("zone", "z" + index / KINDS % 3);
        labels.put("rack", "r" + index / RACK);
        labels.put("block", "b" + index / BLOCK);
        labels.put("cuda.model", index % KINDS < 2 ? "none" : index % KINDS < 3 ? "T4" : "A100");
        return labels;
    }

    /** Mean of the cores of agents, in millicores. */
    static double agentCpuMillis()
    {
        double sum = 0;
        for (int i = 0; i < KINDS; i++)
        {
            sum += agent(i).slots().get(0).amount();
        }
        return sum / KINDS;
    }

    /** Mean of the cores of jobs, in millicores. */
    static double cpuMillis(final List<Job> jobs)
    {
        return jobs.stream().mapToLong(job -> job.shape().cpuMillis()).average().orElseThrow();
    }

    /** One-kernel sessions of 20 shapes: 250 to 4,000 millicores, 512 MiB to 4 GiB. */
    static List<Job> cpuJobs()
    {
        final SplittableRandom random = new SplittableRandom(SEED);
        final List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++)
        {
            jobs.add(cpuJob(random));
        }
        return jobs;
    }

    /** The same with walltime limits of 1 to 24 hours. */
    static List<Job> limitedJobs()
    {
        final SplittableRandom random = new SplittableRandom(SEED);
        final List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++)
        {
            jobs.add(cpuJob(random).withWalltime((1L + random.nextInt(24)) * HOUR_NS));
        }
        return jobs;
    }

    /**
     * One-kernel sessions, of which a quarter asks for a share of a device, an eighth for one or two whole devices, and
     * a third says where: in one of three zones, or on one of two models of device.
     */
    static List<Job> mixedJobs()
    {
        final SplittableRandom random = new SplittableRandom(SEED);
        final List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++)
        {
            final Job job = cpuJob(random);
            final int kind = random.nextInt(8);
            final boolean withDevice = kind < 3;
            final SessionShape shape = kind < 2 ?
                job.shape().withSlot("cuda.shares", SHARES[random.nextInt(SHARES.length)]) :
                withDevice ? job.shape().withSlot("cuda.device", 1 + random.nextInt(2)) : job.shape();
            jobs.add(where(Job.of(shape), withDevice, random));
        }
        return jobs;
    }

    private static Job where(final Job job, final boolean withDevice, final SplittableRandom random)
    {
        if (0 != random.nextInt(3))
        {
            return job;
        }
        return withDevice && random.nextBoolean() ?
            job.onlyWhere("cuda.model", random.nextInt(3) > 0 ? "A100" : "T4") :
            job.onlyWhere("zone", "z" + random.nextInt(3));
    }

    private static Job cpuJob(final SplittableRandom random)
    {
        final long cpu = CPU_MILLIS[random.nextInt(CPU_MILLIS.length)];
        return Job.of(SessionShape.single(cpu, GIB / 2 << random.nextInt(4)));
    }

    /** One-kernel sessions as of {@link #cpuJobs}, one in ten with a device. */
    public static List<SessionShape> sessions()
    {
        final SplittableRandom random = new SplittableRandom(SEED);
        final List<SessionShape> shapes = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++)
        {
            final SessionShape shape = cpuJob(random).shape();
            shapes.add(0 == random.nextInt(10) ? shape.withSlot("cuda.device", 1) : shape);
        }
        return shapes;
    }
}
