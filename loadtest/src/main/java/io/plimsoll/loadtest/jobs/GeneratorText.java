package io.plimsoll.loadtest.jobs;

import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.loadtest.jobs.GeneratorSpec.Arrivals;
import io.plimsoll.loadtest.jobs.GeneratorSpec.Kernels;
import io.plimsoll.loadtest.jobs.GeneratorSpec.Shape;
import io.plimsoll.loadtest.jobs.GeneratorSpec.User;
import io.plimsoll.loadtest.simulate.Scenario.SlotAmount;
import io.plimsoll.loadtest.simulate.SessionSpec;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/** Writes the description of a workload as {@link GeneratorYaml} reads it. Stateless. */
public final class GeneratorText
{
    private static final int WEIGHTS_A_LINE = 24;

    private GeneratorText()
    {
    }

    /** YAML, with a line for each shape and each user. */
    public static String of(final GeneratorSpec spec)
    {
        final StringBuilder text = new StringBuilder("workload:\n");
        text.append("  name: ").append(quoted(spec.name())).append('\n');
        if (Workload.NO_ORIGIN != spec.originEpochNs())
        {
            text.append("  start: ").append(Instant.ofEpochMilli(Math.floorDiv(spec.originEpochNs(), 1_000_000L)))
                .append('\n');
        }
        if (!Double.isInfinite(spec.seconds()))
        {
            text.append("  duration: ").append((long)Math.ceil(spec.seconds())).append("s\n");
        }
        if (spec.jobs() < Long.MAX_VALUE)
        {
            text.append("  jobs: ").append(spec.jobs()).append('\n');
        }
        text.append("  longest: ").append(number(spec.longest())).append('\n');
        arrivals(spec.arrivals(), text);
        text.append("  shapes:\n");
        spec.shapes().forEach(shape -> text.append("    - ").append(shape(shape)).append('\n'));
        if (!spec.limits().isEmpty())
        {
            text.append("  limits:\n");
            spec.limits().forEach(bin ->
            {
                final String choice = DistributionYaml.text(bin.choice());
                text.append("    - {to: ").append(number(bin.toSeconds())).append(", ").append(choice.substring(1))
                    .append('\n');
            });
        }
        if (!spec.users().listed().isEmpty())
        {
            text.append("  users:\n    repeat: ").append(number(spec.users().repeat())).append("\n    list:\n");
            spec.users().listed().forEach(user -> text.append("      - ").append(user(user)).append('\n'));
        }
        return text.toString();
    }

    private static void arrivals(final Arrivals arrivals, final StringBuilder text)
    {
        text.append("  arrivals:\n    rate: ").append(String.format(Locale.ROOT, "%.6g", arrivals.perSecond() * 86_400))
            .append("/d\n");
        if (!arrivals.week().isEmpty())
        {
            text.append("    week: [");
            for (int i = 0; i < arrivals.week().size(); i++)
            {
                text.append(0 == i ? "" : ",").append(0 == i % WEIGHTS_A_LINE ? "\n      " : " ")
                    .append(number(arrivals.week().get(i)));
            }
            text.append("]\n");
        }
        if (arrivals.daySigma() > 0)
        {
            text.append("    daySigma: ").append(number(arrivals.daySigma())).append('\n');
        }
        if (null != arrivals.gaps())
        {
            text.append("    gaps: ").append(DistributionYaml.text(arrivals.gaps())).append('\n');
        }
        if (null != arrivals.batch())
        {
            text.append("    batch: ").append(DistributionYaml.text(arrivals.batch())).append('\n');
        }
        if (arrivals.initial() > 0)
        {
            text.append("    initial: ").append(arrivals.initial()).append('\n');
        }
    }

    private static String shape(final Shape shape)
    {
        final StringJoiner fields = fields();
        fields.add("name: " + quoted(shape.name())).add("weight: " + number(shape.weight()));
        text("group", shape.group(), fields);
        if (SessionType.BATCH != shape.type())
        {
            fields.add("type: " + shape.type().name().toLowerCase(Locale.ROOT));
        }
        if (SessionSpec.PRIORITY_DEFAULT != shape.priority())
        {
            fields.add("priority: " + shape.priority());
        }
        if (!shape.preemptible())
        {
            fields.add("preemptible: false");
        }
        fields.add("kernels: " + shape.kernels().stream().map(GeneratorText::kernels)
            .collect(Collectors.joining(", ", "[", "]")));
        text("constraints", JobText.constraints(shape.constraints()), fields);
        fields.add("duration: " + (null == shape.duration() ? "forever" : DistributionYaml.text(shape.duration())));
        if (shape.forever() > 0)
        {
            fields.add("forever: " + number(shape.forever()));
        }
        if (shape.limit().isNever())
        {
            fields.add("limit: " + GeneratorYaml.NO_LIMIT);
        }
        else if (null != shape.limit().choice())
        {
            fields.add("limit: " + DistributionYaml.text(shape.limit().choice()));
        }
        if (null != shape.elements())
        {
            fields.add("elements: " + DistributionYaml.text(shape.elements()));
        }
        if (shape.failures().share() > 0)
        {
            fields.add("failures: {share: " + number(shape.failures().share()) + ", exits: " +
                shape.failures().exits().entrySet().stream()
                    .map(exit -> exit.getKey() + ": " + number(exit.getValue()))
                    .collect(Collectors.joining(", ", "{", "}")) + "}");
        }
        return fields.toString();
    }

    private static String kernels(final Kernels kernels)
    {
        final StringJoiner fields = fields();
        if (!(kernels.count() instanceof Distribution.Constant constant) || 1 != constant.value())
        {
            fields.add("count: " + DistributionYaml.text(kernels.count()));
        }
        final Need need = kernels.need();
        fields.add("cpu: " + JobText.cpu(need));
        if (need.memoryBytes() > 0)
        {
            fields.add("mem: " + JobText.memory(need));
        }
        final List<SlotAmount> slots = need.slots();
        if (!slots.isEmpty())
        {
            fields.add("slots: " + slots.stream().map(slot -> quoted(slot.name()) + ": " + slot.amount())
                .collect(Collectors.joining(", ", "{", "}")));
        }
        return fields.toString();
    }

    private static String user(final User user)
    {
        final StringJoiner fields = fields();
        text("name", user.name(), fields);
        text("project", user.project(), fields);
        text("domain", user.domain(), fields);
        fields.add("weight: " + number(user.weight()));
        if (1 != user.duration())
        {
            fields.add("duration: " + number(user.duration()));
        }
        if (null != user.rank())
        {
            fields.add("rank: {mean: " + number(user.rank().mean()) + ", sigma: " + number(user.rank().sigma()) + "}");
        }
        final StringJoiner shapes = fields();
        for (final Map.Entry<String, Double> shape : user.shapes().entrySet())
        {
            shapes.add(quoted(shape.getKey()) + ": " + number(shape.getValue()));
        }
        return fields.add("shapes: " + shapes).toString();
    }

    private static StringJoiner fields()
    {
        return new StringJoiner(", ", "{", "}");
    }

    private static void text(final String field, final String value, final StringJoiner fields)
    {
        if (!value.isEmpty())
        {
            fields.add(field + ": " + quoted(value));
        }
    }

    private static String number(final double value)
    {
        return DistributionYaml.text(value);
    }

    /** Names are whatever users chose. */
    private static String quoted(final String text)
    {
        return text.matches("[A-Za-z][A-Za-z0-9_-]*") && !text.matches("(?i)y|n|yes|no|on|off|true|false|null") ? text :
            "'" + text.replaceAll("\\R", " ").replace("'", "''") + "'";
    }
}
