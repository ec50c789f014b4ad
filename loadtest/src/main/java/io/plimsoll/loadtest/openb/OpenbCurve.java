package io.plimsoll.loadtest.openb;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/**
 * The course of a run by arrived demand. A row stands for all arrivals after which the demand, rounded to whole percent
 * of all GPUs, was that number, half to even; if there were none, for those a percent before and after.
 */
public final class OpenbCurve
{
    private static final double HUNDRED = 100;

    private final double deviceMilli;
    private final double devices;
    private final TreeMap<Integer, Sums> sums = new TreeMap<>();

    /**
     * Of a cluster.
     *
     * @param devices number of all GPUs.
     */
    public OpenbCurve(final int devices)
    {
        this.devices = devices;
        deviceMilli = (double)devices * OpenbPod.WHOLE;
    }

    /**
     * State after an arrival.
     *
     * @param arrivedMilli GPU thousandths asked for so far, by those that were dropped too.
     * @param usedMilli    GPU thousandths in use.
     * @param fragMilli    fragmentation of all machines.
     */
    public void add(final long arrivedMilli, final long usedMilli, final double fragMilli)
    {
        final int percent = (int)StrictMath.rint(HUNDRED * arrivedMilli / deviceMilli);
        final Sums at = sums.computeIfAbsent(percent, key -> new Sums());
        at.alloc += StrictMath.rint(HUNDRED * HUNDRED * usedMilli / deviceMilli) / HUNDRED;
        at.frag += fragMilli;
        at.count++;
    }

    /** Rows from 0 to the last percent. */
    public List<Row> rows()
    {
        final List<Row> rows = new ArrayList<>();
        for (int percent = 0; !sums.isEmpty() && percent <= sums.lastKey(); percent++)
        {
            final Sums at = around(percent);
            if (at.count > 0)
            {
                final double frag = HUNDRED * (at.frag / at.count) / OpenbPod.WHOLE / devices;
                rows.add(new Row(percent, round(at.alloc / at.count), round(frag)));
            }
        }
        return rows;
    }

    private Sums around(final int percent)
    {
        if (sums.containsKey(percent))
        {
            return sums.get(percent);
        }
        final Sums both = new Sums();
        for (final int near : new int[]{percent - 1, percent + 1})
        {
            final Sums at = sums.get(near);
            if (null != at)
            {
                both.alloc += at.alloc;
                both.frag += at.frag;
                both.count += at.count;
            }
        }
        return both;
    }

    private static double round(final double value)
    {
        return StrictMath.rint(value * HUNDRED) / HUNDRED;
    }

    /** The file: a header, then a row a percent. */
    public List<String> csv()
    {
        final List<String> lines = new ArrayList<>();
        lines.add("arrived,alloc,frag");
        for (final Row row : rows())
        {
            lines.add(String.format(Locale.ROOT, "%d,%.2f,%.2f", row.arrived(), row.alloc(), row.frag()));
        }
        return lines;
    }

    /**
     * A row; all in percent of all GPUs.
     *
     * @param arrived whole percent.
     * @param alloc   in use.
     * @param frag    idle and of no use to typical pods.
     */
    public record Row(int arrived, double alloc, double frag)
    {
    }

    private static final class Sums
    {
        private double alloc;
        private double frag;
        private int count;
    }
}
