package io.plimsoll.loadtest.live;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** All that is measured while it runs. Any thread. */
final class Meters
{
    private static final int DIGITS = 3;

    final LongAdder requests = new LongAdder();
    final LongAdder refusals = new LongAdder();
    final LongAdder outages = new LongAdder();
    final LongAdder readErrors = new LongAdder();
    final Histogram replies = histogram();
    final Histogram lists = histogram();
    final Histogram explains = histogram();
    final Histogram events = histogram();
    private final Histogram assignments = histogram();
    private final Recorder interval = new Recorder(DIGITS);
    private final List<Histogram> byStep = new ArrayList<>();
    private final AtomicLongArray submittedByStep;
    private Histogram spare;

    Meters(final int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            byStep.add(histogram());
        }
        submittedByStep = new AtomicLongArray(Math.max(1, steps));
    }

    /** For nanoseconds; grows with what is measured. */
    static Histogram histogram()
    {
        final ConcurrentHistogram histogram = new ConcurrentHistogram(DIGITS);
        histogram.setAutoResize(true);
        return histogram;
    }

    void onAssigned(final int step, final long latencyNs)
    {
        assignments.recordValue(latencyNs);
        interval.recordValue(latencyNs);
        if (step < byStep.size())
        {
            byStep.get(step).recordValue(latencyNs);
        }
    }

    void onSubmitted(final int step, final long sessions)
    {
        submittedByStep.addAndGet(step, sessions);
    }

    long submitted(final int step)
    {
        return submittedByStep.get(step);
    }

    Histogram assignments()
    {
        return assignments;
    }

    Histogram assignments(final int step)
    {
        return byStep.get(step);
    }

    /** What has been measured since the last call. One thread. */
    Histogram takeInterval()
    {
        spare = interval.getIntervalHistogram(spare);
        return spare;
    }
}
