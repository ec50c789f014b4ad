package io.plimsoll.loadtest.jobs;

import io.plimsoll.loadtest.jobs.GeneratorSpec.Arrivals;
import io.plimsoll.loadtest.jobs.GeneratorSpec.Bursts;
import java.util.List;

/**
 * Times of arrival: gaps are drawn in a time in which every hour is alike, and put into the real one, in which the rate
 * is piecewise constant (hours of the week, factors of days, bursts). One thread.
 */
final class ArrivalClock
{
    private static final double HOUR = 3600;
    private static final int HOURS_OF_A_DAY = 24;
    private static final long HOUR_NS = 3_600_000_000_000L;
    /** 1 January 1970 was a Thursday. */
    private static final int EPOCH_HOUR_OF_WEEK = 72;
    private static final int WEEKS_MAX = 10_000;
    private static final int BATCH_MAX = 1_000_000;

    private final Arrivals arrivals;
    private final Draws draws;
    private final double eventsPerSecond;
    private final double gapMean;
    private final double weekMean;
    private final double offset;
    private final int firstHour;
    private double seconds;
    private double hourEnds;
    private double stateEnds = Double.POSITIVE_INFINITY;
    private boolean burst;
    private long hour = -1;
    private double dayFactor = 1;

    ArrivalClock(final GeneratorSpec spec, final Draws draws)
    {
        this.draws = draws;
        arrivals = spec.arrivals();
        eventsPerSecond = arrivals.perSecond() / (null == arrivals.batch() ? 1 : arrivals.batch().mean());
        gapMean = null == arrivals.gaps() ? 1 : arrivals.gaps().mean();
        weekMean = mean(arrivals.week());
        final boolean dated = Workload.NO_ORIGIN != spec.originEpochNs();
        firstHour = dated ? hourOfWeek(spec.originEpochNs()) : 0;
        // Hours begin with those of the clock.
        offset = dated ? Math.floorMod(spec.originEpochNs(), HOUR_NS) / 1e9 : 0;
        if (null != arrivals.bursts())
        {
            final Bursts bursts = arrivals.bursts();
            burst = draws.uniform() < bursts.onSeconds() / (bursts.onSeconds() + bursts.offSeconds());
            stateEnds = draws.exponential() * (burst ? bursts.onSeconds() : bursts.offSeconds());
        }
        nextHour();
    }

    static int hourOfWeek(final long epochNs)
    {
        return (int)Math.floorMod(Math.floorDiv(epochNs, HOUR_NS) + EPOCH_HOUR_OF_WEEK, (long)GeneratorSpec.HOURS);
    }

    private static double mean(final List<Double> weights)
    {
        return weights.isEmpty() ? 1 : weights.stream().mapToDouble(Double::doubleValue).sum() / weights.size();
    }

    double seconds()
    {
        return seconds;
    }

    /** How many jobs arrive now. */
    int batch()
    {
        return null == arrivals.batch() ? 1 :
            (int)Math.min(BATCH_MAX, Math.max(1, StrictMath.rint(arrivals.batch().draw(draws))));
    }

    /** Goes on to the next arrival; false if there never is one. */
    boolean advance()
    {
        double left = null == arrivals.gaps() ? draws.exponential() : arrivals.gaps().draw(draws) / gapMean;
        final long lastHour = hour + (long)WEEKS_MAX * GeneratorSpec.HOURS;
        while (hour < lastHour)
        {
            final double rate = rate();
            final double end = Math.min(hourEnds, stateEnds);
            if (left <= rate * (end - seconds))
            {
                seconds += rate > 0 ? left / rate : 0;
                return true;
            }
            left -= rate * (end - seconds);
            seconds = end;
            if (seconds >= hourEnds)
            {
                nextHour();
            }
            if (seconds >= stateEnds)
            {
                burst = !burst;
                stateEnds = seconds + draws.exponential() *
                    (burst ? arrivals.bursts().onSeconds() : arrivals.bursts().offSeconds());
            }
        }
        return false;
    }

    private void nextHour()
    {
        hour++;
        hourEnds = (hour + 1) * HOUR - offset;
        if (arrivals.daySigma() > 0 && 0 == Math.floorMod(hour + firstHour, (long)HOURS_OF_A_DAY) || 0 == hour)
        {
            final double sigma = arrivals.daySigma();
            dayFactor = sigma > 0 ? StrictMath.exp(sigma * draws.normal() - sigma * sigma / 2) : 1;
        }
    }

    private double rate()
    {
        final List<Double> week = arrivals.week();
        final double rhythm = week.isEmpty() ? 1 :
            week.get((int)Math.floorMod(hour + firstHour, (long)GeneratorSpec.HOURS)) / weekMean;
        return eventsPerSecond * rhythm * dayFactor * state();
    }

    private double state()
    {
        final Bursts bursts = arrivals.bursts();
        if (null == bursts)
        {
            return 1;
        }
        final double mean = (bursts.factor() * bursts.onSeconds() + bursts.offSeconds()) /
            (bursts.onSeconds() + bursts.offSeconds());
        return (burst ? bursts.factor() : 1) / mean;
    }
}
