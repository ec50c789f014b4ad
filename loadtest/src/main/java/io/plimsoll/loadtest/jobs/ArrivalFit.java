package io.plimsoll.loadtest.jobs;

import io.plimsoll.loadtest.jobs.Distribution.Choice;
import io.plimsoll.loadtest.jobs.GeneratorSpec.Arrivals;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * When jobs arrive: weights of the hours of a week, how much days differ beyond that, how many come at once, and the
 * gaps between them in a time in which all of that is evened out. One thread.
 */
final class ArrivalFit
{
    private static final double HOUR = 3600;
    private static final int DAY_HOURS = 24;
    private static final double DAY = 86_400;
    private static final long HOUR_NS = 3_600_000_000_000L;
    private static final int INITIAL_MIN = 10;
    private static final double INITIAL_SHARE = 0.01;
    private static final int BATCH_MAX = 40;
    private static final double SIGMA_MAX = 1.5;
    private static final double PRIOR = 2;
    private static final int WEEKS_MIN = 3;

    private final Workload workload;
    private final double seconds;
    private final int firstHour;
    private final double offset;
    /** Jobs that are there from the start. */
    private final int initial;
    private final double[] week = new double[GeneratorSpec.HOURS];
    private double[] days;
    private double[] expected;

    ArrivalFit(final Workload workload)
    {
        this.workload = workload;
        seconds = Math.max(1, workload.lastArrivalNs() / WorkloadSurvey.SECOND_NS);
        firstHour = workload.hasOrigin() ? ArrivalClock.hourOfWeek(workload.originEpochNs()) : 0;
        offset = workload.hasOrigin() ? Math.floorMod(workload.originEpochNs(), HOUR_NS) / 1e9 : 0;
        int atStart = 0;
        while (atStart < workload.size() && 0 == workload.arrivalNs(atStart))
        {
            atStart++;
        }
        initial = atStart >= Math.max(INITIAL_MIN, INITIAL_SHARE * workload.size()) ? atStart : 0;
    }

    double seconds()
    {
        return seconds;
    }

    private double at(final int job)
    {
        return workload.arrivalNs(job) / WorkloadSurvey.SECOND_NS;
    }

    private int hour(final double atSeconds)
    {
        return (int)((atSeconds + offset) / HOUR);
    }

    private int hourOfWeek(final int hour)
    {
        return (hour + firstHour) % GeneratorSpec.HOURS;
    }

    Arrivals fit()
    {
        final int jobs = workload.size() - initial;
        if (0 == workload.lastArrivalNs() || 0 == jobs)
        {
            return new Arrivals(1e-9, List.of(), 0, null, null, null, workload.size());
        }
        final boolean rhythm = fitWeek(jobs);
        final Map<Double, Integer> batches = new TreeMap<>();
        final List<Integer> starts = starts(batches);
        fitDays(jobs);
        final Samples gaps = gaps(starts);
        final double sigma = sigma(starts.size() / (double)jobs, gaps.variation() * gaps.variation());
        final List<Double> weights = new ArrayList<>();
        for (final double weight : week)
        {
            weights.add(weight);
        }
        final Choice batch = WorkloadFit.choice(batches, BATCH_MAX);
        return new Arrivals(
            jobs / seconds, rhythm ? weights : List.of(), sigma,
            gaps.size() < INITIAL_MIN || 0 == gaps.mean() ? null : ShapeFit.quantiles(gaps), null,
            1 == batch.values().size() ? null : batch, initial);
    }

    /** Weights of mean 1; hours of the day only, unless there are some weeks; none for less than two days. */
    private boolean fitWeek(final int jobs)
    {
        final double[] counts = new double[GeneratorSpec.HOURS];
        final double[] exposure = new double[GeneratorSpec.HOURS];
        for (double t = 0; t < seconds;)
        {
            final double end = Math.min(seconds, (hour(t) + 1) * HOUR - offset);
            exposure[hourOfWeek(hour(t))] += end - t;
            t = Math.max(end, Math.nextUp(t));
        }
        for (int i = initial; i < workload.size(); i++)
        {
            counts[hourOfWeek(hour(at(i)))]++;
        }
        Arrays.fill(week, 1);
        if (seconds < 2 * DAY)
        {
            return false;
        }
        final int period = seconds < WEEKS_MIN * 7 * DAY ? DAY_HOURS : GeneratorSpec.HOURS;
        double sum = 0;
        for (int hour = 0; hour < GeneratorSpec.HOURS; hour++)
        {
            double count = PRIOR;
            double time = PRIOR * seconds / jobs;
            for (int same = hour % period; same < GeneratorSpec.HOURS; same += period)
            {
                count += counts[same];
                time += exposure[same];
            }
            week[hour] = count / time;
            sum += week[hour];
        }
        for (int hour = 0; hour < week.length; hour++)
        {
            week[hour] *= week.length / sum;
        }
        return true;
    }

    /** First jobs of those that come at one time, of one user, for the same. */
    private List<Integer> starts(final Map<Double, Integer> batches)
    {
        final List<Integer> starts = new ArrayList<>();
        for (int i = initial; i < workload.size();)
        {
            int end = i + 1;
            while (end < workload.size() && workload.arrivalNs(end) == workload.arrivalNs(i) &&
                workload.tenant(end).equals(workload.tenant(i)))
            {
                end++;
            }
            starts.add(i);
            batches.merge((double)(end - i), 1, Integer::sum);
            i = end;
        }
        return starts;
    }

    private void fitDays(final int jobs)
    {
        final int count = (int)((seconds + offset + hourOfWeek(0) % DAY_HOURS * HOUR) / DAY) + 1;
        days = new double[count];
        expected = new double[count];
        for (double t = 0; t < seconds;)
        {
            final double end = Math.min(seconds, (hour(t) + 1) * HOUR - offset);
            expected[day(t)] += jobs / seconds * week[hourOfWeek(hour(t))] * (end - t);
            t = Math.max(end, Math.nextUp(t));
        }
        for (int i = initial; i < workload.size(); i++)
        {
            days[day(at(i))]++;
        }
    }

    private int day(final double atSeconds)
    {
        return (hour(atSeconds) + firstHour % DAY_HOURS) / DAY_HOURS;
    }

    /** Of a day: how many came by how many were expected, drawn towards 1 where few were. */
    private double ratio(final int day)
    {
        return (days[day] + PRIOR) / (expected[day] + PRIOR);
    }

    private Samples gaps(final List<Integer> starts)
    {
        final Samples gaps = new Samples();
        double before = 0;
        double evened = 0;
        double t = 0;
        for (final int start : starts)
        {
            while (hour(t) < hour(at(start)))
            {
                final double end = (hour(t) + 1) * HOUR - offset;
                evened += (end - t) * week[hourOfWeek(hour(t))] * ratio(day(t));
                t = Math.max(end, Math.nextUp(t));
            }
            evened += (at(start) - t) * week[hourOfWeek(hour(t))] * ratio(day(t));
            t = at(start);
            if (start > initial)
            {
                gaps.add(evened - before);
            }
            before = evened;
        }
        return gaps;
    }

    /**
     * What days differ by beyond what the gaps make them differ by: with n arrivals expected, a renewal process varies
     * by about its gaps' squared variation over n.
     */
    private double sigma(final double startsPerJob, final double gapVariance)
    {
        double sum = 0;
        double noise = 0;
        int count = 0;
        for (int day = 1; day < days.length - 1; day++)
        {
            if (expected[day] > 0)
            {
                final double ratio = days[day] / expected[day];
                sum += (ratio - 1) * (ratio - 1);
                noise += gapVariance / (expected[day] * startsPerJob);
                count++;
            }
        }
        final double variance = count < 7 ? 0 : Math.max(0, (sum - noise) / count);
        return Math.min(SIGMA_MAX, Math.sqrt(StrictMath.log(1 + variance)));
    }
}
