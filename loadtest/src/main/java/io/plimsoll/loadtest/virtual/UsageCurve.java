package io.plimsoll.loadtest.virtual;

import java.util.Arrays;

/** What is used, there, and waiting, as means over intervals of equal length that follow each other. */
public final class UsageCurve
{
    /** What is told. */
    public enum Line
    {
        /** Millicores that kernels hold. */
        CPU_USED,
        /** Bytes that kernels hold. */
        MEMORY_USED,
        /** Thousandths of devices that kernels hold. */
        DEVICES_USED,
        /** Millicores of the machines that are up. */
        CPU_THERE,
        /** Bytes of the machines that are up; 0 if they do not say. */
        MEMORY_THERE,
        /** Thousandths of devices of the machines that are up. */
        DEVICES_THERE,
        /** Sessions that wait. */
        WAITING,
        /** Sessions that run, or are about to. */
        RUNNING,
        /** Machines that are up. */
        MACHINES
    }

    private static final Line[] LINES = Line.values();

    private final long intervalNs;
    private final double[] level = new double[LINES.length];
    private double[][] areas = new double[LINES.length][64];
    private long lastNs;

    /**
     * From time 0.
     *
     * @param intervalNs length of an interval.
     */
    UsageCurve(final long intervalNs)
    {
        this.intervalNs = Math.max(1, intervalNs);
    }

    /** Takes note that time has passed with everything as it was. */
    void passTo(final long nowNs)
    {
        while (lastNs < nowNs)
        {
            final int interval = (int)(lastNs / intervalNs);
            if (interval >= areas[0].length)
            {
                for (int line = 0; line < LINES.length; line++)
                {
                    areas[line] = Arrays.copyOf(areas[line], interval * 2);
                }
            }
            final long endNs = Math.min(nowNs, (interval + 1L) * intervalNs);
            for (int line = 0; line < LINES.length; line++)
            {
                areas[line][interval] += level[line] * (endNs - lastNs);
            }
            lastNs = endNs;
        }
    }

    /** Changes a line from now on. */
    void change(final Line line, final double change)
    {
        level[line.ordinal()] += change;
    }

    /** Length of an interval; the last one may be shorter. */
    public long intervalNs()
    {
        return intervalNs;
    }

    /** Intervals that have begun. */
    public int intervals()
    {
        return (int)((lastNs + intervalNs - 1) / intervalNs);
    }

    /** Mean of a line in an interval, from 0. */
    public double mean(final Line line, final int interval)
    {
        final long fromNs = interval * intervalNs;
        return areas[line.ordinal()][interval] / (Math.min(lastNs, fromNs + intervalNs) - fromNs);
    }

    /** Integral of a line between two times that bound intervals, or the end: units times nanoseconds. */
    public double area(final Line line, final long fromNs, final long toNs)
    {
        double sum = 0;
        final int first = (int)(fromNs / intervalNs);
        for (int interval = first; interval < intervals() && interval * intervalNs < toNs; interval++)
        {
            sum += areas[line.ordinal()][interval];
        }
        return sum;
    }

    /** Up to where it is told. */
    public long endNs()
    {
        return lastNs;
    }
}
