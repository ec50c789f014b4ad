package io.plimsoll.loadtest.jobs;

import io.plimsoll.loadtest.jobs.WorkloadSummary.Demand;
import io.plimsoll.loadtest.jobs.WorkloadSummary.Series;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What would be in use if every session ran when it arrives: the mean of each bucket, exactly. One thread. */
final class DemandSurvey
{
    private static final double SPAN_MIN = 1;
    /** A few sessions without a near end do not stretch the picture. */
    private static final double TAIL = 0.25;

    private final Map<String, double[]> levels = new LinkedHashMap<>();
    private final Map<String, double[]> edges = new LinkedHashMap<>();
    private final double width;
    private final int buckets;

    private DemandSurvey(final double spanSeconds)
    {
        width = WorkloadSurvey.bucketSeconds(spanSeconds);
        buckets = (int)Math.max(1, Math.ceil(spanSeconds / width));
    }

    static Demand of(final Workload workload)
    {
        final double last = workload.lastArrivalNs() / WorkloadSurvey.SECOND_NS;
        double end = Math.max(SPAN_MIN, last);
        for (final Job job : workload.jobs())
        {
            final double ends = (job.arrivalNs() + (double)job.durationNs()) / WorkloadSurvey.SECOND_NS;
            end = job.isFinite() ? Math.max(end, ends) : end;
        }
        final double span = last > 0 ? Math.min(end, last * (1 + TAIL)) : end;
        final DemandSurvey survey = new DemandSurvey(span);
        for (final Job job : workload.jobs())
        {
            for (int element = 0; element < job.elements(); element++)
            {
                survey.onSession(job, job.life(element));
            }
        }
        return new Demand(survey.width, survey.series());
    }

    private void onSession(final Job job, final Life life)
    {
        final double from = job.arrivalNs() / WorkloadSurvey.SECOND_NS;
        final boolean endless = Job.FOREVER == life.durationNs() || life.durationNs() < 0;
        final double to = endless ? Double.MAX_VALUE : from + life.durationNs() / WorkloadSurvey.SECOND_NS;
        final JobRequest request = job.request();
        add("cpu", request.cpuMillis() / 1e3, from, to);
        add("mem", request.memoryBytes(), from, to);
        add("gpu", request.gpuMilli() / 1e3, from, to);
        WorkloadSurvey.further(request).forEach(slot -> add(slot, request.slot(slot), from, to));
    }

    /** Whole buckets count by where they begin and end; the two at the edges by the part that is covered. */
    private void add(final String slot, final double amount, final double from, final double to)
    {
        final int first = (int)(from / width);
        if (amount <= 0 || first >= buckets)
        {
            return;
        }
        final double[] level = levels.computeIfAbsent(slot, name -> new double[buckets + 1]);
        final double[] edge = edges.computeIfAbsent(slot, name -> new double[buckets]);
        final int last = (int)Math.min(buckets, to / width);
        if (first == last)
        {
            edge[first] += amount * (to - from) / width;
            return;
        }
        edge[first] += amount * ((first + 1) - from / width);
        level[first + 1] += amount;
        level[last] -= amount;
        if (last < buckets)
        {
            edge[last] += amount * (to / width - last);
        }
    }

    private List<Series> series()
    {
        final List<Series> series = new ArrayList<>();
        levels.forEach((slot, level) ->
        {
            final double[] values = edges.get(slot).clone();
            double running = 0;
            for (int i = 0; i < buckets; i++)
            {
                running += level[i];
                values[i] = Math.max(0, values[i] + running);
            }
            series.add(new Series(
                slot, WorkloadSurvey.unit(slot), Arrays.stream(values).average().orElse(0),
                Arrays.stream(values).max().orElse(0), Arrays.stream(values).boxed().toList()));
        });
        return series;
    }
}
