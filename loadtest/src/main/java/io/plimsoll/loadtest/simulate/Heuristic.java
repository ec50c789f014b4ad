package io.plimsoll.loadtest.simulate;

import io.plimsoll.loadtest.swf.SwfJob;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** Published orders of a queue of jobs, by a formula; the smallest value goes first. */
public enum Heuristic
{
    /** First come, first served. */
    FCFS(SwfJob::submitSeconds),
    /** Of Tang et al.: who waited long for its size. */
    WFP3(job -> -StrictMath.pow((double)waited(job) / job.requestedSeconds(), 3) * job.processors()),
    /** Of Tang et al.: who waited long, is short and narrow. */
    UNICEP(job -> -(waited(job) + 1e-15) / (log2(job.processors() + 1e-15) * job.requestedSeconds())),
    /** Shortest job first; among equals the first. */
    SJF(SwfJob::requestedSeconds),
    /** Of Carastan-Santos and de Camargo, found by regression. */
    F1(job ->
        StrictMath.log10(job.requestedSeconds()) * job.processors() + 870 * StrictMath.log10(job.submitSeconds()));

    private final Comparator<SwfJob> order;

    Heuristic(final ToDoubleFunction<SwfJob> key)
    {
        order = Comparator.comparingDouble(key);
    }

    /** All by the names under which they are asked for. */
    public static Map<String, Heuristic> byName()
    {
        final Map<String, Heuristic> names = new TreeMap<>();
        for (final Heuristic heuristic : values())
        {
            names.put(heuristic.name().toLowerCase(Locale.ROOT), heuristic);
        }
        return names;
    }

    /** The order; those that it takes for equal stay as they stand. */
    public Comparator<SwfJob> order()
    {
        return this == SJF ? order.thenComparingLong(SwfJob::submitSeconds) : order;
    }

    // The published programs score with a start time of -1, so that the wait is no wait; their table shows it.
    private static long waited(final SwfJob job)
    {
        return -1 - job.submitSeconds();
    }

    private static double log2(final double value)
    {
        return StrictMath.log(value) / StrictMath.log(2);
    }
}
