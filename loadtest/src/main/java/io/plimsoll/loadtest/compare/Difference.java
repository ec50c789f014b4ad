package io.plimsoll.loadtest.compare;

import java.util.Locale;

/**
 * One figure of two sides.
 *
 * @param figure        name of it.
 * @param first         mean of the first side.
 * @param second        mean of the second.
 * @param plusMinus     the true difference is within so much of that of the means in 95 of 100 cases; infinite if there
 *                      is nothing to tell it from.
 * @param p             chance of a difference at least as large if there is none; NaN if there is nothing to tell it
 *                      from.
 * @param adjusted      the same, corrected for how many figures were looked at (Holm 1979).
 */
public record Difference(
    String figure, double first, double second, double plusMinus, double p, double adjusted)
{
    /** Chance with which one figure or more is marked although nothing differs. */
    public static final double LEVEL = 0.05;

    /** Second side less the first. */
    public double change()
    {
        return second - first;
    }

    /** As a part of the first side; NaN if that is 0. */
    public double relative()
    {
        return 0 == first ? Double.NaN : change() / Math.abs(first);
    }

    /** Whether chance alone would hardly have it so. */
    public boolean isSignificant()
    {
        return adjusted < LEVEL;
    }

    /** Whether the sides differ at all. */
    public boolean isAny()
    {
        return 0 != change() && Double.isFinite(change());
    }

    /** What people would call it. */
    public enum Verdict
    {
        BETTER, WORSE, DIFFERENT
    }

    /** What people would call it if it is no chance: less waiting is better, more work done is too. */
    public Verdict verdict()
    {
        final String name = figure.toLowerCase(Locale.ROOT);
        // Of benchmarks the unit says it.
        final boolean isMoreBetter =
            name.matches(".*(persecond|persec|throughput|use|carries|headroom|ratio|/s\\))$");
        final boolean isLessBetter = name.matches(
            ".*(wait|slowdown|unstarted|refused|failed|lost|doubled|micros|millis|nanos|latency|cpuseconds|memory|" +
                "cost|attempts|errors|\\((us|ms|ns|s|b|bytes|.*per .*)\\)$).*");
        if (!isMoreBetter && !isLessBetter)
        {
            return Verdict.DIFFERENT;
        }
        return change() > 0 == isMoreBetter ? Verdict.BETTER : Verdict.WORSE;
    }

    Difference adjustedTo(final double value)
    {
        return new Difference(figure, first, second, plusMinus, p, value);
    }
}
