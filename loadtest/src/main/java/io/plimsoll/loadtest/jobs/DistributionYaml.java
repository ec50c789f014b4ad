package io.plimsoll.loadtest.jobs;

import io.plimsoll.loadtest.jobs.Distribution.Choice;
import io.plimsoll.loadtest.jobs.Distribution.Constant;
import io.plimsoll.loadtest.jobs.Distribution.Exponential;
import io.plimsoll.loadtest.jobs.Distribution.LogNormal;
import io.plimsoll.loadtest.jobs.Distribution.Mix;
import io.plimsoll.loadtest.jobs.Distribution.Pareto;
import io.plimsoll.loadtest.jobs.Distribution.Quantiles;
import io.plimsoll.loadtest.jobs.Distribution.Uniform;
import io.plimsoll.loadtest.jobs.Distribution.Weibull;
import io.plimsoll.loadtest.simulate.FieldSet;
import io.plimsoll.loadtest.simulate.YamlNode;
import io.plimsoll.transport.Amounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.ToDoubleFunction;

/** How distributions are written in the description of a workload, and read. */
final class DistributionYaml
{
    private static final String FORMS = "a value, or one of exponential, lognormal, weibull, pareto, uniform, " +
        "hyperexponential, mix, quantiles, histogram, choice";
    private static final double SECOND_NS = 1e9;
    private static final double MAX = 1e15;

    private DistributionYaml()
    {
    }

    /** Of seconds; values are durations such as 10m, or numbers of seconds. */
    static Distribution durations(final YamlNode node)
    {
        return parse(node, DistributionYaml::seconds);
    }

    /** Of plain numbers. */
    static Distribution counts(final YamlNode node)
    {
        return parse(node, value -> number(value, 0, MAX));
    }

    static double seconds(final YamlNode node)
    {
        return node.text().strip().matches("[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?") ? number(node, 0, MAX) :
            FieldSet.amount(node, Amounts::durationNs) / SECOND_NS;
    }

    static double number(final YamlNode node, final double min, final double max)
    {
        final String rule = node.text() + " is not a number from " + text(min) + " to " + text(max);
        try
        {
            final double number = Double.parseDouble(node.text().strip());
            if (number >= min && number <= max)
            {
                return number;
            }
        }
        catch (final NumberFormatException ex)
        {
            throw node.problem(rule);
        }
        throw node.problem(rule);
    }

    /** So many weights, of which one at least is above 0. */
    static List<Double> weights(final YamlNode node, final int count)
    {
        final List<Double> weights = numbers(node, value -> number(value, 0, MAX));
        if (weights.size() != count || weights.stream().allMatch(weight -> 0 == weight))
        {
            throw node.problem("expected " + count + " weights, not all of them 0, but there are " + weights.size());
        }
        return weights;
    }

    private static List<Double> numbers(final YamlNode node, final ToDoubleFunction<YamlNode> value)
    {
        final List<Double> numbers = new ArrayList<>();
        node.items().forEach(item -> numbers.add(value.applyAsDouble(item)));
        return numbers;
    }

    private static Distribution parse(final YamlNode node, final ToDoubleFunction<YamlNode> value)
    {
        if (node.isScalar())
        {
            return new Constant(value.applyAsDouble(node));
        }
        final Map<String, YamlNode> fields = node.fields();
        if (1 != fields.size())
        {
            throw node.problem("expected " + FORMS);
        }
        final Map.Entry<String, YamlNode> field = fields.entrySet().iterator().next();
        final YamlNode content = field.getValue();
        return switch (field.getKey())
        {
            case "exponential" -> new Exponential(value.applyAsDouble(content));
            case "hyperexponential", "mix" -> mix(content, "mix".equals(field.getKey()), value);
            case "histogram" -> histogram(content, value);
            case "choice" -> choice(content, value);
            case "quantiles" -> content.isList() ?
                new Quantiles(evenly(content.items().size()), growing(content, value)) :
                quantiles(new FieldSet(content), value);
            case "lognormal", "weibull", "uniform", "pareto" -> named(field.getKey(), new FieldSet(content), value);
            default -> throw content.problem("is no distribution: expected " + FORMS);
        };
    }

    private static Distribution named(
        final String name, final FieldSet fields, final ToDoubleFunction<YamlNode> value)
    {
        final Distribution distribution = switch (name)
        {
            case "lognormal" -> new LogNormal(
                value.applyAsDouble(fields.need("median")), number(fields.need("sigma"), 0, 20));
            case "weibull" -> new Weibull(
                value.applyAsDouble(fields.need("mean")), number(fields.need("shape"), 0.05, 100));
            case "uniform" -> uniform(fields, value);
            default -> pareto(fields, value);
        };
        fields.end();
        return distribution;
    }

    private static Uniform uniform(final FieldSet fields, final ToDoubleFunction<YamlNode> value)
    {
        final double min = value.applyAsDouble(fields.need("min"));
        final double max = value.applyAsDouble(fields.need("max"));
        if (min > max)
        {
            throw fields.node().problem("min is above max");
        }
        return new Uniform(min, max);
    }

    private static Pareto pareto(final FieldSet fields, final ToDoubleFunction<YamlNode> value)
    {
        final double min = value.applyAsDouble(fields.need("min"));
        final double max = value.applyAsDouble(fields.need("max"));
        if (min <= 0 || min >= max)
        {
            throw fields.node().problem("min must be above 0 and below max");
        }
        return new Pareto(min, number(fields.need("alpha"), 0.01, 100), max);
    }

    private static Mix mix(final YamlNode node, final boolean any, final ToDoubleFunction<YamlNode> value)
    {
        final List<Double> weights = new ArrayList<>();
        final List<Distribution> parts = new ArrayList<>();
        for (final YamlNode item : node.items())
        {
            final FieldSet fields = new FieldSet(item);
            weights.add(number(fields.need("weight"), 0, MAX));
            parts.add(any ? parse(fields.need("of"), value) :
                new Exponential(value.applyAsDouble(fields.need("mean"))));
            fields.end();
        }
        if (weights.stream().allMatch(weight -> 0 == weight))
        {
            throw node.problem("no part of it has a weight above 0");
        }
        return new Mix(weights, parts);
    }

    static Choice choice(final YamlNode node, final ToDoubleFunction<YamlNode> value)
    {
        final List<Double> values = new ArrayList<>();
        final List<Double> weights = new ArrayList<>();
        for (final YamlNode item : node.items())
        {
            final FieldSet fields = new FieldSet(item);
            values.add(value.applyAsDouble(fields.need("value")));
            weights.add(number(fields.need("weight"), 0, MAX));
            fields.end();
        }
        if (weights.stream().allMatch(weight -> 0 == weight))
        {
            throw node.problem("no value of it has a weight above 0");
        }
        return new Choice(values, weights);
    }

    /** Bins by their upper ends; in each of them all values are alike. */
    private static Quantiles histogram(final YamlNode node, final ToDoubleFunction<YamlNode> value)
    {
        final List<Double> ends = new ArrayList<>(List.of(0.0));
        final List<Double> sums = new ArrayList<>(List.of(0.0));
        for (final YamlNode item : node.items())
        {
            final FieldSet fields = new FieldSet(item);
            ends.add(value.applyAsDouble(fields.need("to")));
            sums.add(sums.get(sums.size() - 1) + number(fields.need("weight"), 0, MAX));
            fields.end();
        }
        final double sum = sums.get(sums.size() - 1);
        if (!(sum > 0))
        {
            throw node.problem("no bin of it has a weight above 0");
        }
        check(node, ends);
        return new Quantiles(sums.stream().map(at -> at / sum).toList(), ends);
    }

    private static Quantiles quantiles(final FieldSet fields, final ToDoubleFunction<YamlNode> value)
    {
        final List<Double> at = growing(fields.need("at"), part -> number(part, 0, 1));
        final List<Double> values = growing(fields.need("values"), value);
        if (at.size() != values.size() || 0 != at.get(0) || 1 != at.get(at.size() - 1))
        {
            throw fields.node().problem("at must begin with 0 and end with 1, and have as many numbers as values");
        }
        fields.end();
        return new Quantiles(at, values);
    }

    private static List<Double> evenly(final int count)
    {
        final List<Double> at = new ArrayList<>();
        for (int i = 0; i < count; i++)
        {
            at.add(i / (double)Math.max(1, count - 1));
        }
        return at;
    }

    private static List<Double> growing(final YamlNode node, final ToDoubleFunction<YamlNode> value)
    {
        final List<Double> values = numbers(node, value);
        check(node, values);
        return values;
    }

    private static void check(final YamlNode node, final List<Double> values)
    {
        for (int i = 1; i < values.size(); i++)
        {
            if (values.get(i) < values.get(i - 1))
            {
                throw node.problem(text(values.get(i)) + " is below " + text(values.get(i - 1)) + " before it");
            }
        }
        if (values.size() < 2)
        {
            throw node.problem("expected two values at least");
        }
    }

    /* Written. */

    /** A number in as few digits as tell what there is to tell. */
    static String text(final double value)
    {
        // Rounded alike, whatever it is, so that what grows still does.
        final double rounded = Double.parseDouble(String.format(Locale.ROOT, "%.7g", value));
        return rounded == StrictMath.rint(rounded) && Math.abs(rounded) < MAX ?
            Long.toString((long)rounded) : Double.toString(rounded);
    }

    private static String list(final List<Double> values)
    {
        final StringJoiner joined = new StringJoiner(", ", "[", "]");
        values.forEach(value -> joined.add(text(value)));
        return joined.toString();
    }

    /** What a fit finds. */
    static String text(final Distribution distribution)
    {
        if (distribution instanceof Quantiles quantiles)
        {
            return "{quantiles: {at: " + list(quantiles.at()) + ", values: " + list(quantiles.values()) + "}}";
        }
        if (distribution instanceof Choice choice)
        {
            final StringJoiner joined = new StringJoiner(", ", "{choice: [", "]}");
            for (int i = 0; i < choice.values().size(); i++)
            {
                joined.add("{value: " + text(choice.values().get(i)) + ", weight: " + text(choice.weights().get(i)) +
                    "}");
            }
            return joined.toString();
        }
        if (distribution instanceof Constant constant)
        {
            return text(constant.value());
        }
        throw new IllegalArgumentException("distribution=" + distribution);
    }
}
