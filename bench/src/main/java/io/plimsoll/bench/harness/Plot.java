package io.plimsoll.bench.harness;

import java.util.List;

/**
 * Curves over one pair of logarithmic axes.
 *
 * @param title  above it.
 * @param xLabel below it.
 * @param yLabel beside it.
 * @param curves in the order of the legend.
 */
public record Plot(String title, String xLabel, String yLabel, List<Curve> curves)
{
    /**
     * A curve.
     *
     * @param name   in the legend.
     * @param points from left to right; at least one.
     * @param dashed for what is there to compare with.
     */
    public record Curve(String name, List<Point> points, boolean dashed)
    {
    }

    /**
     * A point of a curve.
     *
     * @param x above 0.
     * @param y above 0.
     */
    public record Point(double x, double y)
    {
    }
}
