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

    private final List<SwfJob> jobs;
    private final ReferenceBackfill machine;
    private final int[] order;
    private final boolean[] known;
    private final long[] runSeconds;
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
        runSeconds = new long[jobs.size()];
        Arrays.fill(runSeconds, UNKNOWN);
        realStarts = new long[jobs.size()];
        Arrays.fill(realStarts, UNKNOWN);
    }

    void submit(final int job)
    {
        submitted = job + 1;
    }

    void started(final int job, final long nowSeconds)
    {
        realStarts[job] = nowSeconds;
    }

    void ended(final int job, final long ranSeconds)
    {
        runSeconds[job] = ranSeconds;
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
     * @param nowSeconds    the time.
     * @param instantIsOver whether nothing more can be submitted or end at this instant.
     * @return the last instant up to which every start is known.
     */
    long advance(final long nowSeconds, final boolean instantIsOver)
    {
        long horizon = horizon(nowSeconds, instantIsOver);
        while (true)
        {
            final long submit = replayed < submitted ? jobs.get(replayed).submitSeconds() : Long.MAX_VALUE;
            final long end = terminations.isEmpty() ? Long.MAX_VALUE : terminations.peek()[0];
            if (Math.min(submit, end) > horizon)
            {
                return horizon;
            }
            if (submit <= end)
            {
                machine.submit(replayed, submit);
                replayed++;
            }
            else
            {
                machine.end((int)terminations.poll()[2], end);
            }
            if (seen < machine.startedCount())
            {
                learn();
                horizon = horizon(nowSeconds, instantIsOver);
            }
        }
    }

    long startSeconds(final int job)
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
            if (UNKNOWN == runSeconds[job])
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
        terminations.add(new long[] {machine.startSeconds(job) + runSeconds[job], order[job], job});
    }

    // A job that has not ended runs longer than until now, or at least as long if it may still end at this instant.
    private long horizon(final long nowSeconds, final boolean instantIsOver)
    {
        final long certainSeconds = instantIsOver ? nowSeconds : nowSeconds - 1;
        long horizon = certainSeconds;
        for (int i = 0; i < openCount; i++)
        {
            final int job = open[i];
            final long ran = UNKNOWN == realStarts[job] ? 0 : Math.max(0, certainSeconds - realStarts[job]);
            horizon = Math.min(horizon, machine.startSeconds(job) + ran);
        }
        return horizon;
    }
}
