package io.plimsoll.loadtest.virtual;

import java.util.Arrays;

/** Levels that change in steps, as means over intervals of equal length. What is asked of them may be made coarser. */
final class StepMeans
{
    private final double[] levels;
    private final long[] lastsNs;
    private final double[][] areas;

    /**
     * All levels are 0 at time 0.
     *
     * @param lines     levels.
     * @param intervals that there may be.
     */
    StepMeans(final int lines, final int intervals)
    {
        levels = new double[lines];
        lastsNs = new long[lines];
        areas = new double[lines][intervals];
    }

    /** Changes a level from now on; what has passed must fit into the intervals. */
    void change(final int line, final double change, final long nowNs, final long widthNs)
    {
        passTo(line, nowNs, widthNs);
        levels[line] += change;
    }

    private void passTo(final int line, final long nowNs, final long widthNs)
    {
        long atNs = lastsNs[line];
        while (atNs < nowNs)
        {
            final int interval = (int)(atNs / widthNs);
            final long endNs = Math.min(nowNs, (interval + 1L) * widthNs);
            areas[line][interval] += levels[line] * (endNs - atNs);
            atNs = endNs;
        }
        lastsNs[line] = Math.max(lastsNs[line], nowNs);
    }

    /** Makes one interval of so many. */
    void merge(final int factor)
    {
        for (final double[] area : areas)
        {
            for (int interval = 0; interval < area.length; interval++)
            {
                final double value = area[interval];
                area[interval] = 0;
                area[interval / factor] += value;
            }
        }
    }

    /** Means of a level up to now; the last interval may be shorter. */
    double[] means(final int line, final long nowNs, final long widthNs)
    {
        passTo(line, nowNs, widthNs);
        final double[] means = Arrays.copyOf(areas[line], (int)((nowNs + widthNs - 1) / widthNs));
        for (int interval = 0; interval < means.length; interval++)
        {
            means[interval] /= Math.min(nowNs, (interval + 1L) * widthNs) - interval * widthNs;
        }
        return means;
    }
}
