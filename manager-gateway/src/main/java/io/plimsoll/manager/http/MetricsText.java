package io.plimsoll.manager.http;

import io.plimsoll.core.pipeline.LatencyHistogram;
import java.math.BigDecimal;

/**
 * Writes the text exposition format of Prometheus, version 0.0.4. Samples of one family have to come one after the
 * other; the first brings its description. One thread.
 */
final class MetricsText
{
    private static final int NANO = 9;
    private static final String PREFIX = "plimsoll_";

    private final StringBuilder text = new StringBuilder(16 * 1024);
    private String family = "";

    /** What it all goes to; whoever writes there directly brings whole families. */
    StringBuilder text()
    {
        return text;
    }

    void gauge(final String name, final String help, final long value)
    {
        sample(name, help, "gauge", value, 0);
    }

    /** One with a decimal point that many digits from the right. */
    void gauge(final String name, final String help, final long value, final int scale)
    {
        sample(name, help, "gauge", value, scale);
    }

    void counter(final String name, final String help, final long value)
    {
        sample(name, help, "counter", value, 0);
    }

    private void sample(
        final String name, final String help, final String type, final long value, final int scale)
    {
        describe(name, help, type);
        text.append(PREFIX).append(name).append(' ');
        append(value, scale);
    }

    private void append(final long value, final int scale)
    {
        if (0 == scale)
        {
            text.append(value).append('\n');
        }
        else
        {
            text.append(BigDecimal.valueOf(value, scale).stripTrailingZeros().toPlainString()).append('\n');
        }
    }

    void histogram(final String name, final String help, final LatencyHistogram values)
    {
        describe(name, help, "histogram");
        final int brace = name.indexOf('{');
        final String base = PREFIX + (brace < 0 ? name : name.substring(0, brace));
        final String labels = brace < 0 ? "" : name.substring(brace + 1, name.length() - 1);
        long cumulative = 0;
        for (int i = 0; i <= values.bounds(); i++)
        {
            cumulative += values.count(i);
            text.append(base).append("_bucket{").append(labels).append(labels.isEmpty() ? "" : ",").append("le=\"")
                .append(i < values.bounds() ?
                    BigDecimal.valueOf(values.boundNs(i), NANO).stripTrailingZeros().toPlainString() : "+Inf")
                .append("\"} ").append(cumulative).append('\n');
        }
        final String braced = labels.isEmpty() ? "" : '{' + labels + '}';
        text.append(base).append("_sum").append(braced).append(' ');
        append(values.totalNs(), NANO);
        text.append(base).append("_count").append(braced).append(' ').append(cumulative).append('\n');
    }

    private void describe(final String name, final String help, final String type)
    {
        final int brace = name.indexOf('{');
        final String plain = brace < 0 ? name : name.substring(0, brace);
        if (!plain.equals(family))
        {
            family = plain;
            text.append("# HELP ").append(PREFIX).append(plain).append(' ').append(help).append('\n');
            text.append("# TYPE ").append(PREFIX).append(plain).append(' ').append(type).append('\n');
        }
    }
}
