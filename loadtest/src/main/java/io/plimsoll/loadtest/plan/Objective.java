package io.plimsoll.loadtest.plan;

import io.plimsoll.loadtest.virtual.RunFigures;
import io.plimsoll.loadtest.whatif.WaitFigures;
import io.plimsoll.transport.Amounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is to hold, such as {@code wait.p95<60s by group}.
 *
 * @param text    as it was written.
 * @param metric  that it is about.
 * @param isUpper whether the bound is one from above.
 * @param isStrict whether the bound itself misses it: of sessions counted, fewer than 1 are none.
 * @param bound   seconds, a number, or a part of 1.
 * @param by      for whom each.
 */
public record Objective(String text, Metric metric, boolean isUpper, boolean isStrict, double bound, By by)
{
    private static final Pattern FORM =
        Pattern.compile("\\s*([a-z0-9.]+)\\s*(<=|<|>=|>)\\s*([0-9.]+[a-z%]*)\\s*(?:by\\s+([a-z]+)\\s*)?");
    private static final String EXAMPLE = "; such as wait.p95<60s by group";

    /** For whom it is to hold. */
    public enum By
    {
        /** For all sessions together. */
        ALL,
        /** For each group that the workload tells of. */
        GROUP,
        /** For each user. */
        USER
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException that says what would be right.
     */
    public static Objective parse(final String text)
    {
        final Matcher matcher = FORM.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches())
        {
            throw new IllegalArgumentException(
                "objective: " + text + " is not METRIC, one of < <= > >=, a bound, and maybe by group or by user" +
                    EXAMPLE);
        }
        final Metric metric = Metric.choice().parse("objective", matcher.group(1), IllegalArgumentException::new);
        return new Objective(
            text.strip(),
            metric,
            matcher.group(2).startsWith("<"),
            metric.isCount() && 1 == matcher.group(2).length(),
            bound(metric, matcher.group(3)),
            by(metric, matcher.group(4)));
    }

    private static double bound(final Metric metric, final String text)
    {
        try
        {
            return switch (metric.unit())
            {
                case SECONDS -> Amounts.durationNs(text) / 1e9;
                case PART -> part(text);
                case NUMBER -> Double.parseDouble(text);
            };
        }
        catch (final NumberFormatException ex)
        {
            throw new IllegalArgumentException("objective: bound of " + metric.label() + " is no number: " + text);
        }
        catch (final IllegalArgumentException ex)
        {
            throw new IllegalArgumentException("objective: bound of " + metric.label() + ": " + ex.getMessage());
        }
    }

    private static double part(final String text)
    {
        final double part = text.endsWith("%") ?
            Double.parseDouble(text.substring(0, text.length() - 1)) / 100 : Double.parseDouble(text);
        if (part > 1)
        {
            throw new IllegalArgumentException(text + " is more than all; at most 1 or 100%");
        }
        return part;
    }

    private static By by(final Metric metric, final String text)
    {
        if (null == text)
        {
            return By.ALL;
        }
        if (!"group".equals(text) && !"user".equals(text))
        {
            throw new IllegalArgumentException("objective: by " + text + " is neither by group nor by user");
        }
        if (!metric.isWait())
        {
            throw new IllegalArgumentException("objective: " + metric.label() + " is known for all sessions only");
        }
        return "group".equals(text) ? By.GROUP : By.USER;
    }

    /** Who misses it in a run; empty: it holds. */
    public List<Miss> misses(final RunFigures figures)
    {
        final List<Miss> misses = new ArrayList<>();
        switch (by)
        {
            case GROUP -> each(figures.waitsByGroup(), misses);
            case USER -> each(figures.waitsByUser(), misses);
            default -> add("", metric.of(figures), misses);
        }
        return misses;
    }

    /** What it comes to in a run: of those for whom it is to hold, who is furthest from it. */
    public Miss worst(final RunFigures figures)
    {
        final Map<String, WaitFigures> waits = By.GROUP == by ? figures.waitsByGroup() :
            By.USER == by ? figures.waitsByUser() : Map.of();
        Miss worst = By.ALL == by || waits.isEmpty() ? new Miss(this, "", metric.of(figures)) : null;
        for (final Map.Entry<String, WaitFigures> one : waits.entrySet())
        {
            final double value = metric.of(one.getValue());
            final boolean isWorse = null == worst || (isUpper ? value > worst.value() : value < worst.value());
            worst = isWorse ? new Miss(this, one.getKey(), value) : worst;
        }
        return worst;
    }

    private void each(final Map<String, WaitFigures> waits, final List<Miss> misses)
    {
        waits.forEach((key, figures) -> add(key, metric.of(figures), misses));
    }

    private void add(final String key, final double value, final List<Miss> misses)
    {
        // A bound itself is met: whoever writes < 60s does not mind 60.0 s. But less than one session is none.
        final boolean isMissed = isUpper ? value > bound : value < bound;
        if (isMissed || isStrict && value == bound)
        {
            misses.add(new Miss(this, key, value));
        }
    }

    /**
     * Somebody for whom an objective does not hold.
     *
     * @param objective that does not.
     * @param key       group or user; empty: all.
     * @param value     instead.
     */
    public record Miss(Objective objective, String key, double value)
    {
    }
}
