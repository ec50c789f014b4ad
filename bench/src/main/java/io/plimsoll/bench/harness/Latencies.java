package io.plimsoll.bench.harness;

import org.HdrHistogram.Histogram;

/**
 * Percentiles of a histogram of nanoseconds, in microseconds.
 *
 * @param count   of measurements.
 * @param p50Us   median.
 * @param p90Us   of ten, one is slower.
 * @param p99Us   of a hundred, one is slower.
 * @param p999Us  of a thousand, one is slower.
 * @param maxUs   slowest.
 * @param meanUs  average.
 */
public record Latencies(
    long count, double p50Us, double p90Us, double p99Us, double p999Us, double maxUs, double meanUs)
{
    private static final double NS_PER_US = 1_000.0;

    /**
     * Of a histogram.
     *
     * @param histogram of nanoseconds.
     * @return its percentiles.
     */
    public static Latencies of(final Histogram histogram)
    {
        return new Latencies(
            histogram.getTotalCount(),
            histogram.getValueAtPercentile(50) / NS_PER_US,
            histogram.getValueAtPercentile(90) / NS_PER_US,
            histogram.getValueAtPercentile(99) / NS_PER_US,
            histogram.getValueAtPercentile(99.9) / NS_PER_US,
            histogram.getMaxValue() / NS_PER_US,
            histogram.getMean() / NS_PER_US);
    }

    /** An empty histogram for nanoseconds up to minutes, three digits. */
    public static Histogram histogram()
    {
        return new Histogram(600_000_000_000L, 3);
    }
}
