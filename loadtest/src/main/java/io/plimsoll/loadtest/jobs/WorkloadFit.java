package io.plimsoll.loadtest.jobs;

import io.plimsoll.loadtest.csv.ReadProgress;
import io.plimsoll.loadtest.jobs.Distribution.Choice;
import io.plimsoll.loadtest.jobs.GeneratorSpec.LimitBin;
import io.plimsoll.loadtest.jobs.GeneratorSpec.Rank;
import io.plimsoll.loadtest.jobs.GeneratorSpec.Shape;
import io.plimsoll.loadtest.jobs.GeneratorSpec.User;
import io.plimsoll.loadtest.jobs.GeneratorSpec.Users;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Describes a workload so that others like it can be made: the rhythm of arrivals, what is asked for jointly with how
 * long it runs, and users with their habits. docs/WORKLOADS.md says how, and what is lost. One thread.
 */
public final class WorkloadFit
{
    private static final int SHAPES_MAX = 160;
    private static final int USERS_MAX = 250;
    private static final String OTHERS = "others";
    private static final double SHRINKAGE = 5;
    private static final double ALIKE = 0.1;
    private static final int LIMIT_BINS = 64;
    private static final int LIMITS_MAX = 30;
    private static final int NO_SHAPE = -1;
    /** About where its time goes. */
    private static final double COUNTED = 0.3;
    private static final double SHAPED = 0.6;
    private static final double SORTED = 0.7;

    private final Workload workload;
    private final List<ShapeFit> shapes = new ArrayList<>();
    /** Index of its shape, by job. */
    private final int[] shapeOf;
    /** Index of its user, by job. */
    private final int[] userOf;
    private final List<Tenant> users = new ArrayList<>();
    private final ShapeFit all = new ShapeFit(null, "");

    private WorkloadFit(final Workload workload)
    {
        this.workload = workload;
        shapeOf = new int[workload.size()];
        userOf = new int[workload.size()];
    }

    /**
     * Describes a workload, and tells {@link ReadProgress} how far it is.
     *
     * @param workload with two jobs at least.
     */
    public static GeneratorSpec of(final Workload workload)
    {
        if (workload.size() < 2)
        {
            throw new IllegalArgumentException("there are too few jobs to tell anything of: two at least");
        }
        return new WorkloadFit(workload).fit();
    }

    private GeneratorSpec fit()
    {
        findShapes();
        findUsers();
        for (int i = 0; i < workload.size(); i++)
        {
            WorkloadSurvey.tell(i, workload, SHAPED, SORTED);
            final Job job = workload.job(i);
            shapes.get(shapeOf[i]).add(job);
            all.add(job);
        }
        final boolean limited = shapes.stream().anyMatch(ShapeFit::isLimited);
        final List<Shape> fitted = new ArrayList<>();
        for (final ShapeFit shape : shapes)
        {
            fitted.add(shape.fit("s" + (fitted.size() + 1), all, limited));
        }
        final ArrivalFit arrivals = new ArrivalFit(workload);
        return new GeneratorSpec(
            workload.name(), workload.originEpochNs(), arrivals.seconds(), Long.MAX_VALUE, all.longest(),
            arrivals.fit(), fitted, users(), limits());
    }

    /* Shapes. */

    /** The most frequent requests are shapes of their own; the rest are put together with those of their size. */
    private void findShapes()
    {
        final Map<String, Integer> counts = new HashMap<>();
        final String[] keys = new String[workload.size()];
        for (int i = 0; i < keys.length; i++)
        {
            WorkloadSurvey.tell(i, workload, 0, COUNTED);
            keys[i] = key(workload.job(i), false);
            counts.merge(keys[i], 1, Integer::sum);
        }
        final Set<String> frequent = counts.keySet().stream()
            .sorted(Comparator.comparing((String key) -> -counts.get(key)).thenComparing(key -> key))
            .limit(SHAPES_MAX).collect(Collectors.toSet());
        final Map<String, Integer> indices = new LinkedHashMap<>();
        for (int i = 0; i < keys.length; i++)
        {
            WorkloadSurvey.tell(i, workload, COUNTED, SHAPED);
            final Job job = workload.job(i);
            final String key = frequent.contains(keys[i]) ? keys[i] : key(job, true);
            final Integer known = indices.putIfAbsent(key, shapes.size());
            shapeOf[i] = null == known ? shapes.size() : known;
            if (null == known)
            {
                shapes.add(new ShapeFit(job, job.tenant().group()));
            }
        }
    }

    private static String key(final Job job, final boolean coarse)
    {
        final JobRequest request = job.request();
        final String asked = coarse ?
            "about " + Long.numberOfLeadingZeros(request.cpuMillis()) + " " +
                Long.numberOfLeadingZeros(request.gpuMilli()) + " " + Integer.numberOfLeadingZeros(
                request.kernelCount()) : request.toString();
        return job.tenant().group() + "\n" + job.type() + job.priority() + job.preemptible() + job.isArray() + asked;
    }

    /* Users. */

    private void findUsers()
    {
        final Map<Tenant, Integer> counts = new HashMap<>();
        for (int i = 0; i < workload.size(); i++)
        {
            counts.merge(person(workload.tenant(i)), 1, Integer::sum);
        }
        final List<Tenant> active = counts.keySet().stream()
            .sorted(Comparator.comparing((Tenant tenant) -> -counts.get(tenant)).thenComparing(Tenant::toString))
            .limit(USERS_MAX).toList();
        users.addAll(active);
        if (counts.size() > active.size())
        {
            users.add(Tenant.of(OTHERS));
        }
        final Map<Tenant, Integer> indices = new HashMap<>();
        for (int i = 0; i < active.size(); i++)
        {
            indices.put(active.get(i), i);
        }
        for (int i = 0; i < userOf.length; i++)
        {
            userOf[i] = indices.getOrDefault(person(workload.tenant(i)), users.size() - 1);
        }
    }

    private static Tenant person(final Tenant tenant)
    {
        return new Tenant(tenant.user(), tenant.project(), tenant.domain(), "");
    }

    private static double log(final Job job)
    {
        return StrictMath.log(Math.max(1, job.durationNs() / WorkloadSurvey.SECOND_NS));
    }

    /** Where the run times of each user lie among those of all that have the same shape. */
    private List<Rank> ranks()
    {
        final double[] sums = new double[users.size()];
        final double[] squares = new double[users.size()];
        final double[] counts = new double[users.size()];
        for (int i = 0; i < workload.size(); i++)
        {
            WorkloadSurvey.tell(i, workload, SORTED, 1);
            final Job job = workload.job(i);
            if (job.isFinite())
            {
                final double score = Normal.quantile(
                    shapes.get(shapeOf[i]).told(all).rank(job.durationNs() / WorkloadSurvey.SECOND_NS));
                sums[userOf[i]] += score;
                squares[userOf[i]] += score * score;
                counts[userOf[i]]++;
            }
        }
        final List<Rank> ranks = new ArrayList<>();
        for (int i = 0; i < counts.length; i++)
        {
            final double mean = sums[i] / (counts[i] + SHRINKAGE);
            final double spread = squares[i] - 2 * mean * sums[i] + counts[i] * mean * mean;
            ranks.add(new Rank(mean, Math.sqrt((Math.max(0, spread) + SHRINKAGE) / (counts[i] + SHRINKAGE))));
        }
        return ranks;
    }

    /** Limits of jobs that run about as long, of shapes of which half have any; none if there are no such shapes. */
    private List<LimitBin> limits()
    {
        final Samples seconds = new Samples();
        for (int i = 0; i < workload.size(); i++)
        {
            if (tellsLimit(i))
            {
                seconds.add(workload.job(i).durationNs() / WorkloadSurvey.SECOND_NS);
            }
        }
        if (0 == seconds.size())
        {
            return List.of();
        }
        final TreeMap<Double, Map<Double, Integer>> bins = new TreeMap<>();
        for (int i = 1; i <= LIMIT_BINS; i++)
        {
            bins.put(seconds.quantile(i / (double)LIMIT_BINS), new TreeMap<>());
        }
        for (int i = 0; i < workload.size(); i++)
        {
            if (tellsLimit(i))
            {
                final Job job = workload.job(i);
                bins.ceilingEntry(job.durationNs() / WorkloadSurvey.SECOND_NS).getValue()
                    .merge(job.limitNs() / WorkloadSurvey.SECOND_NS, 1, Integer::sum);
            }
        }
        final List<LimitBin> limits = new ArrayList<>();
        bins.forEach((to, counts) -> limits.add(new LimitBin(to, choice(counts, LIMITS_MAX))));
        return limits;
    }

    private boolean tellsLimit(final int i)
    {
        final Job job = workload.job(i);
        return Job.NO_LIMIT != job.limitNs() && job.isFinite() && shapes.get(shapeOf[i]).isLimited();
    }

    private Users users()
    {
        final List<Rank> ranks = ranks();
        final double[] weights = new double[users.size()];
        final List<Map<String, Double>> habits = new ArrayList<>();
        users.forEach(user -> habits.add(new LinkedHashMap<>()));
        for (int i = 0; i < userOf.length; i++)
        {
            weights[userOf[i]]++;
            habits.get(userOf[i]).merge("s" + (shapeOf[i] + 1), 1.0, Double::sum);
        }
        final List<User> listed = new ArrayList<>();
        for (int i = 0; i < users.size(); i++)
        {
            final Tenant tenant = users.get(i);
            listed.add(new User(
                tenant.user(), tenant.project(), tenant.domain(), weights[i], 1, ranks.get(i), habits.get(i)));
        }
        if (1 == listed.size() && users.get(0).user().isEmpty())
        {
            return Users.NOBODY;
        }
        return new Users(listed, 0, 0, 0, 0, repeats());
    }

    /** How many jobs are like the last one of their user, shape and run time both. */
    private double repeats()
    {
        final int[] lastShape = new int[users.size()];
        final double[] lastLog = new double[users.size()];
        Arrays.fill(lastShape, NO_SHAPE);
        long pairs = 0;
        long alike = 0;
        for (int i = 0; i < userOf.length; i++)
        {
            final Job job = workload.job(i);
            final int user = userOf[i];
            if (job.isFinite())
            {
                pairs += NO_SHAPE == lastShape[user] ? 0 : 1;
                alike += lastShape[user] == shapeOf[i] && Math.abs(log(job) - lastLog[user]) < ALIKE ? 1 : 0;
                lastShape[user] = shapeOf[i];
                lastLog[user] = log(job);
            }
        }
        return 0 == pairs ? 0 : alike / (double)pairs;
    }

    /**
     * Values with their counts, in order of the values. Of too many the most frequent ones stay, and the others stand
     * together in groups as large as each other, each by its mean: leaving them out would make small what is rare and
     * large.
     *
     * @param counts by value.
     * @param most   values; two at least.
     */
    static Choice choice(final Map<Double, Integer> counts, final int most)
    {
        final TreeMap<Double, Double> chosen = new TreeMap<>();
        final TreeMap<Double, Integer> others = new TreeMap<>(counts);
        counts.keySet().stream()
            .sorted(Comparator.comparing((Double value) -> -counts.get(value)).thenComparing(value -> value))
            .limit(counts.size() <= most ? most : most / 2)
            .forEach(value -> chosen.put(value, (double)others.remove(value)));
        final int groups = most - most / 2;
        final long each = (others.values().stream().mapToLong(Integer::longValue).sum() + groups - 1) / groups;
        double sum = 0;
        long count = 0;
        for (final Map.Entry<Double, Integer> other : others.entrySet())
        {
            sum += other.getKey() * other.getValue();
            count += other.getValue();
            if (count >= each || other.getKey().equals(others.lastKey()))
            {
                chosen.merge(sum / count, (double)count, Double::sum);
                sum = 0;
                count = 0;
            }
        }
        return new Choice(List.copyOf(chosen.keySet()), List.copyOf(chosen.values()));
    }
}
