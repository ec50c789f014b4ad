package io.plimsoll.ops.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a manager shows to Prometheus, read once. Lines that are none are left out. */
final class MetricsReader
{
    private static final Pattern SAMPLE = Pattern.compile("plimsoll_([a-z0-9_]+)(?:\\{(.*)})? ([-+.0-9eE]+)");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    /** By name without prefix, then by labels in order. */
    private final Map<String, Map<Map<String, String>, Double>> families = new LinkedHashMap<>();

    MetricsReader(final String page)
    {
        page.lines().forEach(line ->
        {
            final Matcher sample = SAMPLE.matcher(line);
            if (sample.matches())
            {
                families.computeIfAbsent(sample.group(1), name -> new LinkedHashMap<>())
                    .put(labels(sample.group(2)), Double.valueOf(sample.group(3)));
            }
        });
    }

    private static Map<String, String> labels(final String text)
    {
        final Map<String, String> labels = new TreeMap<>();
        if (null != text)
        {
            final Matcher label = LABEL.matcher(text);
            while (label.find())
            {
                labels.put(label.group(1), label.group(2).replace("\\\"", "\"").replace("\\\\", "\\"));
            }
        }
        return labels;
    }

    /** Values by labels; empty if there is no such metric. */
    Map<Map<String, String>, Double> family(final String name)
    {
        return families.getOrDefault(name, Map.of());
    }

    boolean has(final String name)
    {
        return families.containsKey(name);
    }

    /** Sum over all labels; 0 if there is no such metric. */
    double sum(final String name)
    {
        return family(name).values().stream().mapToDouble(Double::doubleValue).sum();
    }

    /** How much a counter has risen since an earlier look; null: since it began to count. */
    double risen(final String name, final MetricsReader before)
    {
        final double rise = sum(name) - (null == before ? 0 : before.sum(name));
        // A manager that was started again counts anew.
        return rise < 0 ? sum(name) : rise;
    }

    /**
     * Upper bound of a part of what was measured since an earlier look, between the bounds of the histogram in
     * proportion.
     *
     * @param name   of the histogram.
     * @param labels that are to match.
     * @param part   0 to 1.
     * @param before an earlier look; null: everything counts.
     * @return in the unit of the histogram; NaN if nothing was measured.
     */
    double quantile(
        final String name, final Map<String, String> labels, final double part, final MetricsReader before)
    {
        final TreeMap<Double, Double> counts = buckets(name, labels);
        if (null != before)
        {
            before.buckets(name, labels).forEach((bound, count) -> counts.merge(bound, -count, Double::sum));
        }
        final double all = counts.isEmpty() ? 0 : counts.lastEntry().getValue();
        double lowBound = 0;
        double low = 0;
        for (final Map.Entry<Double, Double> bucket : counts.entrySet())
        {
            if (all > 0 && bucket.getValue() >= part * all)
            {
                final double inside = bucket.getValue() - low;
                return bucket.getKey().isInfinite() || 0 == inside ? lowBound :
                    lowBound + (bucket.getKey() - lowBound) * (part * all - low) / inside;
            }
            lowBound = bucket.getKey();
            low = bucket.getValue();
        }
        return Double.NaN;
    }

    private TreeMap<Double, Double> buckets(final String name, final Map<String, String> labels)
    {
        final TreeMap<Double, Double> counts = new TreeMap<>();
        family(name + "_bucket").forEach((found, count) ->
        {
            if (found.entrySet().containsAll(labels.entrySet()))
            {
                final String bound = found.get("le");
                counts.merge(
                    "+Inf".equals(bound) ? Double.POSITIVE_INFINITY : Double.parseDouble(bound), count, Double::sum);
            }
        });
        return counts;
    }
}
