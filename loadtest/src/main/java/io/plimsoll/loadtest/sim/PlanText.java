package io.plimsoll.loadtest.sim;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.plimsoll.journal.CommitMode;
import io.plimsoll.transport.Choice;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Plans as YAML, one line for each fault and each piece of work, so that people can take some away. */
public final class PlanText
{
    private static final YAMLMapper MAPPER = new YAMLMapper();

    private PlanText()
    {
    }

    /** Writes a plan. */
    public static String write(final FaultPlan plan)
    {
        final StringBuilder text = new StringBuilder(String.format(
            Locale.ROOT, "seed: %d%nhosts: %d%ncommitMode: %s%nsafetyMs: %d%nfaults:%s%n",
            plan.seed(), plan.hosts(), plan.commitMode().label(), plan.safetyMs(),
            plan.faults().isEmpty() ? " []" : ""));
        for (final Fault fault : plan.faults())
        {
            text.append(String.format(
                Locale.ROOT, "  - {atMs: %d, kind: %s, target: %d, lengthMs: %d, parameter: %d}%n",
                fault.atMs(), fault.kind().label(), fault.target(), fault.lengthMs(), fault.parameter()));
        }
        text.append(String.format(Locale.ROOT, "work:%s%n", plan.work().isEmpty() ? " []" : ""));
        for (final Work work : plan.work())
        {
            text.append(String.format(
                Locale.ROOT, "  - {atMs: %d, kind: %s, seed: %d}%n",
                work.atMs(), work.kind().name().toLowerCase(Locale.ROOT), work.seed()));
        }
        return text.toString();
    }

    /**
     * Reads a plan.
     *
     * @param text as written.
     * @return the plan.
     * @throws IllegalArgumentException that names the field and says what would be right.
     */
    public static FaultPlan read(final String text)
    {
        final JsonNode root;
        try
        {
            root = MAPPER.readTree(text);
        }
        catch (final JacksonException ex)
        {
            throw new IllegalArgumentException("not YAML: " + ex.getOriginalMessage(), ex);
        }
        final int hosts = (int)number(root, "hosts", "hosts", 1, 64);
        final long safetyMs = number(root, "safetyMs", "safetyMs", 1, 3_600_000);
        final List<Fault> faults = new ArrayList<>();
        for (final JsonNode node : root.path("faults"))
        {
            final String place = "faults[" + faults.size() + "].";
            faults.add(new Fault(
                number(node, "atMs", place + "atMs", 0, safetyMs),
                constant(FaultKind.class, node, "kind", place + "kind"),
                (int)number(node, "target", place + "target", -1, hosts - 1L),
                number(node, "lengthMs", place + "lengthMs", 0, 3_600_000),
                number(node, "parameter", place + "parameter", Long.MIN_VALUE, Long.MAX_VALUE)));
        }
        final List<Work> work = new ArrayList<>();
        for (final JsonNode node : root.path("work"))
        {
            final String place = "work[" + work.size() + "].";
            work.add(new Work(
                number(node, "atMs", place + "atMs", 0, safetyMs),
                constant(Work.Kind.class, node, "kind", place + "kind"),
                number(node, "seed", place + "seed", Long.MIN_VALUE, Long.MAX_VALUE)));
        }
        return new FaultPlan(
            number(root, "seed", "seed", Long.MIN_VALUE, Long.MAX_VALUE),
            hosts,
            constant(CommitMode.class, root, "commitMode", "commitMode"),
            safetyMs,
            List.copyOf(faults),
            List.copyOf(work));
    }

    private static long number(
        final JsonNode node, final String field, final String place, final long min, final long max)
    {
        final JsonNode value = node.path(field);
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.asLong() < min || value.asLong() > max)
        {
            throw new IllegalArgumentException(place + ": use a whole number from " + min + " to " + max);
        }
        return value.asLong();
    }

    private static <T extends Enum<T>> T constant(
        final Class<T> type, final JsonNode node, final String field, final String place)
    {
        final Choice<T> choice = Choice.of(
            type.getEnumConstants(), constant -> constant.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        return choice.parse(place, node.path(field).asText(), IllegalArgumentException::new);
    }
}
