package io.plimsoll.loadtest.live;

import java.util.ArrayList;
import java.util.List;

/**
 * When which request is due. Requests are numbered from 0, reads and submissions together; each read has its place in
 * between, so that any stretch of requests has the share that was asked for. How many sessions are in a request may
 * differ from step to step. Immutable; times are from the start.
 */
final class Arrivals
{
    private static final double SECOND_NS = 1e9;
    private static final double REQUESTS_PER_SECOND = 1_000;
    private static final int BATCH_MAX = 10_000;

    private final LoadPlan plan;
    private final List<Step> steps = new ArrayList<>();

    Arrivals(final LoadPlan plan)
    {
        this.plan = plan;
        long firstRequest = 0;
        long firstSession = 0;
        long startNs = 0;
        for (final double rate : plan.rates())
        {
            final int batch = batch(plan, rate);
            final double requests = rate / batch / (1 - plan.readShare());
            final boolean isLast = Long.MAX_VALUE == plan.stepNs();
            final long count = isLast ?
                Long.MAX_VALUE / 2 : Math.max(1, Math.round(requests * plan.stepNs() / SECOND_NS));
            final long firstSubmission = submission(firstRequest);
            steps.add(new Step(
                rate, batch, requests, firstRequest, count, firstSubmission, firstSession, startNs,
                isLast ? Long.MAX_VALUE : plan.stepNs()));
            firstRequest += count;
            firstSession += isLast ? 0 : (submission(firstRequest) - firstSubmission) * batch;
            startNs += isLast ? 0 : plan.stepNs();
        }
    }

    /** How many sessions are in a request at a rate. */
    static int batch(final LoadPlan plan, final double rate)
    {
        return LoadPlan.BATCH_BY_RATE == plan.batch() ?
            (int)Math.min(BATCH_MAX, Math.ceil(rate / REQUESTS_PER_SECOND)) : plan.batch();
    }

    List<Step> steps()
    {
        return steps;
    }

    /** Whether there is no such request any more. */
    boolean isOver(final long request)
    {
        final boolean isBeyondSteps = !steps.isEmpty() && request >= steps.get(steps.size() - 1).endRequest();
        return isBeyondSteps || sessionsBefore(submission(request)) >= plan.sessions();
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

    /** Reads before a request, which is the number of one that reads. */
    long reads(final long requests)
    {
        return (long)(requests * plan.readShare());
    }

    /** How many sessions a submission has. */
    int sessions(final long submission)
    {
        final int batch = steps.isEmpty() ? plan.batch() : steps.get(stepOfSubmission(submission)).batch;
        return (int)Math.min(batch, plan.sessions() - sessionsBefore(submission));
    }

    private long sessionsBefore(final long submission)
    {
        return steps.isEmpty() ?
            submission * plan.batch() : steps.get(stepOfSubmission(submission)).sessionsBefore(submission);
    }

    /** Sessions that are to come in all. */
    long total()
    {
        if (steps.isEmpty() || Long.MAX_VALUE == plan.stepNs())
        {
            return plan.sessions();
        }
        return Math.min(plan.sessions(), sessionsBefore(submission(steps.get(steps.size() - 1).endRequest())));
    }

    /** Sessions that are due before a step. */
    long dueBefore(final int step)
    {
        return step < steps.size() ? Math.min(plan.sessions(), steps.get(step).firstSession) : total();
    }

    /** When the last request is due, from the start; where there is no rate it is never said. */
    long lastDueNs()
    {
        if (steps.isEmpty())
        {
            return Long.MAX_VALUE;
        }
        final long total = total();
        Step last = steps.get(0);
        for (final Step step : steps)
        {
            last = step.firstSession < total ? step : last;
        }
        final long submissions = last.firstSubmission + (total - last.firstSession + last.batch - 1) / last.batch;
        final long request = (long)Math.ceil(submissions / (1 - plan.readShare()));
        return dueNs(Math.min(request, steps.get(steps.size() - 1).endRequest()));
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

    private int stepOfSubmission(final long submission)
    {
        int index = 0;
        while (index + 1 < steps.size() && submission >= steps.get(index + 1).firstSubmission)
        {
            index++;
        }
        return index;
    }

    /**
     * A stretch with one rate.
     *
     * @param rate              of sessions a second.
     * @param batch             sessions in a request.
     * @param requestsPerSecond reads included.
     * @param firstRequest      in it.
     * @param requests          in it.
     * @param firstSubmission   in it.
     * @param firstSession      in it.
     * @param startNs           from the start.
     * @param lengthNs          of it.
     */
    record Step(
        double rate,
        int batch,
        double requestsPerSecond,
        long firstRequest,
        long requests,
        long firstSubmission,
        long firstSession,
        long startNs,
        long lengthNs)
    {
        long endRequest()
        {
            return firstRequest + requests;
        }

        long sessionsBefore(final long submission)
        {
            return firstSession + (submission - firstSubmission) * batch;
        }
    }
}
