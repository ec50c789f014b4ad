package io.plimsoll.loadtest.jobs;

import io.plimsoll.loadtest.jobs.WorkloadSummary.Bin;
import io.plimsoll.loadtest.jobs.WorkloadSummary.Figures;
import io.plimsoll.loadtest.jobs.WorkloadSummary.Series;
import io.plimsoll.loadtest.jobs.WorkloadSummary.Share;
import io.plimsoll.loadtest.simulate.TextRows;
import io.plimsoll.transport.Amounts;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A summary for people: one or two screens, with plots of one line. Stateless. */
public final class SummaryText
{
    private static final String BARS = " ▁▂▃▄▅▆▇█";
    private static final int WIDTH = 72;
    private static final int SHARES_SHOWN = 10;
    private static final double SECOND_NS = 1e9;
    private static final double MINUTE = 60;
    private static final double LONG = 9e9;

    private SummaryText()
    {
    }

    /** The lines. */
    public static List<String> lines(final WorkloadSummary summary)
    {
        final List<String> lines = new ArrayList<>();
        head(summary, lines);
        if (0 == summary.jobs())
        {
            return lines;
        }
        arrivals(summary, lines);
        lines.add("");
        lines.addAll(figures(summary));
        ends(summary, lines);
        lines.add("");
        lines.add("at once, if nothing had to wait, each " + duration(summary.demand().bucketSeconds()) + ":");
        for (final Series series : summary.demand().series())
        {
            lines.add(plotted(series.slot(), series.values()) + "  mean " + amount(series.mean(), series.unit()) +
                ", peak " + amount(series.peak(), series.unit()));
        }
        for (final Map.Entry<String, List<Share>> tenants : summary.tenants().entrySet())
        {
            shares(tenants.getKey(), tenants.getValue(), lines);
        }
        shares("asked for", summary.shapes(), lines);
        return lines;
    }

    private static void head(final WorkloadSummary summary, final List<String> lines)
    {
        lines.add(summary.name() + ": " + grouped(summary.jobs()) + " jobs" +
            (summary.sessions() == summary.jobs() ? "" : " of " + grouped(summary.sessions()) + " sessions") +
            (null == summary.origin() ? "" : " from " + summary.origin()) +
            (0 == summary.spanSeconds() ? "" : " over " + duration(summary.spanSeconds()) + ", " +
            number(summary.jobsPerHour()) + " an hour"));
        summary.skipped().forEach(skipped -> lines.add(
            "skipped: " + grouped(skipped.count()) + ", " + skipped.why() + ", the first in " + skipped.first()));
        summary.notes().forEach(note -> lines.add("note: " + note));
    }

    private static void arrivals(final WorkloadSummary summary, final List<String> lines)
    {
        final WorkloadSummary.Arrivals arrivals = summary.arrivals();
        final boolean dated = null != summary.origin();
        lines.add("");
        lines.add(plotted("arrivals", arrivals.overTime().stream().map(Long::doubleValue).toList()) +
            "  each " + duration(arrivals.bucketSeconds()));
        lines.add(plotted("by hour", arrivals.byHour().stream().map(Long::doubleValue).toList()) +
            (dated ? "  0 to 23, UTC" : "  from the first arrival"));
        lines.add(plotted("by weekday", arrivals.byWeekday().stream().map(Long::doubleValue).toList()) +
            (dated ? "  Monday to Sunday" : "  from the first arrival"));
        if (null != arrivals.gaps())
        {
            lines.add("gaps vary by " + number(arrivals.gapVariation()) + " of their mean (Poisson: 1); " +
                number(arrivals.atOnce() * 100) + " % of arrivals are at the time of the one before");
        }
    }

    private static List<String> figures(final WorkloadSummary summary)
    {
        final List<String[]> rows = new ArrayList<>();
        rows.add(new String[]{"", "sessions", "mean", "p50", "p90", "p99", "max", ""});
        row("duration", summary.durations(), "seconds", rows);
        summary.sizes().forEach(size -> row(size.slot(), size.figures(), size.unit(), rows));
        row("kernels", summary.kernels(), "units", rows);
        row("limit", summary.limits().seconds(), "seconds", rows);
        row("run/limit", summary.limits().accuracy(), "units", rows);
        return TextRows.align(rows);
    }

    private static void row(
        final String name, final Figures figures, final String unit, final List<String[]> rows)
    {
        if (null != figures)
        {
            rows.add(new String[]
            {
                name, grouped(figures.count()), amount(figures.mean(), unit), amount(figures.p50(), unit),
                amount(figures.p90(), unit), amount(figures.p99(), unit), amount(figures.max(), unit),
                bars(figures.histogram().stream().map(Bin::count).map(Long::doubleValue).toList())
            });
        }
    }

    private static void ends(final WorkloadSummary summary, final List<String> lines)
    {
        final WorkloadSummary.Ends ends = summary.ends();
        final List<String> words = new ArrayList<>();
        word(ends.failed(), "sessions fail", words);
        word(ends.forever(), "run without end", words);
        word(ends.unknown(), "have no duration that is known", words);
        word(ends.gangs(), "have several kernels", words);
        word(ends.arrays(), "jobs are arrays", words);
        word(ends.after(), "jobs wait for others", words);
        if (!words.isEmpty())
        {
            lines.add(String.join(", ", words));
        }
    }

    private static void word(final long count, final String text, final List<String> words)
    {
        if (count > 0)
        {
            words.add(grouped(count) + " " + text);
        }
    }

    private static void shares(final String kind, final List<Share> shares, final List<String> lines)
    {
        if (shares.isEmpty())
        {
            return;
        }
        final List<String[]> rows = new ArrayList<>();
        rows.add(new String[]{kind, "jobs", "cpu hours", "gpu hours", "p50 duration"});
        for (final Share share : shares.subList(0, Math.min(SHARES_SHOWN, shares.size())))
        {
            rows.add(new String[]
            {
                share.name(), grouped(share.jobs()), grouped((long)share.cpuHours()), grouped((long)share.gpuHours()),
                null == share.p50Seconds() ? "-" : duration(share.p50Seconds())
            });
        }
        lines.add("");
        lines.addAll(TextRows.align(rows));
    }

    /* Words. */

    private static String plotted(final String name, final List<Double> values)
    {
        return String.format(Locale.ROOT, "%-10s ", name) + bars(values);
    }

    /** Heights from 0 to the highest; of more values than there is room for the mean of some. */
    static String bars(final List<Double> values)
    {
        final int count = Math.min(WIDTH, values.size());
        final double[] means = new double[count];
        double top = 0;
        for (int i = 0; i < count; i++)
        {
            final int from = (int)((long)i * values.size() / count);
            final int to = (int)((long)(i + 1) * values.size() / count);
            means[i] = values.subList(from, to).stream().mapToDouble(Double::doubleValue).average().orElse(0);
            top = Math.max(top, means[i]);
        }
        final StringBuilder bars = new StringBuilder();
        for (final double mean : means)
        {
            // Something is never shown as nothing.
            bars.append(BARS.charAt(0 == mean ? 0 : (int)Math.max(1, Math.rint(mean / top * (BARS.length() - 1)))));
        }
        return bars.toString();
    }

    static String amount(final double value, final String unit)
    {
        return switch (unit)
        {
            case "seconds" -> duration(value);
            case "bytes" -> Amounts.humanBytes((long)value);
            default -> number(value);
        };
    }

    static String duration(final double seconds)
    {
        if (seconds > LONG)
        {
            return "for ever";
        }
        return seconds < MINUTE ? number(seconds) + "s" :
            Amounts.formatDuration((long)Math.rint(seconds) * (long)SECOND_NS);
    }

    static String number(final double value)
    {
        return new BigDecimal(value).round(new MathContext(value >= 1000 ? 6 : 3, RoundingMode.HALF_UP))
            .setScale(value >= 100 ? 0 : 3, RoundingMode.HALF_UP).stripTrailingZeros().toPlainString();
    }

    private static String grouped(final long value)
    {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
