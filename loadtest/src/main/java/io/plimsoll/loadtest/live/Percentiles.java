package io.plimsoll.loadtest.live;

import org.HdrHistogram.Histogram;

/**
 * Of a histogram of nanoseconds, in microseconds.
 *
 * @param count      of values.
 * @param p50Micros  of two, one is slower.
 * @param p90Micros  of ten, one is slower.
 * @param p99Micros  of a hundred, one is slower.
 * @param p999Micros of a thousand, one is slower.
 * @param maxMicros  slowest.
 */
public record Percentiles(
    long count, double p50Micros, double p90Micros, double p99Micros, double p999Micros, double maxMicros)
{
    private static final double MICRO_NS = 1e3;

    static Percentiles of(final Histogram histogram)
    {
        return new Percentiles(
            histogram.getTotalCount(),
            histogram.getValueAtPercentile(50) / MICRO_NS,
            histogram.getValueAtPercentile(90) / MICRO_NS,
            histogram.getValueAtPercentile(99) / MICRO_NS,
            histogram.getValueAtPercentile(99.9) / MICRO_NS,
            histogram.getMaxValue() / MICRO_NS);
    }
}
