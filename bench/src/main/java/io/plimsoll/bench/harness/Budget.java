package io.plimsoll.bench.harness;

import java.util.concurrent.TimeUnit;

/**
 * How long measurements may take; immutable.
 *
 * @param runs      of each measurement, odd.
 * @param warmUpNs  before the first run of each.
 * @param measureNs of each run.
 */
public record Budget(int runs, long warmUpNs, long measureNs)
{
    /** Property that multiplies the time of each run, for figures that are meant to be published. */
    public static final String SCALE_PROPERTY = "plimsoll.bench.scale";

    /** One or two minutes for a whole command, times {@link #SCALE_PROPERTY}. */
    public static Budget standard()
    {
        final double scale = Double.parseDouble(System.getProperty(SCALE_PROPERTY, "1"));
        final double secondNs = TimeUnit.SECONDS.toNanos(1) * scale;
        return new Budget(3, 2 * (long)secondNs, (long)secondNs);
    }

    /** A glance: fewer and smaller measurements, for a first impression. */
    public static Budget quick()
    {
        return new Budget(1, TimeUnit.MILLISECONDS.toNanos(500), TimeUnit.MILLISECONDS.toNanos(500));
    }

    /** Just enough to see that the harness works. */
    public static Budget smoke()
    {
        return new Budget(1, TimeUnit.MILLISECONDS.toNanos(50), TimeUnit.MILLISECONDS.toNanos(100));
    }

    /** Whether only the most telling measurements are made. */
    public boolean isQuick()
    {
        return measureNs < TimeUnit.SECONDS.toNanos(1) && 1 == runs;
    }

    /** Whether this is too short to mean anything; sizes shrink with it. */
    public boolean isSmoke()
    {
        return measureNs < TimeUnit.MILLISECONDS.toNanos(200);
    }
}
