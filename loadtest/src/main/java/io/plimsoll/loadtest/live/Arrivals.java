package io.plimsoll.loadtest.live;

import java.util.ArrayList;
import java.util.List;

/**
 * When which request is due. Requests are numbered from 0, reads and submissions together; each read has its place in
 * between, so that any stretch of requests has the share that was asked for. Immutable; times are from the start.
 */
final class Arrivals
{
    private static final double SECOND_NS = 1e9;

    private final LoadPlan plan;
    private final List<Step> steps = new ArrayList<>();

    Arrivals(final LoadPlan plan)
    {
        this.plan = plan;
        long firstRequest = 0;
        long startNs = 0;
        for (final double rate : plan.rates())
        {
            final double requests = rate / plan.batch() / (1 - plan.readShare());
            final boolean isLast = Long.MAX_VALUE == plan.stepNs();
            final long count = isLast ?
                Long.MAX_VALUE / 2 : Math.max(1, Math.round(requests * plan.stepNs() / SECOND_NS));
            steps.add(new Step(rate, requests, firstRequest, count, startNs, isLast ? Long.MAX_VALUE : plan.stepNs()));
            firstRequest += count;
            startNs += isLast ? 0 : plan.stepNs();
        }
    }

    List<Step> steps()
    {
        return steps;
    }

    /** Whether there is no such request any more. */
    boolean isOver(final long request)
    {
        final boolean isBeyondSteps = !steps.isEmpty() && request >= steps.get(steps.size() - 1).endRequest();
        return isBeyondSteps || submission(request) * plan.batch() >= plan.sessions();
    }

    /** Whether it reads. */
    boolean isRead(final long request)
    {
        return reads(request + 1) > reads(request);
    }

    /** Number of the first submission at or after a request. */
    long submission(final long request)
    {
        return request - reads(request);
    }

    /** How many sessions a submission has. */
    int sessions(final long submission)
    {
        return (int)Math.min(plan.batch(), plan.sessions() - submission * plan.batch());
    }

    /** Sessions that are to come in all. */
    long total()
    {
        if (steps.isEmpty() || Long.MAX_VALUE == plan.stepNs())
        {
            return plan.sessions();
        }
        final long submissions = submission(steps.get(steps.size() - 1).endRequest());
        return Math.min(plan.sessions(), submissions * plan.batch());
    }

    /** When the last request is due, from the start; where there is no rate it is never said. */
    long lastDueNs()
    {
        if (steps.isEmpty())
        {
            return Long.MAX_VALUE;
        }
        final long submissions = (total() + plan.batch() - 1) / plan.batch();
        final long last = (long)Math.ceil(submissions / (1 - plan.readShare()));
        return dueNs(Math.min(last, steps.get(steps.size() - 1).endRequest()));
    }

    /** Nanoseconds from the start. */
    long dueNs(final long request)
    {
        final Step step = steps.get(stepOfRequest(request));
        return step.startNs + (long)((request - step.firstRequest) * SECOND_NS / step.requestsPerSecond);
    }

    /** Index of the step in which a time from the start lies. */
    int stepOfTime(final long fromStartNs)
    {
        int index = 0;
        while (index + 1 < steps.size() && fromStartNs >= steps.get(index + 1).startNs)
        {
            index++;
        }
        return index;
    }

    private int stepOfRequest(final long request)
    {
        int index = 0;
        while (index + 1 < steps.size() && request >= steps.get(index + 1).firstRequest)
        {
            index++;
        }
        return index;
    }

    private long reads(final long requests)
    {
        return (long)(requests * plan.readShare());
    }

    /**
     * A stretch with one rate.
     *
     * @param rate              of sessions a second.
     * @param requestsPerSecond reads included.
     * @param firstRequest      in it.
     * @param requests          in it.
     * @param startNs           from the start.
     * @param lengthNs          of it.
     */
    record Step(
        double rate, double requestsPerSecond, long firstRequest, long requests, long startNs, long lengthNs)
    {
        long endRequest()
        {
            return firstRequest + requests;
        }
    }
}
