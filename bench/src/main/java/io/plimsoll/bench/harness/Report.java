package io.plimsoll.bench.harness;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a benchmark found.
 *
 * @param what    was run.
 * @param machine it ran on.
 * @param figures in the order of the rows.
 */
public record Report(String what, Map<String, Object> machine, List<Figure> figures)
{
    /** One JSON object. */
    public String toJson()
    {
        try
        {
            return new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL)
                .writeValueAsString(this);
        }
        catch (final JsonProcessingException ex)
        {
            throw new IllegalStateException("figures that are no JSON: what=" + what, ex);
        }
    }

    /** Table for people. */
    public String toTable()
    {
        final StringBuilder text = new StringBuilder(1024);
        text.append("plimsoll bench ").append(what).append('\n');
        machine.forEach((key, value) -> text.append("  ").append(key).append(": ").append(render(value)).append('\n'));
        text.append(String.format(
            Locale.ROOT, "%n%-3s %-58s %14s  %-12s %14s %7s  %s%n", "row", "figure", "value", "unit", "limit", "ratio",
            "target"));
        for (final Figure figure : figures)
        {
            appendFigure(text, figure);
        }
        return text.toString();
    }

    private static void appendFigure(final StringBuilder text, final Figure figure)
    {
        text.append(String.format(
            Locale.ROOT,
            "%-3s %-58s %14s  %-12s %14s %7s  %s%n",
            figure.row(),
            figure.name(),
            number(figure.value()),
            figure.unit(),
            null == figure.limit() ? "" : number(figure.limit()),
            null == figure.ratio() ? "" : String.format(Locale.ROOT, "%.2f", figure.ratio()),
            null == figure.target() ? "" : figure.target() + (figure.met() ? "  met" : "  MISSED")));
        if (null != figure.limitName())
        {
            text.append("      limit: ").append(figure.limitName()).append('\n');
        }
        figure.details().forEach(
            (key, value) -> text.append("      ").append(key).append(": ").append(render(value)).append('\n'));
    }

    private static String render(final Object value)
    {
        if (value instanceof Latencies latencies)
        {
            return String.format(
                Locale.ROOT,
                "p50 %s us, p90 %s us, p99 %s us, p99.9 %s us, max %s us (%d)",
                number(latencies.p50Us()),
                number(latencies.p90Us()),
                number(latencies.p99Us()),
                number(latencies.p999Us()),
                number(latencies.maxUs()),
                latencies.count());
        }
        if (value instanceof Double number)
        {
            return number(number);
        }
        if (value instanceof List<?> list)
        {
            return String.join(", ", list.stream().map(Report::render).toList());
        }
        return String.valueOf(value);
    }

    private static String number(final double value)
    {
        if (Math.abs(value) >= 1_000)
        {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(Locale.ROOT, Math.abs(value) >= 10 ? "%.1f" : "%.3f", value);
    }
}
