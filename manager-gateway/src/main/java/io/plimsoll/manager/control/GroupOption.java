package io.plimsoll.manager.control;

import io.plimsoll.transport.Amounts;
import java.util.ArrayList;
import java.util.List;

/**
 * The options of a resource group, under the names by which people know them; a dot stands between the name of a
 * section and what is in it. Values are kept as numbers: durations in nanoseconds, choices by their code in the core's
 * language, flags as 0 and 1, types of sessions as one bit each.
 */
public enum GroupOption
{
    ORDER("order", 0, "fifo", "lifo", "drf", "fair-share"),
    /** The one whose value may be the name of a policy that scores, see {@link GroupOptions#selectionName}. */
    SELECT("select", 0, "concentrated", "dispersed", "round-robin", "random", "topology"),
    SELECTION_SEED("selectionSeed", Kind.COUNT, 0, 0, Long.MAX_VALUE),
    BACKFILL("backfill", 0, "greedy", "none", "easy", "easy-sjbf", "conservative", "predictive"),
    DELAY_MAX("delayMax", Kind.DURATION, 432_000 * GroupOption.SECOND_NS, 0, GroupOption.DURATION_MAX),
    AGEING("ageing", Kind.DURATION, 0, 0, 1L << 56),
    USAGE_HALF_LIFE("usageHalfLife", Kind.DURATION, 0, 0, GroupOption.DURATION_MAX),
    PREEMPTION_MODE("preemption.mode", 0, "off", "terminate", "reschedule"),
    PREEMPTION_SCOPE("preemption.victimScope", 0, "group", "domain", "project", "user"),
    PREEMPTION_MIN_RUNTIME("preemption.minRuntime", Kind.DURATION, 0, 0, GroupOption.DURATION_MAX),
    QUARANTINE_AFTER("quarantine.after", Kind.COUNT, 0, 0, 1_000_000),
    QUARANTINE_DURATION("quarantine.duration", Kind.DURATION, 0, 0, GroupOption.DURATION_MAX),
    ALLOWED_TYPES("allowedTypes", Kind.TYPES, 0, 0, 15),
    KERNELS_MAX("kernelsMax", Kind.COUNT, 0, 0, 1024),
    PENDING_MAX("pendingMax", Kind.COUNT, 5_000_000, 0, Integer.MAX_VALUE),
    ACCEPT_UNSATISFIABLE("acceptUnsatisfiable", Kind.FLAG, 0, 0, 1),
    ATTEMPTS_MAX("attemptsMax", Kind.COUNT, 3, 1, 1_000_000),
    DECISIONS_MAX("decisionsPerCommandMax", Kind.COUNT, 200, 1, 1_000_000),
    RETRY_BACKOFF("retryBackoff", Kind.DURATION, GroupOption.SECOND_NS, 0, GroupOption.DURATION_MAX),
    PENDING_TIMEOUT("pendingTimeout", Kind.DURATION, 0, 0, GroupOption.DURATION_MAX),
    SCHEDULED_TIMEOUT("scheduledTimeout", Kind.DURATION, 10 * GroupOption.SECOND_NS, 1, GroupOption.DURATION_MAX),
    PULL_PROGRESS_TIMEOUT(
        "pullProgressTimeout", Kind.DURATION, 300 * GroupOption.SECOND_NS, 1, GroupOption.DURATION_MAX),
    PULL_TIMEOUT("pullTimeout", Kind.DURATION, 7_200 * GroupOption.SECOND_NS, 1, GroupOption.DURATION_MAX),
    PREPARE_TIMEOUT("prepareTimeout", Kind.DURATION, 60 * GroupOption.SECOND_NS, 1, GroupOption.DURATION_MAX),
    KILL_TIMEOUT("killTimeout", Kind.DURATION, 30 * GroupOption.SECOND_NS, 1, GroupOption.DURATION_MAX),
    LOST_TIMEOUT("lostTimeout", Kind.DURATION, 0, 0, GroupOption.DURATION_MAX);

    /** What kinds of values there are. */
    public enum Kind
    {
        CHOICE, COUNT, DURATION, FLAG, TYPES
    }

    /** Types of sessions in the order of their bits. */
    public static final List<String> TYPES = List.of("batch", "interactive", "inference", "system");

    private static final long SECOND_NS = 1_000_000_000L;
    private static final long DURATION_MAX = 1L << 60;
    private static final List<GroupOption> ALL = List.of(values());

    private final String label;
    private final Kind kind;
    private final long preset;
    private final long min;
    private final long max;
    private final List<String> choices;

    GroupOption(final String label, final Kind kind, final long preset, final long min, final long max)
    {
        this.label = label;
        this.kind = kind;
        this.preset = preset;
        this.min = min;
        this.max = max;
        choices = List.of();
    }

    GroupOption(final String label, final long preset, final String... choices)
    {
        this.label = label;
        this.kind = Kind.CHOICE;
        this.preset = preset;
        this.choices = List.of(choices);
        min = 0;
        max = choices.length - 1L;
    }

    /** Of a name; null if there is none. */
    public static GroupOption of(final String label)
    {
        for (final GroupOption option : ALL)
        {
            if (option.label.equals(label))
            {
                return option;
            }
        }
        return null;
    }

    public static List<String> labels()
    {
        return ALL.stream().map(GroupOption::label).toList();
    }

    public String label()
    {
        return label;
    }

    public Kind kind()
    {
        return kind;
    }

    long preset()
    {
        return preset;
    }

    public List<String> choices()
    {
        return choices;
    }

    /**
     * Reads a value; what looks like a number of seconds is one where a duration is asked for.
     *
     * @throws IllegalArgumentException that says what would be right.
     */
    long parse(final String text)
    {
        return switch (kind)
        {
            case CHOICE -> code(choices, text);
            case FLAG -> code(List.of("false", "true"), text);
            case TYPES -> types(text);
            case COUNT -> checked(Amounts.count(text), Long.toString(min), Long.toString(max));
            case DURATION -> checked(
                Amounts.durationNs(text.matches("[0-9]+(\\.[0-9]+)?") ? text + "s" : text),
                Amounts.formatDuration(min),
                Amounts.formatDuration(max));
        };
    }

    private long checked(final long value, final String least, final String most)
    {
        if (value < min || value > max)
        {
            throw new IllegalArgumentException("use " + least + " to " + most);
        }
        return value;
    }

    private static long code(final List<String> names, final String text)
    {
        final int code = names.indexOf(text);
        if (code < 0)
        {
            throw new IllegalArgumentException("use " + String.join(", ", names));
        }
        return code;
    }

    /** No type, or all of them: all. */
    private static long types(final String text)
    {
        long bits = 0;
        for (final String type : text.isEmpty() || "all".equals(text) ? new String[0] : text.split(",", -1))
        {
            bits |= 1L << code(TYPES, type.strip());
        }
        return bits;
    }

    /** Types of a set of bits. */
    public static List<String> types(final long bits)
    {
        final List<String> types = new ArrayList<>();
        for (int i = 0; i < TYPES.size(); i++)
        {
            if (0 != (bits & 1L << i))
            {
                types.add(TYPES.get(i));
            }
        }
        return types;
    }
}
