package io.plimsoll.loadtest.virtual;

import java.util.List;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * What several independent runs say of a figure: its mean, and how far the true one may be from it. Student's
 * distribution, two-sided.
 *
 * @param mean      over the runs.
 * @param halfWidth the true mean is within so much of it in 95 of 100 cases; infinite for a single run.
 * @param runs      of them.
 */
public record Interval(double mean, double halfWidth, int runs)
{
    /** Cases in which it holds. */
    public static final double CONFIDENCE = 0.95;

    /** Of the values of a figure, one from each run; without any, nothing is known. */
    public static Interval of(final List<Double> values)
    {
        final int count = values.size();
        final double mean = values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
        if (count < 2)
        {
            return new Interval(mean, Double.POSITIVE_INFINITY, count);
        }
        double squares = 0;
        for (final double value : values)
        {
            squares += (value - mean) * (value - mean);
        }
        final double quantile = TDistribution.of(count - 1).inverseCumulativeProbability((1 + CONFIDENCE) / 2);
        return new Interval(mean, quantile * Math.sqrt(squares / (count - 1) / count), count);
    }

    public double low()
    {
        return mean - halfWidth;
    }

    public double high()
    {
        return mean + halfWidth;
    }

    /** Whether a value is within it. */
    public boolean contains(final double value)
    {
        return value >= low() && value <= high();
    }
}
