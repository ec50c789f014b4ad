package io.plimsoll.loadtest.live;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Judges each step a second after its end, or when all is over. It is broken when fewer than {@value #SHARE_MIN} of the
 * sessions that were due in it have been assigned by then, or when of these one in a hundred took longer than the
 * bound. One thread.
 */
final class StepJudge
{
    private static final double SHARE_MIN = 0.95;
    private static final long GRACE_NS = TimeUnit.SECONDS.toNanos(1);
    private static final double PERCENT = 100;
    private static final double MILLI_NS = 1e6;

    private final LoadPlan plan;
    private final Arrivals arrivals;
    private final Meters meters;
    private final List<Verdict> verdicts = new ArrayList<>();
    private boolean isBroken;

    StepJudge(final LoadPlan plan, final Arrivals arrivals, final Meters meters)
    {
        this.plan = plan;
        this.arrivals = arrivals;
        this.meters = meters;
    }

    /** Judges what is over. */
    void judge(final long fromStartNs)
    {
        if (isLeft())
        {
            final Arrivals.Step step = arrivals.steps().get(verdicts.size());
            if (fromStartNs >= step.startNs() + step.lengthNs() + GRACE_NS)
            {
                judgeNext();
            }
        }
    }

    /** Judges the rest: nothing more will be assigned. */
    void finish()
    {
        while (!isBroken && isLeft())
        {
            judgeNext();
        }
    }

    /** Whether there is a step with sessions in it that has not been judged. A rate without end is no step. */
    private boolean isLeft()
    {
        final int next = verdicts.size();
        return next < arrivals.steps().size() && Long.MAX_VALUE != arrivals.steps().get(next).lengthNs() &&
            arrivals.dueBefore(next) < arrivals.total();
    }

    private void judgeNext()
    {
        final int next = verdicts.size();
        final long due = arrivals.dueBefore(next + 1) - arrivals.dueBefore(next);
        final long assigned = meters.assignments(next).getTotalCount();
        final long p99Ns = meters.assignments(next).getValueAtPercentile(99);
        String broken = null;
        if (assigned < SHARE_MIN * due)
        {
            broken = String.format(
                Locale.ROOT, "only %.0f %% of the sessions due were assigned in time", PERCENT * assigned / due);
        }
        else if (p99Ns > plan.breakNs())
        {
            broken = String.format(
                Locale.ROOT, "p99 from submission to assignment was %.0f ms, above %.0f ms",
                p99Ns / MILLI_NS, plan.breakNs() / MILLI_NS);
        }
        verdicts.add(new Verdict(due, meters.submitted(next), assigned, broken));
        isBroken |= plan.untilBroken() && null != broken;
    }

    /** Whether that was it. */
    boolean isBroken()
    {
        return isBroken;
    }

    List<StepResult> results()
    {
        final List<StepResult> results = new ArrayList<>();
        for (int i = 0; i < verdicts.size(); i++)
        {
            final Verdict verdict = verdicts.get(i);
            results.add(new StepResult(
                arrivals.steps().get(i).rate(), verdict.due, verdict.submitted, verdict.assigned,
                Percentiles.of(meters.assignments(i)), verdict.broken));
        }
        return results;
    }

    private record Verdict(long due, long submitted, long assigned, String broken)
    {
    }
}
