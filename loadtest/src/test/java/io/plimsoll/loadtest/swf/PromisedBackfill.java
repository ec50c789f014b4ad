package io.plimsoll.loadtest.swf;

import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Reference of the backfilling described in docs/BACKFILL.md: jobs are asked in the order of the slowdown that they
 * are predicted to suffer, and each is promised a start at most a stated bound later than plain EASY would have
 * started it. In arrays, without any code of the scheduler.
 */
final class PromisedBackfill
{
    /** Latest start behind plain EASY, in seconds: the bound that is promised. */
    static final long BOUND_SECONDS = 120 * 3600L;
    private static final long SHORT_SECONDS = 10;

    private static final int CLASS_SHIFT = 58;
    private static final int SCORE_SHIFT = 20;
    private static final long SCORE_MAX = (1L << CLASS_SHIFT - SCORE_SHIFT) - 1;
    private static final long NONE = Long.MAX_VALUE;

    private final SwfJob[] jobs;
    private final long boundSeconds;
    // Behind EASY, and since the submission: beyond either, a job goes before those that are only asked by their score.
    private final long lateSeconds;
    private final long patienceSeconds;
    private final ShadowEasy easy;
    private final RunHistory history = new RunHistory();
    private int free;
    private final int processors;

    private final long[] starts;
    // In order of arrival.
    private final int[] waiting;
    private int waitingCount;
    // In order of the requested end; ties in order of start.
    private final int[] running;
    private int runningCount;
    private final PriorityQueue<long[]> terminations = new PriorityQueue<>((left, right) ->
        left[0] != right[0] ? Long.compare(left[0], right[0]) : Long.compare(left[1], right[1]));
    private long startedCount;
    private long horizonSeconds;
    private long wakeSeconds = NONE;

    PromisedBackfill(final List<SwfJob> arrivals, final int processors, final long boundSeconds)
    {
        this.processors = processors;
        this.boundSeconds = boundSeconds;
        lateSeconds = boundSeconds / 5;
        patienceSeconds = 3 * boundSeconds / 5;
        jobs = arrivals.toArray(new SwfJob[0]);
        easy = new ShadowEasy(arrivals, processors);
        free = processors;
        starts = new long[jobs.length];
        Arrays.fill(starts, ShadowEasy.UNKNOWN);
        waiting = new int[jobs.length];
        running = new int[jobs.length];
    }

    /**
     * Run all jobs.
     *
     * @return seconds that each waits, in the order of the arrivals.
     */
    long[] waits()
    {
        int next = 0;
        while (next < jobs.length || waitingCount > 0 || !terminations.isEmpty())
        {
            final long endSeconds = terminations.isEmpty() ? NONE : terminations.peek()[0];
            final long submitSeconds = next < jobs.length ? jobs[next].submitSeconds() : NONE;
            if (wakeSeconds < Math.min(endSeconds, submitSeconds))
            {
                pass(wakeSeconds, true);
            }
            else if (submitSeconds <= endSeconds)
            {
                easy.submit(next);
                waiting[waitingCount] = next;
                waitingCount++;
                next++;
                pass(submitSeconds, false);
            }
            else
            {
                end((int)terminations.poll()[2], endSeconds);
                pass(endSeconds, false);
            }
        }
        final long[] waits = new long[jobs.length];
        Arrays.setAll(waits, job -> starts[job] - jobs[job].submitSeconds());
        return waits;
    }

    /**
     * The plain EASY that was followed beside it.
     *
     * @return seconds at which it would have started each job; complete once all jobs have run.
     */
    long[] easyStarts()
    {
        easy.advance(NONE / 2, true);
        final long[] easyStarts = new long[jobs.length];
        Arrays.setAll(easyStarts, easy::startSeconds);
        return easyStarts;
    }

    private void end(final int job, final long nowSeconds)
    {
        int at = 0;
        while (running[at] != job)
        {
            at++;
        }
        runningCount--;
        System.arraycopy(running, at + 1, running, at, runningCount - at);
        free += jobs[job].processors();
        easy.ended(job, nowSeconds - starts[job]);
        history.ended(jobs[job].user(), nowSeconds - starts[job]);
    }

    // A wake-up stands behind everything else of its instant.
    private void pass(final long nowSeconds, final boolean instantIsOver)
    {
        horizonSeconds = easy.advance(nowSeconds, instantIsOver);
        if (free > 0 && waitingCount > 0)
        {
            long shadowSeconds = NONE;
            int extra = processors;
            for (final int job : inOrder(nowSeconds))
            {
                final int size = jobs[job].processors();
                final boolean inTime = nowSeconds + jobs[job].requestedSeconds() <= shadowSeconds;
                if (size > free)
                {
                    if (NONE == shadowSeconds)
                    {
                        final int last = lastToWaitFor(size);
                        shadowSeconds = requestedEnd(running[last]);
                        extra = freeAt(shadowSeconds) - size;
                    }
                }
                else if ((inTime || size <= extra) && keepsPromises(job, nowSeconds))
                {
                    extra -= inTime ? 0 : size;
                    start(job, nowSeconds);
                }
            }
            compact();
        }
        wakeSeconds = nextWake(instantIsOver ? nowSeconds + 1 : nowSeconds);
    }

    private int[] inOrder(final long nowSeconds)
    {
        final long[] keys = new long[waitingCount];
        for (int i = 0; i < waitingCount; i++)
        {
            keys[i] = key(waiting[i], nowSeconds) | i;
        }
        Arrays.sort(keys);
        final int[] ordered = new int[waitingCount];
        for (int i = 0; i < waitingCount; i++)
        {
            ordered[i] = waiting[(int)(keys[i] & (1 << SCORE_SHIFT) - 1)];
        }
        return ordered;
    }

    // The low bits are left for the place in order of arrival, which breaks every tie.
    private long key(final int job, final long nowSeconds)
    {
        final long easySeconds = easy.startSeconds(job);
        final boolean known = ShadowEasy.UNKNOWN != easySeconds;
        final long waitSeconds = nowSeconds - jobs[job].submitSeconds();
        if (known && nowSeconds >= easySeconds + boundSeconds)
        {
            return (long)easy.startOrder(job) << SCORE_SHIFT;
        }
        if (known && nowSeconds - easySeconds > lateSeconds || waitSeconds > patienceSeconds)
        {
            return 1L << CLASS_SHIFT;
        }
        final long twicePredicted = history.twicePredicted(jobs[job].user(), jobs[job].requestedSeconds());
        final long score = 2048 * waitSeconds / Math.max(twicePredicted, 2 * SHORT_SECONDS);
        return 2L << CLASS_SHIFT | SCORE_MAX - Math.min(score, SCORE_MAX) << SCORE_SHIFT;
    }

    private int lastToWaitFor(final int size)
    {
        int last = -1;
        for (int available = free; available < size; available += jobs[running[last]].processors())
        {
            last++;
        }
        return last;
    }

    private int freeAt(final long seconds)
    {
        int available = free;
        for (int i = 0; i < runningCount && requestedEnd(running[i]) <= seconds; i++)
        {
            available += jobs[running[i]].processors();
        }
        return available;
    }

    private boolean keepsPromises(final int job, final long nowSeconds)
    {
        final long endSeconds = nowSeconds + jobs[job].requestedSeconds();
        final boolean known = ShadowEasy.UNKNOWN != easy.startSeconds(job);
        if (!known && endSeconds > horizonSeconds + boundSeconds)
        {
            return false;
        }
        for (int i = 0; i < waitingCount; i++)
        {
            final int promised = waiting[i];
            if (promised != job && isWaiting(promised) && easy.isBefore(promised, job) &&
                promiseSeconds(promised) < endSeconds && slack(promised) < jobs[job].processors())
            {
                return false;
            }
        }
        return true;
    }

    // What is certainly left beside a job at the latest start that it was promised.
    private int slack(final int promised)
    {
        int left = processors - jobs[promised].processors();
        for (int i = 0; i < runningCount; i++)
        {
            final int other = running[i];
            final boolean holds =
                easy.isBefore(other, promised) || requestedEnd(other) > promiseSeconds(promised);
            left -= holds ? jobs[other].processors() : 0;
        }
        for (int i = 0; i < waitingCount; i++)
        {
            final int other = waiting[i];
            left -= isWaiting(other) && easy.isBefore(other, promised) ? jobs[other].processors() : 0;
        }
        return left;
    }

    // Promises that are known, and the first that could come due without being known.
    private long nextWake(final long earliestSeconds)
    {
        long wake = NONE;
        for (int i = 0; i < waitingCount; i++)
        {
            final int job = waiting[i];
            final boolean known = ShadowEasy.UNKNOWN != easy.startSeconds(job);
            final long due = known ? promiseSeconds(job) : horizonSeconds + 1 + boundSeconds;
            wake = due >= earliestSeconds ? Math.min(wake, due) : wake;
        }
        return wake;
    }

    private void start(final int job, final long nowSeconds)
    {
        starts[job] = nowSeconds;
        free -= jobs[job].processors();
        easy.started(job, nowSeconds);
        terminations.add(new long[] {nowSeconds + jobs[job].runSeconds(), startedCount++, job});
        int at = runningCount;
        while (at > 0 && requestedEnd(running[at - 1]) > requestedEnd(job))
        {
            running[at] = running[at - 1];
            at--;
        }
        running[at] = job;
        runningCount++;
    }

    private void compact()
    {
        int kept = 0;
        for (int i = 0; i < waitingCount; i++)
        {
            if (isWaiting(waiting[i]))
            {
                waiting[kept] = waiting[i];
                kept++;
            }
        }
        waitingCount = kept;
    }

    private boolean isWaiting(final int job)
    {
        return ShadowEasy.UNKNOWN == starts[job];
    }

    private long requestedEnd(final int job)
    {
        return starts[job] + jobs[job].requestedSeconds();
    }

    private long promiseSeconds(final int job)
    {
        return easy.startSeconds(job) + boundSeconds;
    }
}
