package io.plimsoll.loadtest.jobs;

import io.plimsoll.loadtest.jobs.GeneratorSpec.Kernels;
import io.plimsoll.loadtest.jobs.GeneratorSpec.Shape;
import io.plimsoll.loadtest.jobs.GeneratorSpec.User;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Makes a workload as a description says: the same one for the same seed, on any machine. One thread. */
public final class Generator
{
    private static final double SECOND_NS = 1e9;
    private static final double DURATION_MAX = 3e9;
    private static final double ACCURACY_MIN = 1e-4;
    private static final double REPEATED_SIGMA = 0.05;
    private static final int KERNELS_MAX = 1_000_000;
    private static final int ELEMENTS_MAX = 10_000_000;
    private static final int ARRIVAL = 1;
    private static final int USERS = 2;
    private static final int JOBS = 3;
    private static final int NO_SHAPE = -1;

    private final GeneratorSpec spec;
    private final Draws draws;
    private final Person[] people;
    private final double[] activity;
    private final double[] shapeSums;
    private final WorkloadBuilder builder;

    private Generator(final GeneratorSpec spec, final long seed)
    {
        this.spec = spec;
        draws = new Draws(seed, JOBS);
        shapeSums = Draws.sums(spec.shapes().stream().mapToDouble(Shape::weight).toArray());
        people = people(new Draws(seed, USERS));
        activity = Draws.sums(Arrays.stream(people).mapToDouble(person -> person.user.weight()).toArray());
        builder = new WorkloadBuilder(spec.name());
        builder.originEpochNs(spec.originEpochNs());
    }

    /**
     * Makes a workload.
     *
     * @param spec of it.
     * @param seed of what it leaves open.
     */
    public static Workload generate(final GeneratorSpec spec, final long seed)
    {
        final Generator generator = new Generator(spec, seed);
        generator.run(new ArrivalClock(spec, new Draws(seed, ARRIVAL)));
        return generator.builder.build();
    }

    private void run(final ArrivalClock clock)
    {
        long made = 0;
        while (made < Math.min(spec.jobs(), spec.arrivals().initial()))
        {
            made++;
            builder.add(job(people[draws.pick(activity)], Long.toString(made), 0));
        }
        while (made < spec.jobs() && clock.advance() && clock.seconds() < spec.seconds())
        {
            final long batch = Math.min(clock.batch(), spec.jobs() - made);
            final Person person = people[draws.pick(activity)];
            for (long i = 0; i < batch; i++)
            {
                made++;
                builder.add(job(person, Long.toString(made), clock.seconds()));
            }
        }
    }

    /* Users. */

    private Person[] people(final Draws habits)
    {
        final List<User> users = new ArrayList<>(spec.users().listed());
        final int digits = Integer.toString(spec.users().count()).length();
        for (int i = 1; i <= spec.users().count(); i++)
        {
            final String number = Integer.toString(i);
            users.add(new User(
                "user-" + "0".repeat(digits - number.length()) + number, "", "",
                StrictMath.pow(i, -spec.users().zipf()),
                StrictMath.exp(spec.users().sigma() * habits.normal()), null, Map.of()));
        }
        if (users.isEmpty())
        {
            users.add(new User("", "", "", 1, 1, null, Map.of()));
        }
        return users.stream().map(user -> new Person(user, habits(user, habits))).toArray(Person[]::new);
    }

    /** Sums of weights of the shapes of a user. */
    private double[] habits(final User user, final Draws habits)
    {
        final List<Shape> shapes = spec.shapes();
        if (!user.shapes().isEmpty())
        {
            return Draws.sums(shapes.stream().mapToDouble(shape -> user.shapes().getOrDefault(shape.name(), 0.0))
                .toArray());
        }
        final int each = spec.users().shapesEach();
        if (0 == each || each >= shapes.size() || 0 == spec.users().count())
        {
            return shapeSums;
        }
        final double[] own = new double[shapes.size()];
        for (int i = 0; i < each; i++)
        {
            own[habits.pick(shapeSums)]++;
        }
        return Draws.sums(own);
    }

    private static final class Person
    {
        private final User user;
        private final double[] shapes;
        private int lastShape = NO_SHAPE;
        private double lastSeconds;

        Person(final User user, final double[] shapes)
        {
            this.user = user;
            this.shapes = shapes;
        }
    }

    /* Jobs. */

    private Job job(final Person person, final String name, final double atSeconds)
    {
        final boolean again = spec.users().repeat() > 0 && draws.uniform() < spec.users().repeat() &&
            NO_SHAPE != person.lastShape;
        final int index = again ? person.lastShape : draws.pick(person.shapes);
        final Shape shape = spec.shapes().get(index);
        final double seconds = again ? repeated(person.lastSeconds) : seconds(shape, person.user);
        person.lastShape = index;
        person.lastSeconds = seconds;
        final int elements = null == shape.elements() ? 1 : whole(shape.elements().draw(draws), 1, ELEMENTS_MAX);
        final long limitNs = limitNs(shape, seconds);
        final List<Life> lives = IntStream.range(0, elements)
            .mapToObj(element -> life(shape, 0 == element ? seconds : seconds(shape, person.user), limitNs)).toList();
        final User user = person.user;
        return new Job(
            name,
            nanos(atSeconds),
            new Tenant(
                user.name(), user.project().isEmpty() ? shape.project() : user.project(), user.domain(),
                shape.group()),
            shape.type(), shape.priority(), shape.preemptible(), request(shape), limitNs, elements, lives, List.of());
    }

    /** About as long as the last one; what runs for ever does so again, and is not as long as the longest. */
    private double repeated(final double lastSeconds)
    {
        final double factor = StrictMath.exp(REPEATED_SIGMA * draws.normal());
        return Double.isInfinite(lastSeconds) ? lastSeconds : Math.min(spec.longest(), lastSeconds * factor);
    }

    private double seconds(final Shape shape, final User user)
    {
        if (null == shape.duration() || shape.forever() > 0 && draws.uniform() < shape.forever())
        {
            return Double.POSITIVE_INFINITY;
        }
        final double drawn = null != user.rank() && shape.duration() instanceof Distribution.Quantiles seen ?
            seen.value(Normal.below(user.rank().mean() + user.rank().sigma() * draws.normal())) :
            shape.duration().draw(draws);
        return Math.min(spec.longest(), Math.max(0, drawn * user.duration()));
    }

    private Life life(final Shape shape, final double seconds, final long limitNs)
    {
        double lasts = seconds;
        int exit = Job.SUCCESS;
        if (shape.failures().share() > 0 && draws.uniform() < shape.failures().share())
        {
            exit = exit(shape.failures().exits());
            lasts = shape.failures().early() ? seconds * draws.uniform() : seconds;
        }
        if (Double.isInfinite(lasts))
        {
            return new Life(Job.FOREVER, exit);
        }
        return new Life(Job.NO_LIMIT == limitNs ? nanos(lasts) : Math.min(limitNs, nanos(lasts)), exit);
    }

    private int exit(final Map<Integer, Double> exits)
    {
        final Integer[] codes = exits.keySet().toArray(new Integer[0]);
        return codes[draws.pick(Draws.sums(exits.values().stream().mapToDouble(Double::doubleValue).toArray()))];
    }

    private long limitNs(final Shape shape, final double seconds)
    {
        if (shape.limit().seconds() > 0 && !shape.limit().isNever())
        {
            return nanos(shape.limit().seconds());
        }
        if (Double.isInfinite(seconds) || shape.limit().isNever())
        {
            return Job.NO_LIMIT;
        }
        if (null != shape.limit().choice())
        {
            return nanos(chosen(shape.limit().choice(), seconds));
        }
        if (null == shape.limit().accuracy())
        {
            return spec.limits().isEmpty() ? Job.NO_LIMIT : nanos(chosen(bin(seconds), seconds));
        }
        final double accuracy = Math.min(1, Math.max(ACCURACY_MIN, shape.limit().accuracy().draw(draws)));
        return Math.max(1, nanos(rounded(Math.min(DURATION_MAX, seconds / accuracy), shape.limit().round())));
    }

    private Distribution.Choice bin(final double seconds)
    {
        for (final GeneratorSpec.LimitBin bin : spec.limits())
        {
            if (seconds <= bin.toSeconds())
            {
                return bin.choice();
            }
        }
        return spec.limits().get(spec.limits().size() - 1).choice();
    }

    /** One that is long enough, if any is, and else what the job runs. */
    private double chosen(final Distribution.Choice limits, final double seconds)
    {
        final double[] weights = new double[limits.values().size()];
        double sum = 0;
        for (int i = 0; i < weights.length; i++)
        {
            weights[i] = limits.values().get(i) >= seconds ? limits.weights().get(i) : 0;
            sum += weights[i];
        }
        final double at = draws.uniform() * sum;
        double reached = 0;
        for (int i = 0; i < weights.length && sum > 0; i++)
        {
            reached += weights[i];
            if (reached > at)
            {
                return limits.values().get(i);
            }
        }
        return Math.max(1, seconds);
    }

    private static double rounded(final double seconds, final List<Double> round)
    {
        for (final double step : round)
        {
            if (seconds <= step)
            {
                return step;
            }
        }
        final double last = round.isEmpty() ? 0 : round.get(round.size() - 1);
        return last <= 0 ? seconds : StrictMath.ceil(seconds / last) * last;
    }

    private JobRequest request(final Shape shape)
    {
        final List<KernelSet> sets = new ArrayList<>();
        for (final Kernels kernels : shape.kernels())
        {
            sets.add(new KernelSet(whole(kernels.count().draw(draws), 1, KERNELS_MAX), kernels.need()));
        }
        return new JobRequest(sets, shape.constraints());
    }

    private static int whole(final double value, final int min, final int max)
    {
        return (int)Math.min(max, Math.max(min, StrictMath.rint(value)));
    }

    private static long nanos(final double seconds)
    {
        return (long)StrictMath.rint(seconds * SECOND_NS);
    }
}
