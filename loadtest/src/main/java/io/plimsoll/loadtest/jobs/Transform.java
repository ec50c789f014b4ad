package io.plimsoll.loadtest.jobs;

import io.plimsoll.loadtest.simulate.Scenario.SlotAmount;
import io.plimsoll.loadtest.simulate.SessionSpec.Dependency;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Workloads made of workloads. Stateless; the same input gives the same output anywhere. */
public final class Transform
{
    private static final long HOUR_NS = 3_600_000_000_000L;
    private static final long DAY_NS = 24 * HOUR_NS;
    private static final int COPIES = 4;

    private Transform()
    {
    }

    static Job at(final Job job, final long arrivalNs)
    {
        return new Job(
            job.name(), arrivalNs, job.tenant(), job.type(), job.priority(), job.preemptible(), job.request(),
            job.limitNs(), job.elements(), job.lives(), job.after());
    }

    static Job named(final Job job, final String name, final Tenant tenant, final List<Dependency> after)
    {
        return new Job(
            name, job.arrivalNs(), tenant, job.type(), job.priority(), job.preemptible(), job.request(), job.limitNs(),
            job.elements(), job.lives(), after);
    }

    static Job asking(final Job job, final JobRequest request)
    {
        return new Job(
            job.name(), job.arrivalNs(), job.tenant(), job.type(), job.priority(), job.preemptible(), request,
            job.limitNs(), job.elements(), job.lives(), job.after());
    }

    /**
     * More jobs, or fewer, at the hours at which they come anyway: each is there so many times, or with that
     * probability. A copy comes within an hour after its original, and waits for what that waits for.
     *
     * @param workload of which.
     * @param factor   of the rate, above 0.
     * @param seed     of what is left to chance.
     */
    public static Workload scaleRate(final Workload workload, final BigDecimal factor, final long seed)
    {
        final Draws draws = new Draws(seed, COPIES);
        final int whole = factor.intValue();
        final double rest = factor.subtract(BigDecimal.valueOf(whole)).doubleValue();
        final WorkloadBuilder builder = workload.like();
        final Set<String> kept = new HashSet<>();
        final Set<String> taken = new HashSet<>();
        workload.jobs().forEach(job -> taken.add(job.name()));
        for (final Job job : workload.jobs())
        {
            final int times = whole + (draws.uniform() < rest ? 1 : 0);
            if (times > 0)
            {
                kept.add(job.name());
            }
            final List<Dependency> after = job.after().stream().filter(one -> kept.contains(one.session())).toList();
            for (int copy = 1; copy <= times; copy++)
            {
                final String name = 1 == copy ? job.name() : free(job.name() + "~" + copy, taken);
                final Job copied = named(job, name, job.tenant(), after);
                final long laterNs = 1 == copy ? 0 : (long)(draws.uniform() * HOUR_NS);
                builder.add(at(copied, job.arrivalNs() + laterNs));
            }
        }
        return builder.build();
    }

    /** What was scaled before may have copies of that name. */
    private static String free(final String wanted, final Set<String> taken)
    {
        String name = wanted;
        while (!taken.add(name))
        {
            name += "~";
        }
        return name;
    }

    /** Every kernel asks for more, or less, of everything; rounded up, so nobody asks for nothing. */
    public static Workload scaleSize(final Workload workload, final BigDecimal factor)
    {
        final Map<JobRequest, JobRequest> scaled = new IdentityHashMap<>();
        final WorkloadBuilder builder = workload.like();
        for (final Job job : workload.jobs())
        {
            builder.add(asking(job, scaled.computeIfAbsent(job.request(), request -> scaled(request, factor))));
        }
        return builder.build();
    }

    private static JobRequest scaled(final JobRequest request, final BigDecimal factor)
    {
        final List<KernelSet> kernels = new ArrayList<>();
        for (final KernelSet set : request.kernels())
        {
            final Need need = set.need();
            final List<SlotAmount> slots = new ArrayList<>();
            need.slots().forEach(slot -> slots.addAll(scaled(slot, factor)));
            kernels.add(new KernelSet(
                set.count(), new Need(times(need.cpuMillis(), factor), times(need.memoryBytes(), factor), slots)));
        }
        return new JobRequest(kernels, request.constraints());
    }

    /** More than one device in shares is whole devices. */
    private static List<SlotAmount> scaled(final SlotAmount slot, final BigDecimal factor)
    {
        final long amount = times(slot.amount(), factor);
        if (slot.name().endsWith(Need.SHARES) && amount >= Need.WHOLE)
        {
            final String family = slot.name().substring(0, slot.name().length() - Need.SHARES.length());
            return List.of(new SlotAmount(family + Need.DEVICE, (amount + Need.WHOLE - 1) / Need.WHOLE));
        }
        return List.of(new SlotAmount(slot.name(), amount));
    }

    private static long times(final long amount, final BigDecimal factor)
    {
        return factor.multiply(BigDecimal.valueOf(amount)).setScale(0, RoundingMode.UP)
            .min(BigDecimal.valueOf(Long.MAX_VALUE >> 2)).longValue();
    }

    /** Everything runs longer, or shorter, and limits are as much longer. */
    public static Workload scaleDuration(final Workload workload, final BigDecimal factor)
    {
        final WorkloadBuilder builder = workload.like();
        for (final Job job : workload.jobs())
        {
            final List<Life> lives = new ArrayList<>();
            for (final Life life : job.lives())
            {
                final boolean finite = life.durationNs() >= 0 && Job.FOREVER != life.durationNs();
                lives.add(finite ? new Life(times(life.durationNs(), factor), life.exitCode()) : life);
            }
            builder.add(new Job(
                job.name(), job.arrivalNs(), job.tenant(), job.type(), job.priority(), job.preemptible(),
                job.request(), times(job.limitNs(), factor), job.elements(), lives, job.after()));
        }
        return builder.build();
    }

    /**
     * Some of the jobs, counted from the first of them; without an origin from the midnight before it, so that hours of
     * the day remain what they are. What is left out is not waited for.
     */
    public static Workload filter(final Workload workload, final Predicate<Job> condition)
    {
        final List<Job> kept = new ArrayList<>();
        final Set<String> names = new HashSet<>();
        for (final Job job : workload.jobs())
        {
            if (condition.test(job))
            {
                kept.add(job);
                names.add(job.name());
            }
        }
        final long firstNs = kept.isEmpty() ? 0 : kept.get(0).arrivalNs();
        final long shiftNs = workload.hasOrigin() ? firstNs : firstNs / DAY_NS * DAY_NS;
        final WorkloadBuilder builder = workload.like();
        builder.originEpochNs(workload.hasOrigin() ? workload.originEpochNs() + shiftNs : Workload.NO_ORIGIN);
        builder.clockNs(workload.clockNs() + shiftNs);
        for (final Job job : kept)
        {
            final List<Dependency> after = job.after().stream().filter(one -> names.contains(one.session())).toList();
            builder.add(named(at(job, job.arrivalNs() - shiftNs), job.name(), job.tenant(), after));
        }
        return builder.build();
    }

    /**
     * Several as one. Each job is named after its workload too.
     *
     * @param workloads to merge.
     * @param byClock   whether each begins when it did; otherwise all begin together.
     */
    public static Workload merge(final List<Workload> workloads, final boolean byClock)
    {
        long originNs = Workload.NO_ORIGIN;
        for (final Workload workload : workloads)
        {
            if (workload.hasOrigin())
            {
                originNs = Workload.NO_ORIGIN == originNs || !byClock ?
                    Workload.NO_ORIGIN == originNs ? workload.originEpochNs() : originNs :
                    Math.min(originNs, workload.originEpochNs());
            }
        }
        final WorkloadBuilder builder = new WorkloadBuilder(
            String.join("+", workloads.stream().map(Workload::name).toList()));
        builder.originEpochNs(originNs);
        int number = 0;
        for (final Workload workload : workloads)
        {
            number++;
            // Two files may have the same name.
            final String prefix = number + "-" + workload.name() + "/";
            final long laterNs = byClock ? workload.originEpochNs() - originNs : 0;
            workload.notes().forEach(builder::note);
            workload.skipped().forEach(builder::skip);
            for (final Job job : workload.jobs())
            {
                final List<Dependency> after =
                    job.after().stream().map(one -> new Dependency(prefix + one.session(), one.anyEnd())).toList();
                builder.add(named(at(job, job.arrivalNs() + laterNs), prefix + job.name(), job.tenant(), after));
            }
        }
        return builder.build();
    }
}
