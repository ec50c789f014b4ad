package io.plimsoll.loadtest.jobs;

import io.plimsoll.core.sbe.ConstraintKind;
import io.plimsoll.loadtest.simulate.Scenario.SlotAmount;
import io.plimsoll.loadtest.simulate.SessionSpec.Constraint;
import io.plimsoll.loadtest.simulate.SessionSpec.Dependency;
import io.plimsoll.transport.Amounts;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Function;

/**
 * How the cells of {@link JobCsv} are written and read. Parts of a cell are joined by semicolons; where one of the
 * characters that join parts is meant itself, it is written as % and two hexadecimal digits.
 */
final class JobText
{
    private static final String SPECIAL = "%;=+:|";
    private static final String FOREVER = "forever";
    private static final String UNKNOWN = "unknown";
    private static final String ANY = "any:";
    private static final int KERNELS_MAX = 1_000_000;
    private static final int EXIT_CODE_MAX = 255;
    private static final int NANOS = 9;
    private static final BigDecimal SECONDS_MAX = BigDecimal.valueOf(Long.MAX_VALUE >> 2, NANOS);
    private static final Map<String, ConstraintKind> KINDS = kinds();

    private JobText()
    {
    }

    private static Map<String, ConstraintKind> kinds()
    {
        final Map<String, ConstraintKind> kinds = new LinkedHashMap<>();
        for (final ConstraintKind kind : ConstraintKind.values())
        {
            kinds.put(word(kind), kind);
        }
        return kinds;
    }

    private static String word(final ConstraintKind kind)
    {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /* What is asked for. */

    static KernelSet kernels(final String count, final String cpu, final String memory, final String slots)
    {
        final long kernels = count.isEmpty() ? 1 : Amounts.count(count);
        if (kernels < 1 || kernels > KERNELS_MAX)
        {
            throw new IllegalArgumentException("'" + count + "' is no number of kernels: use 1 to " + KERNELS_MAX);
        }
        return new KernelSet((int)kernels, new Need(
            cpu.isEmpty() ? Need.WHOLE : Amounts.cpuMillis(cpu), memory.isEmpty() ? 0 : Amounts.bytes(memory),
            slots(slots)));
    }

    private static List<SlotAmount> slots(final String text)
    {
        final List<SlotAmount> slots = new ArrayList<>();
        for (final String part : parts(text))
        {
            final int at = part.indexOf('=');
            if (at <= 0)
            {
                throw new IllegalArgumentException("'" + part + "' is no slot: use such as cuda.device=2;rdma=25");
            }
            final String slot = plain(part.substring(0, at));
            slots.add(new SlotAmount(slot, Amounts.ofSlot(slot, part.substring(at + 1))));
        }
        return slots;
    }

    static String joined(final JobRequest request, final Function<KernelSet, String> cell)
    {
        final StringJoiner joined = new StringJoiner("+");
        request.kernels().forEach(set -> joined.add(cell.apply(set)));
        return joined.toString();
    }

    static String cpu(final Need need)
    {
        return Amounts.formatCpu(need.cpuMillis());
    }

    static String memory(final Need need)
    {
        return 0 == need.memoryBytes() ? "0" : Amounts.formatBytes(need.memoryBytes());
    }

    static String slots(final Need need)
    {
        final StringJoiner joined = new StringJoiner(";");
        need.slots().forEach(slot -> joined.add(quoted(slot.name()) + "=" + slot.amount()));
        return joined.toString();
    }

    /* Where it may run. */

    static List<Constraint> constraints(final String text)
    {
        final List<Constraint> constraints = new ArrayList<>();
        for (final String part : parts(text))
        {
            final int colon = part.indexOf(':');
            final int equals = part.indexOf('=', colon + 1);
            final ConstraintKind kind = colon < 0 ? null : KINDS.get(part.substring(0, colon));
            if (null == kind || equals < 0)
            {
                throw new IllegalArgumentException("'" + part + "' is no constraint: use kind:key=values, such as " +
                    "label-in:cuda.model=A100|V100; kinds are " + String.join(", ", KINDS.keySet()));
            }
            final StringJoiner values = new StringJoiner("|");
            for (final String value : part.substring(equals + 1).split("\\|", -1))
            {
                values.add(plain(value));
            }
            constraints.add(new Constraint(kind, plain(part.substring(colon + 1, equals)), values.toString()));
        }
        return constraints;
    }

    static String constraints(final List<Constraint> constraints)
    {
        final StringJoiner joined = new StringJoiner(";");
        for (final Constraint constraint : constraints)
        {
            final StringJoiner values = new StringJoiner("|");
            for (final String value : constraint.values().split("\\|", -1))
            {
                values.add(quoted(value));
            }
            joined.add(word(constraint.kind()) + ":" + quoted(constraint.key()) + "=" + values);
        }
        return joined.toString();
    }

    /* What it does. */

    static List<Life> lives(final String durations, final String exits)
    {
        final List<Long> times = new ArrayList<>();
        parts(durations).forEach(part -> times.add(durationNs(part)));
        final List<Integer> codes = new ArrayList<>();
        for (final String part : parts(exits))
        {
            final long code = Amounts.count(part);
            if (code > EXIT_CODE_MAX)
            {
                throw new IllegalArgumentException("'" + part + "' is no exit code: use 0 to " + EXIT_CODE_MAX);
            }
            codes.add((int)code);
        }
        final List<Life> lives = new ArrayList<>();
        for (int i = 0; i < Math.max(times.size(), codes.size()); i++)
        {
            lives.add(new Life(
                times.get(Math.min(i, times.size() - 1)),
                codes.isEmpty() ? Job.SUCCESS : codes.get(Math.min(i, codes.size() - 1))));
        }
        return lives;
    }

    /** Seconds, or a word. */
    private static long durationNs(final String text)
    {
        if (FOREVER.equals(text) || UNKNOWN.equals(text))
        {
            return FOREVER.equals(text) ? Job.FOREVER : Job.UNKNOWN;
        }
        try
        {
            final BigDecimal seconds = new BigDecimal(text);
            if (seconds.signum() >= 0 && seconds.compareTo(SECONDS_MAX) <= 0 && seconds.scale() < Long.SIZE)
            {
                return seconds.setScale(NANOS, RoundingMode.HALF_EVEN).unscaledValue().longValueExact();
            }
        }
        catch (final NumberFormatException ex)
        {
            throw notADuration(text);
        }
        throw notADuration(text);
    }

    private static IllegalArgumentException notADuration(final String text)
    {
        return new IllegalArgumentException(
            "'" + text + "' is no duration: use seconds such as 60 or 0.5, " + FOREVER + " or " + UNKNOWN);
    }

    static String durations(final List<Life> lives)
    {
        final StringJoiner joined = new StringJoiner(";");
        for (final Life life : lives)
        {
            joined.add(Job.FOREVER == life.durationNs() ? FOREVER : life.durationNs() < 0 ? UNKNOWN :
                JobCsv.seconds(life.durationNs()));
        }
        return joined.toString();
    }

    static String exits(final List<Life> lives)
    {
        final StringJoiner joined = new StringJoiner(";");
        boolean failures = false;
        for (final Life life : lives)
        {
            joined.add(Integer.toString(life.exitCode()));
            failures |= Job.SUCCESS != life.exitCode();
        }
        return failures ? joined.toString() : "";
    }

    /* What it waits for. */

    static List<Dependency> after(final String text)
    {
        final List<Dependency> after = new ArrayList<>();
        for (final String part : parts(text))
        {
            final boolean any = part.startsWith(ANY);
            after.add(new Dependency(plain(any ? part.substring(ANY.length()) : part), any));
        }
        return after;
    }

    static String after(final List<Dependency> after)
    {
        final StringJoiner joined = new StringJoiner(";");
        after.forEach(before -> joined.add((before.anyEnd() ? ANY : "") + quoted(before.session())));
        return joined.toString();
    }

    /* Parts. */

    private static List<String> parts(final String text)
    {
        return text.isEmpty() ? List.of() : List.of(text.split(";", -1));
    }

    private static String quoted(final String text)
    {
        final StringBuilder quoted = new StringBuilder();
        for (int i = 0; i < text.length(); i++)
        {
            final char c = text.charAt(i);
            if (SPECIAL.indexOf(c) >= 0)
            {
                quoted.append('%').append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            }
            else
            {
                quoted.append(c);
            }
        }
        return quoted.toString();
    }

    private static String plain(final String text)
    {
        final StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++)
        {
            final char c = text.charAt(i);
            if ('%' != c)
            {
                plain.append(c);
                continue;
            }
            final int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
            final int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
            if (high < 0 || low < 0)
            {
                throw new IllegalArgumentException(
                    "'" + text + "' has a % without two hexadecimal digits behind it");
            }
            plain.append((char)(high << 4 | low));
            i += 2;
        }
        return plain.toString();
    }
}
