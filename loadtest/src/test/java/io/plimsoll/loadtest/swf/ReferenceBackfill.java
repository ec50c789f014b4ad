package io.plimsoll.loadtest.swf;

import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Backfilling as the published experiments define it, in arrays and without any code of the scheduler, so that it can
 * be held against it. Per instant: first the submissions in their order, one pass after each, then the terminations in
 * the order in which their jobs were started, one pass after each. A job whose estimate runs out at an instant holds
 * no processors any more at it, even if its termination comes later in that instant.
 */
final class ReferenceBackfill
{
    /** Who may overtake the head of the queue, and in which order they are asked. */
    enum Order
    {
        NOBODY, AS_QUEUED, SHORTEST_FIRST
    }

    private final SwfJob[] jobs;
    private final long[] estimates;
    private final Order order;
    private final int processors;

    private final long[] waits;
    private final int[] queue;
    private int queued;
    // Of the running jobs in order of their predicted end; ties in order of start.
    private final int[] running;
    private final long[] predictedEnds;
    private int runningCount;
    private final int[] started;
    private int startedCount;

    /**
     * An empty machine, to be stepped with {@link #submit} and {@link #end}, which need not know how long jobs will
     * run.
     *
     * @param arrivals    in order of arrival; a job is named by its index.
     * @param processors  of the machine.
     * @param order       of backfilling.
     * @param clairvoyant whether estimates are the true run times instead of the requested ones.
     */
    ReferenceBackfill(
        final List<SwfJob> arrivals, final int processors, final Order order, final boolean clairvoyant)
    {
        this.processors = processors;
        this.order = order;
        jobs = arrivals.toArray(new SwfJob[0]);
        estimates = new long[jobs.length];
        for (int i = 0; i < jobs.length; i++)
        {
            estimates[i] = clairvoyant ? jobs[i].runSeconds() : jobs[i].requestedSeconds();
        }
        waits = new long[jobs.length];
        Arrays.fill(waits, -1);
        queue = new int[jobs.length];
        running = new int[jobs.length];
        started = new int[jobs.length];
        predictedEnds = new long[jobs.length];
    }

    /**
     * How long each job waits.
     *
     * @param arrivals    in order of arrival.
     * @param processors  of the machine.
     * @param order       of backfilling.
     * @param clairvoyant whether estimates are the true run times instead of the requested ones.
     * @return seconds, in the order of the arrivals.
     */
    static long[] waits(
        final List<SwfJob> arrivals, final int processors, final Order order, final boolean clairvoyant)
    {
        final ReferenceBackfill run = new ReferenceBackfill(arrivals, processors, order, clairvoyant);
        run.simulate();
        return run.waits;
    }

    private void simulate()
    {
        final PriorityQueue<long[]> terminations = new PriorityQueue<>((left, right) ->
            left[0] != right[0] ? Long.compare(left[0], right[0]) : Long.compare(left[1], right[1]));
        int next = 0;
        int seen = 0;
        while (next < jobs.length || !terminations.isEmpty())
        {
            final long endSeconds = terminations.isEmpty() ? Long.MAX_VALUE : terminations.peek()[0];
            final long submitSeconds = next < jobs.length ? jobs[next].submitSeconds() : Long.MAX_VALUE;
            if (submitSeconds <= endSeconds)
            {
                submit(next, submitSeconds);
                next++;
            }
            else
            {
                end((int)terminations.poll()[2], endSeconds);
            }
            for (; seen < startedCount; seen++)
            {
                final int job = started[seen];
                terminations.add(new long[] {startSeconds(job) + jobs[job].runSeconds(), seen, job});
            }
        }
    }

    void submit(final int job, final long nowSeconds)
    {
        queue[queued] = job;
        queued++;
        pass(nowSeconds);
    }

    void end(final int job, final long nowSeconds)
    {
        remove(job);
        pass(nowSeconds);
    }

    int startedCount()
    {
        return startedCount;
    }

    int started(final int position)
    {
        return started[position];
    }

    long startSeconds(final int job)
    {
        return jobs[job].submitSeconds() + waits[job];
    }

    private void pass(final long nowSeconds)
    {
        int free = freeAt(nowSeconds);
        int head = 0;
        while (head < queued && jobs[queue[head]].processors() <= free)
        {
            free -= start(queue[head], nowSeconds);
            head++;
        }
        if (head < queued && Order.NOBODY != order)
        {
            backfill(head, free, nowSeconds);
        }
        compact();
    }

    private void backfill(final int head, final int freeNow, final long nowSeconds)
    {
        final int needed = jobs[queue[head]].processors();
        int free = freeNow;
        int atShadow = freeNow;
        int i = firstUnexpired(nowSeconds);
        while (atShadow < needed)
        {
            atShadow += jobs[running[i]].processors();
            i++;
        }
        final long shadowSeconds = predictedEnds[i - 1];
        while (i < runningCount && predictedEnds[i] == shadowSeconds)
        {
            atShadow += jobs[running[i]].processors();
            i++;
        }
        int extra = atShadow - needed;
        for (final int candidate : candidatesAfter(head))
        {
            final int size = jobs[candidate].processors();
            final boolean endsInTime = nowSeconds + estimates[candidate] <= shadowSeconds;
            if (size <= free && (endsInTime || size <= extra))
            {
                extra -= endsInTime ? 0 : size;
                free -= start(candidate, nowSeconds);
            }
        }
    }

    private int[] candidatesAfter(final int head)
    {
        final int[] candidates = Arrays.copyOfRange(queue, head + 1, queued);
        if (Order.SHORTEST_FIRST == order)
        {
            sortByEstimate(candidates);
        }
        return candidates;
    }

    private void sortByEstimate(final int[] candidates)
    {
        final long[] keys = new long[candidates.length];
        for (int i = 0; i < keys.length; i++)
        {
            // Indices grow in order of arrival, so the low half keeps the sort stable.
            keys[i] = estimates[candidates[i]] << Integer.SIZE | candidates[i];
        }
        Arrays.sort(keys);
        for (int i = 0; i < keys.length; i++)
        {
            candidates[i] = (int)keys[i];
        }
    }

    private int start(final int job, final long nowSeconds)
    {
        waits[job] = nowSeconds - jobs[job].submitSeconds();
        started[startedCount] = job;
        startedCount++;
        final long end = nowSeconds + estimates[job];
        int at = runningCount;
        while (at > 0 && predictedEnds[at - 1] > end)
        {
            predictedEnds[at] = predictedEnds[at - 1];
            running[at] = running[at - 1];
            at--;
        }
        predictedEnds[at] = end;
        running[at] = job;
        runningCount++;
        return jobs[job].processors();
    }

    private void remove(final int job)
    {
        int at = 0;
        while (running[at] != job)
        {
            at++;
        }
        runningCount--;
        System.arraycopy(running, at + 1, running, at, runningCount - at);
        System.arraycopy(predictedEnds, at + 1, predictedEnds, at, runningCount - at);
    }

    private int freeAt(final long nowSeconds)
    {
        int free = processors;
        for (int i = firstUnexpired(nowSeconds); i < runningCount; i++)
        {
            free -= jobs[running[i]].processors();
        }
        return free;
    }

    private int firstUnexpired(final long nowSeconds)
    {
        int i = 0;
        while (i < runningCount && predictedEnds[i] <= nowSeconds)
        {
            i++;
        }
        return i;
    }

    private void compact()
    {
        int kept = 0;
        for (int i = 0; i < queued; i++)
        {
            if (waits[queue[i]] < 0)
            {
                queue[kept] = queue[i];
                kept++;
            }
        }
        queued = kept;
    }
}
