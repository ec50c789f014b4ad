package io.plimsoll.loadtest.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Finds buckets of the range in which a figure is far from what it was before: further from the median of the baseline
 * than {@value #THRESHOLD} times its spread, 1.4826 times the median of the distances from the median (of normal
 * values the standard deviation). A spread is never taken to be less than a twentieth of the median, nor less than a
 * floor of the series, so that a figure that used to stand still may move a little. Buckets that follow each other
 * count once, with the furthest figure. The last bucket is judged only if it is whole, or holds no count.
 */
final class AnomalySearch
{
    static final double THRESHOLD = 5;
    /** Fewer buckets with a value before the range, and nothing is said. */
    static final int BUCKETS_NEEDED = 8;
    static final int FOUND_MAX = 30;
    /** Times in which one series was far off that are told. */
    static final int SERIES_FOUND_MAX = 2;

    private static final double TO_DEVIATION = 1.4826;
    private static final double OF_MEDIAN = 0.05;

    private final ReportRange range;
    private final List<Report.Anomaly> found = new ArrayList<>();
    private int judged;

    AnomalySearch(final ReportRange range)
    {
        this.range = range;
    }

    /** In which direction a figure is worth a word. */
    enum Direction
    {
        UP, DOWN, BOTH
    }

    /** A series: what it says, of whom, in which unit, and below which spread it is not taken to vary. */
    record Series(String name, String subject, String unit, double floor, Direction direction, boolean isCount)
    {
    }

    void judge(final Series series, final long[] values)
    {
        judge(series, Arrays.stream(values).mapToObj(value -> (double)value).toArray(Double[]::new));
    }

    void judge(final Series series, final Double[] values)
    {
        final double[] before = Arrays.stream(values, 0, range.baselineBuckets())
            .filter(Objects::nonNull).mapToDouble(Double::doubleValue).sorted().toArray();
        if (before.length < BUCKETS_NEEDED)
        {
            return;
        }
        judged++;
        final double median = median(before);
        final double[] distances = Arrays.stream(before).map(value -> Math.abs(value - median)).sorted().toArray();
        final double spread =
            Math.max(Math.max(TO_DEVIATION * median(distances), OF_MEDIAN * Math.abs(median)), series.floor());
        int first = -1;
        int furthest = -1;
        for (int bucket = range.baselineBuckets(); bucket <= range.buckets(); bucket++)
        {
            final boolean isFar = bucket < range.buckets() && isFar(series, values[bucket], bucket, median, spread);
            if (isFar)
            {
                first = first < 0 ? bucket : first;
                furthest = furthest < 0 || distance(values[bucket], median) > distance(values[furthest], median) ?
                    bucket : furthest;
            }
            else if (first >= 0)
            {
                add(series, first, bucket, values[furthest], median, spread);
                first = -1;
                furthest = -1;
            }
        }
    }

    private static double distance(final Double value, final double median)
    {
        return Math.abs(value - median);
    }

    private boolean isFar(
        final Series series, final Double value, final int bucket, final double median, final double spread)
    {
        if (null == value || series.isCount() && !range.isWhole(bucket))
        {
            return false;
        }
        final double score = (value - median) / spread;
        return Direction.DOWN != series.direction() && score >= THRESHOLD ||
            Direction.UP != series.direction() && score <= -THRESHOLD;
    }

    private void add(
        final Series series,
        final int first,
        final int end,
        final double value,
        final double median,
        final double spread)
    {
        found.add(new Report.Anomaly(
            series.name(),
            series.subject(),
            series.unit(),
            ReportText.time(range.bucketStartNs(first)),
            ReportText.time(range.bucketEndNs(end - 1)),
            value,
            median,
            Math.max(0, median - THRESHOLD * spread),
            median + THRESHOLD * spread,
            (value - median) / spread));
    }

    private static double median(final double[] sorted)
    {
        final int middle = sorted.length / 2;
        return 1 == sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** The furthest first, of each series not more than a few. */
    Report.Anomalies result()
    {
        found.sort(Comparator.comparingDouble((Report.Anomaly anomaly) -> -Math.abs(anomaly.score())));
        final Map<String, Integer> told = new HashMap<>();
        final List<Report.Anomaly> some = found.stream()
            .filter(each -> told.merge(each.series() + " of " + each.subject(), 1, Integer::sum) <= SERIES_FOUND_MAX)
            .limit(FOUND_MAX)
            .toList();
        return new Report.Anomalies(THRESHOLD, BUCKETS_NEEDED, judged, found.size() - some.size(), some);
    }
}
