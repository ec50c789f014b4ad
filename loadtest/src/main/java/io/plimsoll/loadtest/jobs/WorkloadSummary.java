package io.plimsoll.loadtest.jobs;

import java.util.List;
import java.util.Map;

/**
 * What is in a workload, in figures, as JSON and as the page have them. Times are seconds.
 *
 * @param name         of it.
 * @param origin       ISO time of the first arrival; null: not known.
 * @param jobs         arrays count once.
 * @param sessions     elements of arrays count each.
 * @param spanSeconds  to the last arrival.
 * @param jobsPerHour  mean rate.
 * @param skipped      what of the source is no job.
 * @param notes        how jobs were made of the source.
 * @param arrivals     when.
 * @param sizes        what is asked for, by slot.
 * @param kernels      how many a session has, over all sessions.
 * @param durations    how long sessions run; null if none has an end that is known.
 * @param limits       what jobs say of it.
 * @param ends         how many end, and how.
 * @param demand       what would be in use at once if nothing had to wait.
 * @param tenants      who asks, by user, project and group; the most active first.
 * @param shapes       what is asked for most often.
 */
public record WorkloadSummary(
    String name,
    String origin,
    long jobs,
    long sessions,
    double spanSeconds,
    double jobsPerHour,
    List<Skipped> skipped,
    List<String> notes,
    Arrivals arrivals,
    List<Size> sizes,
    Figures kernels,
    Figures durations,
    Limits limits,
    Ends ends,
    Demand demand,
    Map<String, List<Share>> tenants,
    List<Share> shapes)
{
    /** Of JSON that is written; it rises when a field changes its meaning. */
    public static final int FORMAT_VERSION = 1;

    /**
     * Arrivals.
     *
     * @param byHour        jobs in each hour of the day, UTC, or counted from the first arrival.
     * @param byWeekday     jobs on each day of the week, from Monday, or counted likewise.
     * @param bucketSeconds width of the buckets.
     * @param overTime      jobs in each bucket.
     * @param gaps          seconds between arrivals.
     * @param gapVariation  standard deviation of the gaps by their mean: 1 for a Poisson process.
     * @param atOnce        part of arrivals at the very time of the one before.
     */
    public record Arrivals(
        List<Long> byHour,
        List<Long> byWeekday,
        double bucketSeconds,
        List<Long> overTime,
        Figures gaps,
        double gapVariation,
        double atOnce)
    {
    }

    /**
     * Figures of many values.
     *
     * @param count     of them.
     * @param mean      of them.
     * @param min       lowest.
     * @param p25       a quarter is not above it.
     * @param p50       half is not.
     * @param p75       and so on.
     * @param p90       and so on.
     * @param p99       and so on.
     * @param max       highest.
     * @param histogram by upper end of bins, each twice as wide as the one before; or by value, if there are few.
     */
    public record Figures(
        long count,
        double mean,
        double min,
        double p25,
        double p50,
        double p75,
        double p90,
        double p99,
        double max,
        List<Bin> histogram)
    {
    }

    /**
     * Values that are not above something.
     *
     * @param to    upper end.
     * @param count of values above the end of the bin before.
     */
    public record Bin(double to, long count)
    {
    }

    /**
     * What sessions ask for of one slot.
     *
     * @param slot    name.
     * @param unit    of the figures: cores, bytes, devices or units.
     * @param asked   sessions that ask for any.
     * @param figures over those that do.
     */
    public record Size(String slot, String unit, long asked, Figures figures)
    {
    }

    /**
     * Walltime limits.
     *
     * @param jobs     that have one.
     * @param seconds  what they say; null if none has.
     * @param accuracy run time by limit; null if none has.
     */
    public record Limits(long jobs, Figures seconds, Figures accuracy)
    {
    }

    /**
     * Ends of sessions.
     *
     * @param forever run without end.
     * @param unknown the source does not tell.
     * @param failed  with an exit code other than 0.
     * @param arrays  jobs that are arrays.
     * @param gangs   sessions of more than one kernel.
     * @param after   jobs that wait for others.
     */
    public record Ends(long forever, long unknown, long failed, long arrays, long gangs, long after)
    {
    }

    /**
     * What would be in use if every session ran when it arrives.
     *
     * @param bucketSeconds width of the buckets.
     * @param series        by slot.
     */
    public record Demand(double bucketSeconds, List<Series> series)
    {
    }

    /**
     * One slot of it.
     *
     * @param slot   name.
     * @param unit   of the figures.
     * @param mean   over the whole time.
     * @param peak   highest bucket.
     * @param values mean of each bucket.
     */
    public record Series(String slot, String unit, double mean, double peak, List<Double> values)
    {
    }

    /**
     * Someone, or something, and how much of the workload it is.
     *
     * @param name      of it.
     * @param jobs      of it.
     * @param cpuHours  that its sessions use.
     * @param gpuHours  likewise.
     * @param p50Seconds median run time; null: not known.
     */
    public record Share(String name, long jobs, double cpuHours, double gpuHours, Double p50Seconds)
    {
    }
}
