package io.plimsoll.loadtest.swf;

import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Plain EASY on the arrivals that really come, followed as closely as what is known allows. It learns how long a job
 * runs only when it really ends, so it stops short of the first instant at which a job might have ended that has not.
 */
final class ShadowEasy
{
    /** Start of a job of which nothing is known yet. */
    static final long UNKNOWN = -1;
    static final long NEVER = Long.MAX_VALUE;

    private final List<SwfJob> jobs;
    private final ReferenceBackfill machine;
    private final int[] order;
    private final boolean[] known;
    private final long[] runs;
    private final long[] realStarts;
    // Started in EASY and not ended in reality: whoever limits how far EASY can be followed.
    private final int[] open;
    private int openCount;
    private final PriorityQueue<long[]> terminations = new PriorityQueue<>((left, right) ->
        left[0] != right[0] ? Long.compare(left[0], right[0]) : Long.compare(left[1], right[1]));
    private int submitted;
    private int replayed;
    private int seen;

    ShadowEasy(final List<SwfJob> jobs, final int processors)
    {
        this.jobs = jobs;
        machine = new ReferenceBackfill(jobs, processors, ReferenceBackfill.Order.AS_QUEUED, false);
        order = new int[jobs.size()];
        known = new boolean[jobs.size()];
        open = new int[jobs.size()];
        runs = new long[jobs.size()];
        Arrays.fill(runs, UNKNOWN);
        realStarts = new long[jobs.size()];
        Arrays.fill(realStarts, UNKNOWN);
    }

    void submit(final int job)
    {
        submitted = job + 1;
    }

    void started(final int job, final long now)
    {
        realStarts[job] = now;
    }

    void ended(final int job, final long ran)
    {
        runs[job] = ran;
        if (known[job])
        {
            expect(job);
            for (int i = 0; i < openCount; i++)
            {
                if (open[i] == job)
                {
                    openCount--;
                    open[i] = open[openCount];
                }
            }
        }
    }

    /**
     * Follow EASY as far as it is certain.
     *
     * @param now the time, at which more may still be submitted or end.
     * @return the last instant up to which every start is known.
     */
    long advance(final long now)
    {
        long horizon = horizon(now);
        while (nextStep() <= horizon)
        {
            final long submit = nextSubmit();
            if (submit <= nextEnd())
            {
                machine.submit(replayed, submit);
                replayed++;
            }
            else
            {
                final long[] end = terminations.poll();
                machine.end((int)end[2], end[0]);
            }
            if (seen < machine.startedCount())
            {
                learn();
                horizon = horizon(now);
            }
        }
        return horizon;
    }

    private long nextSubmit()
    {
        return replayed < submitted ? jobs.get(replayed).submitSeconds() : NEVER;
    }

    private long nextEnd()
    {
        return terminations.isEmpty() ? NEVER : terminations.peek()[0];
    }

    /**
     * When EASY goes on, as far as anybody knows.
     *
     * @return the time of the next submission or end; NEVER if it takes an end, or a start, that has not come yet.
     */
    long nextStep()
    {
        return Math.min(nextSubmit(), nextEnd());
    }

    /**
     * By how much whoever is furthest behind, of those that run, has started later than in EASY.
     *
     * @return 0 if nobody has; so much that it never ends if one that waits comes before the next step.
     */
    long lag()
    {
        long lag = 0;
        for (int i = 0; i < openCount; i++)
        {
            final int job = open[i];
            final boolean runs = UNKNOWN != realStarts[job];
            if (!runs && machine.startSeconds(job) < nextStep())
            {
                return NEVER;
            }
            lag = runs ? Math.max(lag, realStarts[job] - machine.startSeconds(job)) : lag;
        }
        return lag;
    }

    long start(final int job)
    {
        return known[job] ? machine.startSeconds(job) : UNKNOWN;
    }

    int startOrder(final int job)
    {
        return order[job];
    }

    /**
     * Whether EASY starts one job before another, as far as that is known.
     *
     * @param first  of the two.
     * @param second of the two.
     * @return true if the first is known to start and the second is later or not known.
     */
    boolean isBefore(final int first, final int second)
    {
        return known[first] && (!known[second] || order[first] < order[second]);
    }

    private void learn()
    {
        for (; seen < machine.startedCount(); seen++)
        {
            final int job = machine.started(seen);
            known[job] = true;
            order[job] = seen;
            if (UNKNOWN == runs[job])
            {
                open[openCount] = job;
                openCount++;
            }
            else
            {
                expect(job);
            }
        }
    }

    private void expect(final int job)
    {
        terminations.add(new long[] {machine.startSeconds(job) + runs[job], order[job], job});
    }

    // A job that has not ended runs longer than until now, or at least as long if it may still end at this instant.
    private long horizon(final long now)
    {
        long horizon = now - 1;
        for (int i = 0; i < openCount; i++)
        {
            final int job = open[i];
            final long ran = UNKNOWN == realStarts[job] ? 0 : Math.max(0, now - 1 - realStarts[job]);
            horizon = Math.min(horizon, machine.startSeconds(job) + ran);
        }
        return horizon;
    }
}
