package io.plimsoll.loadtest.live;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * Of a histogram of nanoseconds, in microseconds.
 *
 * @param count      of values.
 * @param p50Micros  of two, one is slower.
 * @param p90Micros  of ten, one is slower.
 * @param p99Micros  of a hundred, one is slower.
 * @param p999Micros of a thousand, one is slower.
 * @param maxMicros  slowest.
 * @param bins       all of them: each as slow as half as many microseconds again as the one before.
 */
public record Percentiles(
    long count,
    double p50Micros,
    double p90Micros,
    double p99Micros,
    double p999Micros,
    double maxMicros,
    List<Bin> bins)
{
    private static final double MICRO_NS = 1e3;
    private static final long FIRST_BIN_NS = 10_000;
    private static final double NEXT_BIN = 1.5;

    /**
     * Values above those of the bin before.
     *
     * @param toMicros and up to this.
     * @param count    of them.
     */
    public record Bin(double toMicros, long count)
    {
    }

    static Percentiles of(final Histogram histogram)
    {
        return new Percentiles(
            histogram.getTotalCount(),
            histogram.getValueAtPercentile(50) / MICRO_NS,
            histogram.getValueAtPercentile(90) / MICRO_NS,
            histogram.getValueAtPercentile(99) / MICRO_NS,
            histogram.getValueAtPercentile(99.9) / MICRO_NS,
            histogram.getMaxValue() / MICRO_NS,
            bins(histogram));
    }

    private static List<Bin> bins(final Histogram histogram)
    {
        final List<Bin> bins = new ArrayList<>();
        for (final HistogramIterationValue value : histogram.logarithmicBucketValues(FIRST_BIN_NS, NEXT_BIN))
        {
            final long count = value.getCountAddedInThisIterationStep();
            if (count > 0 || !bins.isEmpty())
            {
                bins.add(new Bin((value.getValueIteratedTo() + 1) / MICRO_NS, count));
            }
        }
        return List.copyOf(bins);
    }
}
