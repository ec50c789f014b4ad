package io.plimsoll.loadtest.jobs;

import io.plimsoll.loadtest.csv.ReadProgress;
import io.plimsoll.loadtest.jobs.WorkloadSummary.Arrivals;
import io.plimsoll.loadtest.jobs.WorkloadSummary.Demand;
import io.plimsoll.loadtest.jobs.WorkloadSummary.Ends;
import io.plimsoll.loadtest.jobs.WorkloadSummary.Limits;
import io.plimsoll.loadtest.jobs.WorkloadSummary.Share;
import io.plimsoll.loadtest.jobs.WorkloadSummary.Size;
import io.plimsoll.loadtest.simulate.Scenario.SlotAmount;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Looks at every job of a workload once, and sums up. One thread. */
public final class WorkloadSurvey
{
    static final double SECOND_NS = 1e9;
    private static final double HOUR = 3600;
    /** About where its time goes. */
    private static final double LOOKED_AT = 0.4;
    private static final double DEMANDED = 0.6;
    private static final int TOLD_JOBS = 4096;
    private static final int HOURS_OF_A_DAY = 24;
    private static final int DAYS_OF_A_WEEK = 7;
    private static final int BUCKETS_MAX = 240;
    private static final int SHARES_MAX = 50;
    private static final double[] WIDTHS =
    {
        1, 5, 15, 60, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 86_400, 2 * 86_400, 7 * 86_400, 14 * 86_400,
        28 * 86_400
    };

    private final Workload workload;
    private final long[] byHour = new long[HOURS_OF_A_DAY];
    private final long[] byWeekday = new long[DAYS_OF_A_WEEK];
    private final Map<String, Samples> sizes = new LinkedHashMap<>();
    private final Samples gaps = new Samples();
    private final Samples kernels = new Samples();
    private final Samples durations = new Samples();
    private final Samples limits = new Samples();
    private final Samples accuracy = new Samples();
    private final Map<String, Map<String, Tally>> tallies = new LinkedHashMap<>();
    private final Map<JobRequest, Tally> shapes = new HashMap<>();
    private long forever;
    private long unknown;
    private long failed;
    private long arrays;
    private long gangs;
    private long after;
    private long atOnce;

    private WorkloadSurvey(final Workload workload)
    {
        this.workload = workload;
    }

    /** Sums up a workload, and tells {@link ReadProgress} how far it is. */
    public static WorkloadSummary of(final Workload workload)
    {
        final WorkloadSurvey survey = new WorkloadSurvey(workload);
        for (int i = 0; i < workload.size(); i++)
        {
            tell(i, workload, 0, LOOKED_AT);
            survey.onJob(workload.job(i), i);
        }
        return survey.summary();
    }

    /** Of one that goes through all jobs between two parts of all work; now and then. */
    static void tell(final int job, final Workload workload, final double from, final double to)
    {
        if (0 == job % TOLD_JOBS)
        {
            ReadProgress.tell(from + (to - from) * job / workload.size());
        }
    }

    /** Width of at most so many buckets that reads well. */
    static double bucketSeconds(final double spanSeconds)
    {
        for (final double width : WIDTHS)
        {
            if (spanSeconds / width <= BUCKETS_MAX)
            {
                return width;
            }
        }
        return Math.ceil(spanSeconds / BUCKETS_MAX / WIDTHS[WIDTHS.length - 1]) * WIDTHS[WIDTHS.length - 1];
    }

    private void onJob(final Job job, final int index)
    {
        final long epochNs = (workload.hasOrigin() ? workload.originEpochNs() : 0) + job.arrivalNs();
        // Without an origin days are counted from the first arrival, and the epoch began on a Thursday.
        final int hour = workload.hasOrigin() ? ArrivalClock.hourOfWeek(epochNs) :
            (int)(epochNs / SECOND_NS / HOUR % GeneratorSpec.HOURS);
        byHour[hour % HOURS_OF_A_DAY]++;
        byWeekday[hour / HOURS_OF_A_DAY]++;
        if (index > 0)
        {
            final long gapNs = job.arrivalNs() - workload.arrivalNs(index - 1);
            gaps.add(gapNs / SECOND_NS);
            atOnce += 0 == gapNs ? 1 : 0;
        }
        arrays += job.isArray() ? 1 : 0;
        after += job.after().isEmpty() ? 0 : 1;
        if (Job.NO_LIMIT != job.limitNs())
        {
            limits.add(job.limitNs() / SECOND_NS);
        }
        double hours = 0;
        for (int element = 0; element < job.elements(); element++)
        {
            hours += onSession(job, job.life(element));
        }
        tally(tallies("users"), job.tenant().user(), job, hours);
        tally(tallies("projects"), job.tenant().project(), job, hours);
        tally(tallies("groups"), job.tenant().group(), job, hours);
        shapes.computeIfAbsent(job.request(), request -> new Tally()).add(job, hours);
    }

    private Map<String, Tally> tallies(final String kind)
    {
        return tallies.computeIfAbsent(kind, name -> new HashMap<>());
    }

    private static void tally(final Map<String, Tally> all, final String name, final Job job, final double hours)
    {
        if (!name.isEmpty())
        {
            all.computeIfAbsent(name, key -> new Tally()).add(job, hours);
        }
    }

    /** How many hours it runs. */
    private double onSession(final Job job, final Life life)
    {
        final JobRequest request = job.request();
        final int count = request.kernelCount();
        kernels.add(count);
        gangs += count > 1 ? 1 : 0;
        failed += Job.SUCCESS == life.exitCode() ? 0 : 1;
        size("cpu", request.cpuMillis() / 1e3);
        size("mem", request.memoryBytes());
        size("gpu", request.gpuMilli() / 1e3);
        for (final String slot : further(request))
        {
            size(slot, request.slot(slot));
        }
        if (Job.FOREVER == life.durationNs() || life.durationNs() < 0)
        {
            forever += Job.FOREVER == life.durationNs() ? 1 : 0;
            unknown += life.durationNs() < 0 ? 1 : 0;
            return 0;
        }
        final double seconds = life.durationNs() / SECOND_NS;
        durations.add(seconds);
        if (Job.NO_LIMIT != job.limitNs())
        {
            accuracy.add(life.durationNs() / (double)job.limitNs());
        }
        return seconds / HOUR;
    }

    /** Slots that are neither cpu nor mem nor GPUs. */
    static List<String> further(final JobRequest request)
    {
        final List<String> names = new ArrayList<>();
        for (final KernelSet set : request.kernels())
        {
            for (final SlotAmount slot : set.need().slots())
            {
                if (!slot.name().startsWith("cuda.") && !names.contains(slot.name()))
                {
                    names.add(slot.name());
                }
            }
        }
        return names;
    }

    static String unit(final String slot)
    {
        return switch (slot)
        {
            case "cpu" -> "cores";
            case "mem" -> "bytes";
            case "gpu" -> "devices";
            default -> "units";
        };
    }

    private void size(final String slot, final double amount)
    {
        if (amount > 0)
        {
            sizes.computeIfAbsent(slot, name -> new Samples()).add(amount);
        }
    }

    private WorkloadSummary summary()
    {
        final double span = workload.lastArrivalNs() / SECOND_NS;
        final double width = bucketSeconds(span);
        final long[] overTime = new long[(int)(span / width) + 1];
        for (int i = 0; i < workload.size(); i++)
        {
            overTime[(int)(workload.arrivalNs(i) / SECOND_NS / width)]++;
        }
        final Demand demand = DemandSurvey.of(workload);
        ReadProgress.tell(DEMANDED);
        final List<Size> asked = new ArrayList<>();
        sizes.forEach((slot, samples) -> asked.add(new Size(slot, unit(slot), samples.size(), samples.figures())));
        return new WorkloadSummary(
            workload.name(),
            workload.hasOrigin() ? Instant.ofEpochSecond(
                Math.floorDiv(workload.originEpochNs(), (long)SECOND_NS),
                Math.floorMod(workload.originEpochNs(), (long)SECOND_NS)).toString() : null,
            workload.size(),
            workload.sessions(),
            span,
            span > 0 ? workload.size() / span * HOUR : 0,
            workload.skipped(),
            workload.notes(),
            new Arrivals(
                boxed(byHour), boxed(byWeekday), width, boxed(overTime), gaps.figures(), gaps.variation(),
                0 == gaps.size() ? 0 : atOnce / (double)gaps.size()),
            asked,
            kernels.figures(),
            durations.figures(),
            new Limits(limits.size(), limits.figures(), accuracy.figures()),
            new Ends(forever, unknown, failed, arrays, gangs, after),
            demand,
            shares(),
            shares(shapes, WorkloadSurvey::text));
    }

    private static List<Long> boxed(final long[] values)
    {
        return Arrays.stream(values).boxed().toList();
    }

    private Map<String, List<Share>> shares()
    {
        final Map<String, List<Share>> shares = new TreeMap<>();
        tallies.forEach((kind, names) -> shares.put(kind, shares(names, name -> name)));
        return shares;
    }

    private static <T> List<Share> shares(final Map<T, Tally> tallies, final Function<T, String> name)
    {
        final List<Share> shares = new ArrayList<>();
        tallies.forEach((key, tally) -> shares.add(tally.share(name.apply(key))));
        shares.sort(Comparator.comparingLong(Share::jobs).reversed().thenComparing(Share::name));
        return List.copyOf(shares.subList(0, Math.min(SHARES_MAX, shares.size())));
    }

    /** A request in few words, such as {@code 2 x (4 cores, 8 GiB, 1 gpu)}. */
    static String text(final JobRequest request)
    {
        final List<String> sets = new ArrayList<>();
        for (final KernelSet set : request.kernels())
        {
            final List<String> words = new ArrayList<>();
            final Need need = set.need();
            words.add(SummaryText.number(need.cpuMillis() / 1e3) + (1000 == need.cpuMillis() ? " core" : " cores"));
            if (need.memoryBytes() > 0)
            {
                words.add(SummaryText.amount(need.memoryBytes(), "bytes"));
            }
            if (need.gpuMilli() > 0)
            {
                words.add(SummaryText.number(need.gpuMilli() / 1e3) + " gpu");
            }
            further(JobRequest.of(1, need)).forEach(slot -> words.add(need.slot(slot) + " " + slot));
            final String text = String.join(", ", words);
            sets.add(1 == set.count() ? text : set.count() + " x (" + text + ")");
        }
        request.constraints().forEach(constraint -> sets.add(
            (constraint.key().isEmpty() ? "" : constraint.key() + " ") + constraint.values()));
        return String.join("; ", sets);
    }

    private static final class Tally
    {
        private final Samples seconds = new Samples();
        private long jobs;
        private double cpuHours;
        private double gpuHours;

        void add(final Job job, final double hours)
        {
            jobs++;
            cpuHours += hours * job.request().cpuMillis() / 1e3;
            gpuHours += hours * job.request().gpuMilli() / 1e3;
            if (job.isFinite())
            {
                seconds.add(job.durationNs() / SECOND_NS);
            }
        }

        Share share(final String name)
        {
            return new Share(name, jobs, cpuHours, gpuHours, 0 == seconds.size() ? null : seconds.quantile(0.5));
        }
    }
}
