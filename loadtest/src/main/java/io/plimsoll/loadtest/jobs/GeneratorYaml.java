package io.plimsoll.loadtest.jobs;

import io.plimsoll.core.sbe.ConstraintKind;
import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.loadtest.csv.TextSource;
import io.plimsoll.loadtest.jobs.GeneratorSpec.Arrivals;
import io.plimsoll.loadtest.jobs.GeneratorSpec.Bursts;
import io.plimsoll.loadtest.jobs.GeneratorSpec.Failures;
import io.plimsoll.loadtest.jobs.GeneratorSpec.Kernels;
import io.plimsoll.loadtest.jobs.GeneratorSpec.Limit;
import io.plimsoll.loadtest.jobs.GeneratorSpec.LimitBin;
import io.plimsoll.loadtest.jobs.GeneratorSpec.Rank;
import io.plimsoll.loadtest.jobs.GeneratorSpec.Shape;
import io.plimsoll.loadtest.jobs.GeneratorSpec.User;
import io.plimsoll.loadtest.jobs.GeneratorSpec.Users;
import io.plimsoll.loadtest.simulate.FieldSet;
import io.plimsoll.loadtest.simulate.Scenario.SlotAmount;
import io.plimsoll.loadtest.simulate.ScenarioException;
import io.plimsoll.loadtest.simulate.SessionSpec;
import io.plimsoll.loadtest.simulate.SessionSpec.Constraint;
import io.plimsoll.loadtest.simulate.YamlNode;
import io.plimsoll.transport.Amounts;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Reads the description of a workload to make; docs/WORKLOADS.md says what it may hold. */
public final class GeneratorYaml
{
    private static final double SECOND_NS = 1e9;
    private static final long JOBS_MAX = 100_000_000;
    private static final double LONGEST = 3e9;
    private static final int DAYS = 7;
    private static final int HOURS_OF_A_DAY = 24;
    private static final int USERS_MAX = 1_000_000;
    private static final double FACTOR_MAX = 1e6;
    /** What a shape says of which nobody has a limit, whatever others have. */
    static final String NO_LIMIT = "none";
    private static final Map<String, SessionType> TYPES = Map.of(
        "interactive", SessionType.INTERACTIVE,
        "batch", SessionType.BATCH,
        "inference", SessionType.INFERENCE,
        "system", SessionType.SYSTEM);

    private GeneratorYaml()
    {
    }

    /** Reads a file. */
    public static GeneratorSpec read(final Path file)
    {
        return parse(WorkloadFiles.name(file), file.toString(), TextSource.all(file));
    }

    /**
     * Reads a description.
     *
     * @param name   of one that does not say its own.
     * @param source for messages.
     * @param text   YAML or JSON.
     */
    public static GeneratorSpec parse(final String name, final String source, final String text)
    {
        try
        {
            final FieldSet root = new FieldSet(YamlNode.parse(text));
            final GeneratorSpec spec = workload(new FieldSet(root.need("workload")), name);
            root.end();
            return spec;
        }
        catch (final ScenarioException ex)
        {
            throw new ScenarioException(source + ", " + ex.getMessage());
        }
    }

    private static GeneratorSpec workload(final FieldSet fields, final String name)
    {
        final YamlNode start = fields.find("start");
        final boolean endless = !fields.has("duration");
        if (endless && !fields.has("jobs"))
        {
            throw fields.node().problem("duration or jobs must say where it ends, such as duration: 7d");
        }
        final List<Shape> shapes = new ArrayList<>();
        for (final YamlNode node : fields.need("shapes").items())
        {
            shapes.add(shape(node, shapes.size() + 1));
        }
        if (shapes.isEmpty())
        {
            throw fields.need("shapes").problem("there is none; use a list such as [{cpu: 1, duration: 10m}]");
        }
        final Set<String> names = shapes.stream().map(Shape::name).collect(Collectors.toSet());
        if (names.size() < shapes.size())
        {
            throw fields.need("shapes").problem("two of them have the same name");
        }
        if (!fields.has("users") && shapes.stream().allMatch(shape -> 0 == shape.weight()))
        {
            throw fields.need("shapes").problem("all weights are 0; give one more, so that somebody asks for it");
        }
        final GeneratorSpec spec = new GeneratorSpec(
            fields.text("name", name),
            null == start ? Workload.NO_ORIGIN : origin(start),
            endless ? Double.POSITIVE_INFINITY : fields.durationNs("duration", 0) / SECOND_NS,
            fields.count("jobs", Long.MAX_VALUE, 0, JOBS_MAX),
            fields.has("longest") ? DistributionYaml.seconds(fields.find("longest")) : LONGEST,
            arrivals(new FieldSet(fields.need("arrivals"))),
            List.copyOf(shapes),
            fields.has("users") ? users(new FieldSet(fields.find("users")), names) : Users.NOBODY,
            limits(fields.list("limits")));
        fields.end();
        return spec;
    }

    private static long origin(final YamlNode node)
    {
        try
        {
            return Math.multiplyExact(Instant.parse(node.text()).toEpochMilli(), 1_000_000L);
        }
        catch (final DateTimeException | ArithmeticException ex)
        {
            throw node.problem(node.text() + " is not a time such as 2026-11-22T10:00:00Z");
        }
    }

    /* Arrivals. */

    private static Arrivals arrivals(final FieldSet fields)
    {
        final double perSecond;
        if (fields.has("every"))
        {
            perSecond = 1 / positive(fields.find("every"), DistributionYaml.seconds(fields.find("every")));
        }
        else
        {
            perSecond = rate(fields.need("rate"));
        }
        final Arrivals arrivals = new Arrivals(
            perSecond,
            week(fields),
            fields.has("daySigma") ? DistributionYaml.number(fields.find("daySigma"), 0, 10) : 0,
            fields.has("gaps") ? scalable(fields.find("gaps"), false) : null,
            fields.has("bursts") ? bursts(new FieldSet(fields.find("bursts"))) : null,
            fields.has("batch") ? scalable(fields.find("batch"), true) : null,
            fields.count("initial", 0, 0, JOBS_MAX));
        fields.end();
        return arrivals;
    }

    private static Distribution scalable(final YamlNode node, final boolean counts)
    {
        final Distribution distribution =
            counts ? DistributionYaml.counts(node) : DistributionYaml.durations(node);
        if (!(distribution.mean() > 0) || Double.isInfinite(distribution.mean()))
        {
            throw node.problem("its mean must be above 0 and finite");
        }
        return distribution;
    }

    private static double positive(final YamlNode node, final double value)
    {
        if (!(value > 0))
        {
            throw node.problem(node.text() + " must be above 0");
        }
        return value;
    }

    /** Jobs in a time, such as 90/h. */
    private static double rate(final YamlNode node)
    {
        final String text = node.text().strip();
        final int slash = text.indexOf('/');
        final double unit = switch (slash < 0 ? "" : text.substring(slash + 1).strip())
        {
            case "s" -> 1;
            case "m" -> 60;
            case "h" -> 3600;
            case "d" -> 86_400;
            default -> 0;
        };
        final String rule = text + " is no rate: use jobs in a time, such as 90/h, with s, m, h or d";
        if (0 == unit)
        {
            throw node.problem(rule);
        }
        try
        {
            final double rate = Double.parseDouble(text.substring(0, slash).strip()) / unit;
            if (rate > 0 && rate <= 1e9)
            {
                return rate;
            }
        }
        catch (final NumberFormatException ex)
        {
            throw node.problem(rule);
        }
        throw node.problem(rule);
    }

    /** Weights of 168 hours, or of 24 and of 7 days, which are multiplied. */
    private static List<Double> week(final FieldSet fields)
    {
        if (fields.has("week"))
        {
            return DistributionYaml.weights(fields.find("week"), GeneratorSpec.HOURS);
        }
        if (!fields.has("hours") && !fields.has("weekdays"))
        {
            return List.of();
        }
        final List<Double> hours = fields.has("hours") ?
            DistributionYaml.weights(fields.find("hours"), HOURS_OF_A_DAY) : null;
        final List<Double> days = fields.has("weekdays") ?
            DistributionYaml.weights(fields.find("weekdays"), DAYS) : null;
        final List<Double> week = new ArrayList<>();
        for (int hour = 0; hour < GeneratorSpec.HOURS; hour++)
        {
            week.add((null == hours ? 1 : hours.get(hour % HOURS_OF_A_DAY)) *
                (null == days ? 1 : days.get(hour / HOURS_OF_A_DAY)));
        }
        return week;
    }

    private static Bursts bursts(final FieldSet fields)
    {
        final YamlNode on = fields.need("on");
        final YamlNode off = fields.need("off");
        final Bursts bursts = new Bursts(
            DistributionYaml.number(fields.need("factor"), 0, FACTOR_MAX),
            positive(on, DistributionYaml.seconds(on)),
            positive(off, DistributionYaml.seconds(off)));
        fields.end();
        return bursts;
    }

    /* Shapes. */

    private static Shape shape(final YamlNode node, final int number)
    {
        final FieldSet fields = new FieldSet(node);
        final List<Kernels> kernels = new ArrayList<>();
        for (final YamlNode set : fields.list("kernels"))
        {
            final FieldSet kernel = new FieldSet(set);
            kernels.add(kernels(kernel));
            kernel.end();
        }
        final boolean forever = fields.has("duration") && fields.find("duration").isScalar() &&
            "forever".equals(fields.find("duration").text());
        final Shape shape = new Shape(
            fields.text("name", "shape-" + number),
            fields.has("weight") ? DistributionYaml.number(fields.find("weight"), 0, 1e12) : 1,
            fields.text("group", ""),
            fields.text("project", ""),
            fields.choice("type", SessionType.BATCH, TYPES),
            (int)fields.count("priority", SessionSpec.PRIORITY_DEFAULT, 0, 100),
            fields.flag("preemptible", true),
            kernels.isEmpty() ? List.of(kernels(fields)) : kernels,
            constraints(fields),
            forever ? null : DistributionYaml.durations(fields.need("duration")),
            fields.has("forever") ? DistributionYaml.number(fields.find("forever"), 0, 1) : 0,
            fields.has("limit") ? limit(fields.find("limit")) : Limit.NONE,
            fields.has("elements") ? DistributionYaml.counts(fields.find("elements")) : null,
            fields.has("failures") ? failures(new FieldSet(fields.find("failures"))) : Failures.NONE);
        fields.end();
        return shape;
    }

    private static Kernels kernels(final FieldSet fields)
    {
        final List<SlotAmount> slots = new ArrayList<>();
        if (fields.has("gpu"))
        {
            slots.addAll(Need.gpu(
                (long)StrictMath.rint(DistributionYaml.number(fields.find("gpu"), 0, 1e6) * Need.WHOLE)));
        }
        final FieldSet given = fields.object("slots");
        if (null != given)
        {
            given.entries().forEach((slot, amount) ->
                slots.add(new SlotAmount(slot, FieldSet.amount(amount, text -> Amounts.ofSlot(slot, text)))));
        }
        return new Kernels(
            fields.has("count") ? DistributionYaml.counts(fields.find("count")) : new Distribution.Constant(1),
            new Need(fields.cpuMillis("cpu", Need.WHOLE), fields.bytes("mem", 0), slots));
    }

    private static List<Constraint> constraints(final FieldSet fields)
    {
        final List<Constraint> constraints = new ArrayList<>();
        if (fields.has("arch"))
        {
            constraints.add(new Constraint(ConstraintKind.ARCH_IN, "", String.join("|", fields.texts("arch"))));
        }
        if (fields.has("model"))
        {
            constraints.add(new Constraint(
                ConstraintKind.LABEL_IN, "cuda" + SessionSpec.MODEL_LABEL, String.join("|", fields.texts("model"))));
        }
        final FieldSet labels = fields.object("labels");
        if (null != labels)
        {
            labels.entries().forEach((label, values) -> constraints.add(new Constraint(
                ConstraintKind.LABEL_IN, label,
                values.items().stream().map(YamlNode::text).collect(Collectors.joining("|")))));
        }
        if (fields.has("constraints"))
        {
            constraints.addAll(JobText.constraints(fields.text("constraints", "")));
        }
        return constraints;
    }

    private static Limit limit(final YamlNode node)
    {
        if (node.isScalar() && NO_LIMIT.equals(node.text()))
        {
            return Limit.NEVER;
        }
        if (node.isScalar())
        {
            return new Limit(positive(node, DistributionYaml.seconds(node)), null, List.of(), null);
        }
        final FieldSet fields = new FieldSet(node);
        if (fields.has("choice"))
        {
            fields.end();
            return new Limit(0, null, List.of(), (Distribution.Choice)DistributionYaml.durations(node));
        }
        final List<Double> round = new ArrayList<>();
        for (final YamlNode step : fields.list("round"))
        {
            round.add(positive(step, DistributionYaml.seconds(step)));
        }
        final Limit limit = new Limit(
            0, DistributionYaml.counts(fields.need("accuracy")), round.stream().sorted().toList(), null);
        fields.end();
        return limit;
    }

    private static List<LimitBin> limits(final List<YamlNode> nodes)
    {
        final List<LimitBin> bins = new ArrayList<>();
        for (final YamlNode node : nodes)
        {
            final FieldSet fields = new FieldSet(node);
            final double to = DistributionYaml.seconds(fields.need("to"));
            if (!bins.isEmpty() && to <= bins.get(bins.size() - 1).toSeconds())
            {
                throw fields.need("to").problem("must be above that of the entry before");
            }
            bins.add(new LimitBin(to, DistributionYaml.choice(fields.need("choice"), DistributionYaml::seconds)));
            fields.end();
        }
        return bins;
    }

    private static Rank rank(final FieldSet fields)
    {
        final Rank rank = new Rank(
            DistributionYaml.number(fields.need("mean"), -10, 10),
            DistributionYaml.number(fields.need("sigma"), 0, 10));
        fields.end();
        return rank;
    }

    private static Failures failures(final FieldSet fields)
    {
        final Map<Integer, Double> exits = new TreeMap<>();
        final FieldSet given = fields.object("exits");
        if (null != given)
        {
            given.entries().forEach((code, weight) ->
            {
                if (!code.matches("[0-9]{1,3}") || Integer.parseInt(code) > 255)
                {
                    throw weight.problem(code + " is no exit code: use 0 to 255");
                }
                exits.put(Integer.parseInt(code), DistributionYaml.number(weight, 0, 1e12));
            });
        }
        if (exits.isEmpty())
        {
            exits.put(1, 1.0);
        }
        final Failures failures = new Failures(
            DistributionYaml.number(fields.need("share"), 0, 1), exits, fields.flag("early", false));
        fields.end();
        return failures;
    }

    /* Users. */

    private static Users users(final FieldSet fields, final Set<String> shapes)
    {
        final List<User> listed = new ArrayList<>();
        for (final YamlNode node : fields.list("list"))
        {
            listed.add(user(new FieldSet(node), shapes));
        }
        final Users users = new Users(
            listed,
            (int)fields.count("count", 0, 0, USERS_MAX),
            fields.has("zipf") ? DistributionYaml.number(fields.find("zipf"), 0, 10) : 0,
            (int)fields.count("shapesEach", 0, 0, USERS_MAX),
            fields.has("sigma") ? DistributionYaml.number(fields.find("sigma"), 0, 10) : 0,
            fields.has("repeat") ? DistributionYaml.number(fields.find("repeat"), 0, 1) : 0);
        fields.end();
        return users;
    }

    private static User user(final FieldSet fields, final Set<String> shapes)
    {
        final Map<String, Double> weights = new LinkedHashMap<>();
        final FieldSet given = fields.object("shapes");
        if (null != given)
        {
            given.entries().forEach((shape, weight) ->
            {
                if (!shapes.contains(shape))
                {
                    throw weight.problem("there is no shape of the name " + shape);
                }
                weights.put(shape, DistributionYaml.number(weight, 0, 1e12));
            });
            if (!weights.isEmpty() && weights.values().stream().allMatch(weight -> 0 == weight))
            {
                throw fields.find("shapes").problem("all weights are 0; give one more, or leave shapes out");
            }
        }
        final User user = new User(
            fields.text("name", ""), fields.text("project", ""), fields.text("domain", ""),
            fields.has("weight") ? DistributionYaml.number(fields.find("weight"), 0, 1e12) : 1,
            fields.has("duration") ? DistributionYaml.number(fields.find("duration"), 0, FACTOR_MAX) : 1,
            fields.has("rank") ? rank(new FieldSet(fields.find("rank"))) : null,
            weights);
        fields.end();
        return user;
    }
}
