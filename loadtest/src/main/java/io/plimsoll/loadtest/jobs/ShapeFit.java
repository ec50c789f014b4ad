package io.plimsoll.loadtest.jobs;

import io.plimsoll.loadtest.jobs.GeneratorSpec.Failures;
import io.plimsoll.loadtest.jobs.GeneratorSpec.Kernels;
import io.plimsoll.loadtest.jobs.GeneratorSpec.Limit;
import io.plimsoll.loadtest.jobs.GeneratorSpec.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Jobs that ask for about the same: what they do is told by what was seen. One thread. */
final class ShapeFit
{
    private static final double[] PARTS =
    {
        0, 0.005, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85,
        0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 1
    };
    private static final int ENOUGH = 20;
    private static final int ELEMENTS_MAX = 40;
    private static final int KERNELS_MAX = 40;

    private final Job first;
    private final String group;
    private final Samples seconds = new Samples();
    private final Map<Double, Integer> elements = new TreeMap<>();
    private final List<Map<Double, Integer>> counts = new ArrayList<>();
    private final Map<Integer, Double> exits = new TreeMap<>();
    private long jobs;
    private long limited;
    private long endless;
    private long failed;

    ShapeFit(final Job first, final String group)
    {
        this.first = first;
        this.group = group;
    }

    /** One more of them. */
    void add(final Job job)
    {
        jobs++;
        limited += Job.NO_LIMIT == job.limitNs() ? 0 : 1;
        if (job.isFinite())
        {
            seconds.add(job.durationNs() / WorkloadSurvey.SECOND_NS);
        }
        else
        {
            endless++;
        }
        if (Job.SUCCESS != job.exitCode())
        {
            failed++;
            exits.merge(job.exitCode(), 1.0, Double::sum);
        }
        elements.merge((double)job.elements(), 1, Integer::sum);
        for (int i = 0; i < job.request().kernels().size(); i++)
        {
            if (i == counts.size())
            {
                counts.add(new TreeMap<>());
            }
            counts.get(i).merge((double)job.request().kernels().get(i).count(), 1, Integer::sum);
        }
    }

    /** Whether half of those that end, at least, have a limit. */
    boolean isLimited()
    {
        return limited > 0 && limited * 2 >= jobs - endless;
    }

    double longest()
    {
        return 0 == seconds.size() ? 1 : Math.max(1, seconds.quantile(1));
    }

    /** Run times that tell of those of this shape: those of all, if there are too few. */
    Samples told(final ShapeFit all)
    {
        return seconds.size() >= ENOUGH ? seconds : all.seconds;
    }

    Shape fit(final String name, final ShapeFit all, final boolean othersLimited)
    {
        final List<Kernels> kernels = new ArrayList<>();
        for (int i = 0; i < first.request().kernels().size(); i++)
        {
            kernels.add(new Kernels(
                constantOr(WorkloadFit.choice(counts.get(i), KERNELS_MAX)), first.request().kernels().get(i).need()));
        }
        return new Shape(
            name, jobs, group, "", first.type(), first.priority(), first.preemptible(), kernels,
            first.request().constraints(),
            0 == seconds.size() ? null : quantiles(told(all)),
            0 == seconds.size() ? 0 : endless / (double)jobs,
            isLimited() || !othersLimited ? Limit.NONE : Limit.NEVER,
            first.isArray() ? WorkloadFit.choice(elements, ELEMENTS_MAX) : null,
            0 == failed ? Failures.NONE : new Failures(failed / (double)jobs, exits, false));
    }

    private static Distribution constantOr(final Distribution.Choice choice)
    {
        return 1 == choice.values().size() ? new Distribution.Constant(choice.values().get(0)) : choice;
    }

    /** What was seen, as a distribution. */
    static Distribution quantiles(final Samples samples)
    {
        final List<Double> at = new ArrayList<>();
        final List<Double> values = new ArrayList<>();
        for (final double part : PARTS)
        {
            at.add(part);
            values.add(samples.between(part));
        }
        return new Distribution.Quantiles(at, values);
    }
}
