package io.plimsoll.ops.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * Who waits for what, how fast things go and how long they take, from what a manager shows to Prometheus: since the
 * look before, or since the manager started.
 */
final class TopFigures
{
    private static final List<String> REASONS = List.of("room", "limit", "dependency", "time", "policy");
    private static final double MEDIAN = 0.5;
    private static final double HIGH = 0.99;

    private final MetricsReader now;
    /** Null: there was none. */
    private final MetricsReader before;
    private final double seconds;

    /**
     * As of now.
     *
     * @param now     what the manager shows.
     * @param before  what it showed earlier; null: nobody looked.
     * @param seconds between the two.
     */
    TopFigures(final MetricsReader now, final MetricsReader before, final double seconds)
    {
        this.now = now;
        this.before = before;
        this.seconds = seconds;
    }

    /** Of each group that anybody waits or has waited in. */
    List<Object> queues()
    {
        final TreeSet<String> groups = new TreeSet<>();
        now.family("queue_sessions").keySet().forEach(labels -> groups.add(labels.get("group")));
        now.family("submit_to_assigned_seconds_count").keySet().forEach(labels -> groups.add(labels.get("group")));
        final List<Object> rows = new ArrayList<>();
        for (final String group : groups)
        {
            final Map<String, String> of = Map.of("group", group);
            final Map<String, Object> row = new LinkedHashMap<>();
            row.put("group", group);
            for (final String reason : REASONS)
            {
                row.put(reason, now.family("queue_sessions")
                    .getOrDefault(Map.of("group", group, "reason", reason), 0.0).longValue());
            }
            row.put("oldestWaitSeconds", now.family("queue_oldest_wait_seconds").get(of));
            row.put("assignSecondsP50", quantile("submit_to_assigned_seconds", of, MEDIAN));
            row.put("assignSecondsP99", quantile("submit_to_assigned_seconds", of, HIGH));
            row.put("startSecondsP50", quantile("assigned_to_running_seconds", of, MEDIAN));
            row.put("startSecondsP99", quantile("assigned_to_running_seconds", of, HIGH));
            rows.add(row);
        }
        return rows;
    }

    /** Of the manager as a whole; empty if it shows nothing. */
    Map<String, Object> manager()
    {
        final Map<String, Object> figures = new LinkedHashMap<>();
        if (!now.has("ring_size"))
        {
            return figures;
        }
        figures.put("ringOccupancy", (long)now.sum("ring_occupancy"));
        figures.put("ringSize", (long)now.sum("ring_size"));
        figures.put("coreBatchSecondsP99", quantile("core_batch_seconds", Map.of(), HIGH));
        figures.put("commitSecondsP99", quantile("journal_commit_seconds", Map.of(), HIGH));
        figures.put("requestSecondsP99", quantile("http_request_duration_seconds", Map.of(), HIGH));
        figures.put("journalBytes", (long)now.sum("journal_bytes"));
        if (null != before && seconds > 0)
        {
            figures.put("submittedPerSecond", rate("sessions_submitted_total"));
            figures.put("placedPerSecond", rate("kernels_assigned_total"));
            figures.put("endedPerSecond", rate("sessions_ended_total"));
            figures.put("refusedPerSecond", rate("commands_refused_total") + rate("submissions_overloaded_total"));
            figures.put("requestsPerSecond", rate("http_requests_total"));
        }
        return figures;
    }

    private double rate(final String name)
    {
        return now.risen(name, before) / seconds;
    }

    /** Null if nothing was measured: neither a number nor none is JSON. */
    private Double quantile(final String name, final Map<String, String> labels, final double part)
    {
        final double since = now.quantile(name, labels, part, before);
        // In a quiet moment what was measured before says more than nothing.
        final double value = Double.isNaN(since) ? now.quantile(name, labels, part, null) : since;
        return Double.isNaN(value) ? null : value;
    }

    /** What {@link #manager()} says, in a line. */
    static String line(final JsonValue manager)
    {
        final List<String> parts = new ArrayList<>();
        for (final String[] rate : new String[][]
        {
            {"submittedPerSecond", "submitted"}, {"placedPerSecond", "placed"}, {"endedPerSecond", "ended"},
            {"refusedPerSecond", "refused"}, {"requestsPerSecond", "requests"}
        })
        {
            if (!manager.text(rate[0]).isEmpty())
            {
                parts.add(rate[1] + " " + String.format(Locale.ROOT, "%.1f/s", Double.valueOf(manager.text(rate[0]))));
            }
        }
        parts.add("p99 of a batch " + seconds(manager.text("coreBatchSecondsP99")));
        parts.add("of a commit " + seconds(manager.text("commitSecondsP99")));
        parts.add("of a request " + seconds(manager.text("requestSecondsP99")));
        parts.add("ring " + manager.text("ringOccupancy") + "/" + manager.text("ringSize"));
        return String.join(", ", parts);
    }

    /** A time as people read it; "-" if there is none. */
    static String seconds(final String text)
    {
        if (text.isEmpty())
        {
            return "-";
        }
        final double seconds = Double.parseDouble(text);
        if (seconds < 0.001)
        {
            return String.format(Locale.ROOT, "%.0fus", seconds * 1e6);
        }
        return seconds < 1 ? String.format(Locale.ROOT, "%.1fms", seconds * 1e3) :
            Sessions.duration((long)(seconds * 1e3));
    }
}
