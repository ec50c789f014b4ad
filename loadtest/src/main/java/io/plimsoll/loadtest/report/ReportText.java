package io.plimsoll.loadtest.report;

import io.plimsoll.manager.replay.ReplayedCluster;
import java.util.Locale;

/** How figures are spelled. */
final class ReportText
{
    private static final double NS_PER_SECOND = 1e9;
    private static final double MINUTE = 60;
    private static final double HOUR = 3_600;
    private static final double DAY = 86_400;

    private ReportText()
    {
    }

    static String time(final long epochNs)
    {
        return ReplayedCluster.time(epochNs);
    }

    static double seconds(final long ns)
    {
        return ns / NS_PER_SECOND;
    }

    /** To two figures or so: 0.25 s, 42 s, 3m20s, 4h05m, 2d03h. */
    static String duration(final Double seconds)
    {
        if (null == seconds)
        {
            return "-";
        }
        final double value = seconds;
        if (0 == value)
        {
            return "0s";
        }
        if (value < 10)
        {
            return String.format(Locale.ROOT, value < 1 ? "%.3fs" : "%.1fs", value);
        }
        if (value < MINUTE)
        {
            return Math.round(value) + "s";
        }
        final long whole = Math.round(value);
        if (value < HOUR)
        {
            return String.format(Locale.ROOT, "%dm%02ds", whole / 60, whole % 60);
        }
        if (value < DAY)
        {
            return String.format(Locale.ROOT, "%dh%02dm", whole / 3_600, whole % 3_600 / 60);
        }
        return String.format(Locale.ROOT, "%dd%02dh", whole / 86_400, whole % 86_400 / 3_600);
    }

    static String percent(final Double percent)
    {
        return null == percent ? "-" : String.format(Locale.ROOT, "%.1f %%", percent);
    }

    /** A figure in a unit, as an anomaly tells it. */
    static String figure(final double value, final String unit)
    {
        return switch (unit)
        {
            case "seconds" -> duration(value);
            case "percent" -> percent(value);
            default -> value == Math.rint(value) ? Long.toString((long)value) :
                String.format(Locale.ROOT, "%.1f", value);
        };
    }
}
