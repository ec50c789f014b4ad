package io.plimsoll.loadtest.plan;

import java.util.List;

/**
 * The largest load.
 *
 * @param found   with which all objectives hold; null: with none.
 * @param tooMuch with which they do not; null if none was that much.
 * @param trials  all that was tried, in order.
 */
public record LoadPlan(Trial found, Trial tooMuch, List<Trial> trials)
{
    private static final double MONTHS_PER_YEAR = 12;

    /**
     * Months until growth uses the load up.
     *
     * @param monthly part by which the load grows each month, above 0.
     * @return months from now; 0 or less if it is used up already.
     */
    public double months(final double monthly)
    {
        return null == found ? 0 : Math.log(found.load()) / Math.log1p(monthly);
    }

    /** The same in years. */
    public double years(final double monthly)
    {
        return months(monthly) / MONTHS_PER_YEAR;
    }
}
