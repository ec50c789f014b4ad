package io.plimsoll.manager.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hawkular.agent.prometheus.text.TextPrometheusMetricsProcessor;
import org.hawkular.agent.prometheus.types.Histogram;
import org.hawkular.agent.prometheus.types.Metric;
import org.hawkular.agent.prometheus.types.MetricFamily;
import org.hawkular.agent.prometheus.types.MetricType;
import org.hawkular.agent.prometheus.walkers.CollectorPrometheusMetricsWalker;

/** Reads a page of metrics as Prometheus would, and complains of what {@code promtool check metrics} complains of. */
final class MetricsLint
{
    private static final Pattern SAMPLE = Pattern.compile(
        "([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{.*})? ([-+]?(?:[0-9.]+(?:[eE][-+]?[0-9]+)?|Inf)|NaN)");
    private static final Pattern LABELS = Pattern.compile(
        "\\{([a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\]|\\\\[\\\\\"n])*\",?)+}");
    /** Names are for good: these are older than the rule. */
    private static final Pattern OLD = Pattern.compile("plimsoll_pipeline_.+|plimsoll_snapshot_pause_ns");

    private MetricsLint()
    {
    }

    /** Families by name. */
    static Map<String, MetricFamily> check(final String text)
    {
        assertTrue(text.endsWith("\n"), "no end of line at the end");
        final Map<String, String> types = new TreeMap<>();
        checkLines(text, types);
        final CollectorPrometheusMetricsWalker walker = new CollectorPrometheusMetricsWalker();
        new TextPrometheusMetricsProcessor(
            new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), walker).walk();
        final Map<String, MetricFamily> families = new TreeMap<>();
        for (final MetricFamily family : walker.getAllMetricFamilies())
        {
            assertEquals(null, families.put(family.getName(), family), "twice: " + family.getName());
            checkFamily(family);
        }
        assertEquals(types.keySet(), families.keySet());
        return families;
    }

    private static void checkLines(final String text, final Map<String, String> types)
    {
        final Set<String> series = new HashSet<>();
        String family = "";
        String helped = "";
        for (final String line : text.split("\n"))
        {
            final String[] words = line.split(" ", 4);
            if (line.startsWith("# HELP "))
            {
                assertFalse(words[3].isBlank(), line);
                helped = words[2];
            }
            else if (line.startsWith("# TYPE "))
            {
                assertEquals(helped, words[2], "a type without help: " + line);
                family = words[2];
                assertEquals(null, types.put(family, words[3]), "twice: " + line);
            }
            else
            {
                final Matcher sample = SAMPLE.matcher(line);
                assertTrue(sample.matches(), line);
                assertTrue(null == sample.group(2) || LABELS.matcher(sample.group(2)).matches(), line);
                assertTrue(isOf(family, types.get(family), sample.group(1)), line + " stands below " + family);
                assertTrue(series.add(line.substring(0, line.lastIndexOf(' '))), "twice: " + line);
            }
        }
    }

    private static boolean isOf(final String family, final String type, final String name)
    {
        final String rest = name.startsWith(family) ? name.substring(family.length()) : null;
        return "".equals(rest) || "histogram".equals(type) && List.of("_bucket", "_sum", "_count").contains(rest) ||
            "summary".equals(type) && List.of("_sum", "_count").contains(rest);
    }

    private static void checkFamily(final MetricFamily family)
    {
        final String name = family.getName();
        assertTrue(name.matches("(plimsoll|jvm|process)_[a-z0-9_]+"), name);
        if (OLD.matcher(name).matches())
        {
            return;
        }
        assertEquals(MetricType.COUNTER == family.getType(), name.endsWith("_total"), name + " " + family.getType());
        assertFalse(name.matches(".*_(ms|us|ns|millis|nanos|minutes|hours|kb|mb|kilobytes|megabytes)(_.*)?"), name);
        if (MetricType.HISTOGRAM == family.getType())
        {
            assertTrue(name.endsWith("_seconds") || name.endsWith("_bytes"), name);
            family.getMetrics().forEach(MetricsLint::checkHistogram);
        }
    }

    private static void checkHistogram(final Metric metric)
    {
        final Histogram histogram = (Histogram)metric;
        double bound = Double.NEGATIVE_INFINITY;
        long count = 0;
        for (final Histogram.Bucket bucket : histogram.getBuckets())
        {
            assertTrue(bucket.getUpperBound() > bound, metric.getName());
            assertTrue(bucket.getCumulativeCount() >= count, metric.getName());
            bound = bucket.getUpperBound();
            count = bucket.getCumulativeCount();
        }
        assertEquals(Double.POSITIVE_INFINITY, bound, metric.getName());
        assertEquals(histogram.getSampleCount(), count, metric.getName());
    }
}
