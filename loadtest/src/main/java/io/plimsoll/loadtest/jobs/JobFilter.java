package io.plimsoll.loadtest.jobs;

import io.plimsoll.transport.Amounts;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A condition on jobs as users write it: {@code group=a100 and (gpu>=8 or not user=alice|bob) and arrival<7d}. Texts
 * are compared with = and !=, any of several joined by a bar, in which * stands for anything; numbers also with &lt;
 * &lt;= &gt; &gt;=. Words with blanks or parentheses in them are put into quotes.
 */
public final class JobFilter
{
    private static final Pattern TOKEN = Pattern.compile(
        "\\s*(?:([()])|(!=|<=|>=|=|<|>)|'([^']*)'|\"([^\"]*)\"|([^\\s()=<>!'\"]+))");
    private static final String FIELDS = "name, user, project, domain, group, type, priority, kernels, elements, " +
        "cpu, mem, gpu, duration, limit, exit, arrival, or a slot such as slot.rdma";
    private static final String SLOT = "slot.";

    private final String text;
    private final long originEpochNs;
    private final Matcher tokens;
    private String token;
    private boolean quoted;

    private JobFilter(final String text, final long originEpochNs)
    {
        this.text = text;
        this.originEpochNs = originEpochNs;
        tokens = TOKEN.matcher(text);
        next();
    }

    /**
     * Reads a condition.
     *
     * @param text          of it.
     * @param originEpochNs of the workload, for times such as {@code arrival>=2017-10-01T00:00:00Z}.
     * @throws IllegalArgumentException that says what is wrong.
     */
    public static Predicate<Job> parse(final String text, final long originEpochNs)
    {
        final JobFilter filter = new JobFilter(text, originEpochNs);
        final Predicate<Job> condition = filter.either();
        if (null != filter.token)
        {
            throw filter.problem("'" + filter.token + "' is more than a condition; join conditions with and, or");
        }
        return condition;
    }

    private IllegalArgumentException problem(final String problem)
    {
        return new IllegalArgumentException("'" + text + "': " + problem);
    }

    private void next()
    {
        if (!tokens.lookingAt())
        {
            if (tokens.regionStart() < text.length() && !text.substring(tokens.regionStart()).isBlank())
            {
                throw problem("'" + text.substring(tokens.regionStart()).strip() + "' is not understood");
            }
            token = null;
            return;
        }
        token = tokens.group().strip();
        quoted = null != tokens.group(3) || null != tokens.group(4);
        if (quoted)
        {
            token = null != tokens.group(3) ? tokens.group(3) : tokens.group(4);
        }
        tokens.region(tokens.end(), text.length());
    }

    private boolean take(final String word)
    {
        final boolean taken = !quoted && word.equals(token);
        if (taken)
        {
            next();
        }
        return taken;
    }

    private Predicate<Job> either()
    {
        Predicate<Job> condition = both();
        while (take("or"))
        {
            condition = condition.or(both());
        }
        return condition;
    }

    private Predicate<Job> both()
    {
        Predicate<Job> condition = single();
        while (take("and"))
        {
            condition = condition.and(single());
        }
        return condition;
    }

    private Predicate<Job> single()
    {
        if (take("not"))
        {
            return single().negate();
        }
        if (take("("))
        {
            final Predicate<Job> condition = either();
            if (!take(")"))
            {
                throw problem("a parenthesis is not closed");
            }
            return condition;
        }
        final String field = word("a field: " + FIELDS);
        final String operator = word("a comparison: = != < <= > >=");
        if (!operator.matches("!=|<=|>=|=|<|>"))
        {
            throw problem("'" + operator + "' is no comparison: use = != < <= > >=");
        }
        return compare(field, operator, word("a value"));
    }

    private String word(final String expected)
    {
        if (null == token)
        {
            throw problem("it ends where there should be " + expected);
        }
        final String word = token;
        next();
        return word;
    }

    private Predicate<Job> compare(final String field, final String operator, final String value)
    {
        return switch (field)
        {
            case "name" -> text(operator, value, Job::name);
            case "user" -> text(operator, value, job -> job.tenant().user());
            case "project" -> text(operator, value, job -> job.tenant().project());
            case "domain" -> text(operator, value, job -> job.tenant().domain());
            case "group" -> text(operator, value, job -> job.tenant().group());
            case "type" -> text(operator, value, job -> job.type().name().toLowerCase(Locale.ROOT));
            case "priority" -> number(operator, count(value), Job::priority);
            case "kernels" -> number(operator, count(value), job -> job.request().kernelCount());
            case "elements" -> number(operator, count(value), Job::elements);
            case "exit" -> number(operator, count(value), Job::exitCode);
            case "cpu" -> number(operator, amount(value, Amounts::cpuMillis), job -> job.request().cpuMillis());
            case "mem" -> number(operator, amount(value, Amounts::bytes), job -> job.request().memoryBytes());
            case "gpu" -> number(operator, thousandths(value), job -> job.request().gpuMilli());
            case "duration" -> number(operator, duration(value),
                job -> job.durationNs() < 0 ? Job.FOREVER : job.durationNs());
            case "limit" -> number(operator, duration(value),
                job -> Job.NO_LIMIT == job.limitNs() ? Job.FOREVER : job.limitNs());
            case "arrival" -> number(operator, time(value), Job::arrivalNs);
            default -> slot(field, operator, value);
        };
    }

    private Predicate<Job> slot(final String field, final String operator, final String value)
    {
        if (!field.startsWith(SLOT))
        {
            throw problem("there is no field " + field + "; there are " + FIELDS);
        }
        final String slot = field.substring(SLOT.length());
        return number(operator, count(value), job -> job.request().slot(slot));
    }

    private interface Texts
    {
        String of(Job job);
    }

    private Predicate<Job> text(final String operator, final String value, final Texts of)
    {
        if (!List.of("=", "!=").contains(operator))
        {
            throw problem("texts are compared with = and !=, not with " + operator);
        }
        final StringBuilder pattern = new StringBuilder();
        for (final String one : value.split("\\|", -1))
        {
            pattern.append(pattern.isEmpty() ? "" : "|").append(Pattern.quote(one).replace("*", "\\E.*\\Q"));
        }
        final Pattern wanted = Pattern.compile(pattern.toString(), Pattern.DOTALL);
        final boolean equal = "=".equals(operator);
        return job -> equal == wanted.matcher(of.of(job)).matches();
    }

    private static Predicate<Job> number(final String operator, final long value, final ToLongFunction<Job> of)
    {
        return switch (operator)
        {
            case "=" -> job -> of.applyAsLong(job) == value;
            case "!=" -> job -> of.applyAsLong(job) != value;
            case "<" -> job -> of.applyAsLong(job) < value;
            case "<=" -> job -> of.applyAsLong(job) <= value;
            case ">" -> job -> of.applyAsLong(job) > value;
            default -> job -> of.applyAsLong(job) >= value;
        };
    }

    private long amount(final String value, final ToLongFunction<String> reader)
    {
        try
        {
            return reader.applyAsLong(value);
        }
        catch (final IllegalArgumentException ex)
        {
            throw problem(ex.getMessage());
        }
    }

    private long count(final String value)
    {
        return amount(value, Amounts::count);
    }

    private long duration(final String value)
    {
        return "forever".equals(value) ? Job.FOREVER : "0".equals(value) ? 0 : amount(value, Amounts::durationNs);
    }

    private long thousandths(final String value)
    {
        try
        {
            return new BigDecimal(value).movePointRight(3).longValueExact();
        }
        catch (final ArithmeticException | NumberFormatException ex)
        {
            throw problem(value + " is no number of GPUs: use such as 2 or 0.5");
        }
    }

    /** Counted from the origin, or a time of the world if the workload has one. */
    private long time(final String value)
    {
        if (!value.contains("T"))
        {
            return duration(value);
        }
        try
        {
            final Instant instant = Instant.parse(value);
            if (Workload.NO_ORIGIN != originEpochNs)
            {
                return Math.multiplyExact(instant.toEpochMilli(), 1_000_000L) - originEpochNs;
            }
        }
        catch (final DateTimeException | ArithmeticException ex)
        {
            throw problem(value + " is no time: use such as 2017-10-01T00:00:00Z, or 7d from the start");
        }
        throw problem("the workload does not tell when it began: count arrival from the start, such as 7d");
    }
}
