package io.plimsoll.ops.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads expressions of PromQL by its grammar (prometheus.io, Querying), as far as dashboards and alerts use it, and
 * tells which metrics they ask for. Whether a range is where a range belongs it checks for the functions that it knows.
 */
final class PromQl
{
    private static final Pattern TOKEN = Pattern.compile(
        "\\s*(?:([0-9]+(?:ms|[smhdwy])(?:[0-9]+(?:ms|[smhdwy]))*)|((?:[0-9]*\\.)?[0-9]+(?:[eE][-+]?[0-9]+)?)" +
            "|([a-zA-Z_:][a-zA-Z0-9_:]*)|(\"(?:[^\"\\\\]|\\\\.)*\")|(=~|!~|==|!=|>=|<=|[-+*/%^=<>(){}\\[\\],]))");
    private static final Set<String> AGGREGATIONS = Set.of(
        "sum", "min", "max", "avg", "count", "stddev", "topk", "bottomk", "quantile", "count_values", "group");
    private static final Set<String> OF_RANGES = Set.of(
        "rate", "irate", "increase", "delta", "deriv", "predict_linear", "avg_over_time", "max_over_time",
        "min_over_time", "sum_over_time", "changes", "resets");
    private static final Set<String> OTHERS = Set.of(
        "histogram_quantile", "time", "abs", "clamp_min", "clamp_max", "absent", "vector", "scalar", "label_replace",
        "round", "ceil", "floor", "sort", "sort_desc");
    private static final List<Set<String>> LEVELS = List.of(
        Set.of("or"), Set.of("and", "unless"), Set.of("==", "!=", ">", "<", ">=", "<="), Set.of("+", "-"),
        Set.of("*", "/", "%"), Set.of("^"));

    private final String text;
    private final List<String> tokens = new ArrayList<>();
    private final Set<String> metrics = new TreeSet<>();
    private int next;

    private PromQl(final String text)
    {
        this.text = text;
        final Matcher matcher = TOKEN.matcher(text);
        int end = 0;
        while (end < text.stripTrailing().length())
        {
            if (!matcher.find(end) || matcher.start() != end)
            {
                throw new IllegalArgumentException("at " + end + " of: " + text);
            }
            tokens.add(matcher.group().strip());
            end = matcher.end();
        }
    }

    /**
     * Names of the metrics that an expression asks for.
     *
     * @throws IllegalArgumentException if it is none.
     */
    static Set<String> metrics(final String expression)
    {
        final PromQl parser = new PromQl(expression);
        if (parser.binary(0))
        {
            throw parser.wrong("a range is no result");
        }
        if (parser.next < parser.tokens.size())
        {
            throw parser.wrong("nothing more");
        }
        return parser.metrics;
    }

    /** Whether what was read is a range vector. */
    private boolean binary(final int level)
    {
        if (level == LEVELS.size())
        {
            return unary();
        }
        boolean isRange = binary(level + 1);
        while (LEVELS.get(level).contains(peek()))
        {
            take();
            if (isRange)
            {
                throw wrong("no range before an operator");
            }
            if ("bool".equals(peek()))
            {
                take();
            }
            matching();
            isRange = binary(level + 1);
            if (isRange)
            {
                throw wrong("no range behind an operator");
            }
        }
        return isRange;
    }

    private void matching()
    {
        if ("on".equals(peek()) || "ignoring".equals(peek()))
        {
            take();
            labels();
            if ("group_left".equals(peek()) || "group_right".equals(peek()))
            {
                take();
                if ("(".equals(peek()))
                {
                    labels();
                }
            }
        }
    }

    private boolean unary()
    {
        if ("-".equals(peek()) || "+".equals(peek()))
        {
            take();
            return unary();
        }
        boolean isRange = primary();
        if ("[".equals(peek()))
        {
            take();
            duration();
            expect("]");
            isRange = true;
        }
        if ("offset".equals(peek()))
        {
            take();
            duration();
        }
        return isRange;
    }

    private boolean primary()
    {
        final String token = take();
        if ("(".equals(token))
        {
            final boolean isRange = binary(0);
            expect(")");
            return isRange;
        }
        if ("{".equals(token))
        {
            throw wrong("a metric before {");
        }
        if (token.startsWith("\"") || Character.isDigit(token.charAt(0)) || '.' == token.charAt(0))
        {
            return false;
        }
        if (!Character.isLetter(token.charAt(0)) && '_' != token.charAt(0))
        {
            throw wrong("an expression instead of " + token);
        }
        if (AGGREGATIONS.contains(token))
        {
            grouping();
            arguments(false, token);
            grouping();
        }
        else if ("(".equals(peek()))
        {
            if (!OF_RANGES.contains(token) && !OTHERS.contains(token))
            {
                throw wrong("a function instead of " + token);
            }
            arguments(OF_RANGES.contains(token), token);
        }
        else
        {
            metrics.add(token);
            selector();
        }
        return false;
    }

    private void grouping()
    {
        if ("by".equals(peek()) || "without".equals(peek()))
        {
            take();
            labels();
        }
    }

    private void arguments(final boolean wantsRange, final String function)
    {
        expect("(");
        boolean hasRange = false;
        while (!")".equals(peek()))
        {
            hasRange |= binary(0);
            if (",".equals(peek()))
            {
                take();
            }
        }
        expect(")");
        if (wantsRange != hasRange)
        {
            throw wrong(function + (wantsRange ? " of a range" : " of no range"));
        }
    }

    private void selector()
    {
        if (!"{".equals(peek()))
        {
            return;
        }
        take();
        while (!"}".equals(peek()))
        {
            name();
            final String operator = take();
            if (!Set.of("=", "!=", "=~", "!~").contains(operator))
            {
                throw wrong("a comparison of a label");
            }
            final String value = take();
            if (!value.startsWith("\""))
            {
                throw wrong("a value between quotes");
            }
            if (operator.contains("~"))
            {
                Pattern.compile(value.substring(1, value.length() - 1));
            }
            if (",".equals(peek()))
            {
                take();
            }
        }
        take();
    }

    private void labels()
    {
        expect("(");
        while (!")".equals(peek()))
        {
            name();
            if (",".equals(peek()))
            {
                take();
            }
        }
        take();
    }

    private void name()
    {
        if (!take().matches("[a-zA-Z_][a-zA-Z0-9_]*"))
        {
            throw wrong("the name of a label");
        }
    }

    private void duration()
    {
        if (!take().matches("([0-9]+(ms|[smhdwy]))+"))
        {
            throw wrong("a duration");
        }
    }

    private void expect(final String token)
    {
        if (!token.equals(take()))
        {
            throw wrong(token);
        }
    }

    private String peek()
    {
        return next < tokens.size() ? tokens.get(next) : "";
    }

    private String take()
    {
        if (next == tokens.size())
        {
            throw wrong("more");
        }
        return tokens.get(next++);
    }

    private IllegalArgumentException wrong(final String expected)
    {
        return new IllegalArgumentException(
            "expected " + expected + " at token " + next + " " + tokens + " of: " + text);
    }
}
