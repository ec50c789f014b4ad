package io.plimsoll.loadtest.swf;

import java.util.List;

/**
 * The published figures of a run, over all jobs, nothing trimmed.
 *
 * @param boundedSlowdown mean of max(1, (wait + run) / max(run, 10 s)).
 * @param waitSeconds     mean.
 * @param waitSecondsMax  longest.
 * @param utilisation     processor seconds used / (processors x (last end - first submission)).
 * @param zeroWaitShare   share of the jobs that start at once.
 */
record SwfMetrics(
    double boundedSlowdown, double waitSeconds, long waitSecondsMax, double utilisation, double zeroWaitShare)
{
    private static final double SHORT_SECONDS = 10;

    static SwfMetrics of(final List<SwfJob> jobs, final long[] waits, final int processors)
    {
        double slowdowns = 0;
        double area = 0;
        long waitSum = 0;
        long waitMax = 0;
        long first = Long.MAX_VALUE;
        long last = 0;
        int zero = 0;
        for (int i = 0; i < waits.length; i++)
        {
            final SwfJob job = jobs.get(i);
            slowdowns += boundedSlowdown(waits[i], job.runSeconds());
            area += (double)job.runSeconds() * job.processors();
            waitSum += waits[i];
            waitMax = Math.max(waitMax, waits[i]);
            zero += 0 == waits[i] ? 1 : 0;
            first = Math.min(first, job.submitSeconds());
            last = Math.max(last, job.submitSeconds() + waits[i] + job.runSeconds());
        }
        final double count = waits.length;
        return new SwfMetrics(
            slowdowns / count, waitSum / count, waitMax, area / ((double)processors * (last - first)), zero / count);
    }

    static double boundedSlowdown(final long waitSeconds, final long runSeconds)
    {
        return Math.max(1.0, (waitSeconds + runSeconds) / Math.max(runSeconds, SHORT_SECONDS));
    }
}
