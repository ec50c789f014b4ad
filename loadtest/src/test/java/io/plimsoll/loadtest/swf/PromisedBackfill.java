package io.plimsoll.loadtest.swf;

import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Reference of the backfilling described in docs/BACKFILL.md: jobs are asked in the order of the slowdown that they
 * are predicted to suffer, and each is promised a start at most a stated bound later than plain EASY would have
 * started it. In arrays, without any code of the scheduler. It counts in nanoseconds, as the scheduler does.
 */
final class PromisedBackfill
{
    /** Latest start behind plain EASY, in seconds: the bound that is promised. */
    static final long BOUND_SECONDS = 120 * 3600L;
    private static final long SECOND = 1_000_000_000;
    private static final long MS = 1_000_000;
    private static final long SHORT_MS = 10_000;

    private static final int CLASS_SHIFT = 58;
    private static final int SCORE_SHIFT = 20;
    private static final long SCORE_MAX = (1L << CLASS_SHIFT - SCORE_SHIFT) - 1;
    private static final long NONE = Long.MAX_VALUE;

    private final SwfJob[] jobs;
    private final long bound;
    // Behind EASY, and since the submission: beyond either, a job goes before those that are only asked by their score.
    private final long late;
    private final long patience;
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
    private long horizon;
    private long wake = NONE;
    // Somebody had room and was refused, since nobody knew yet who comes before.
    private boolean isUncertain;

    PromisedBackfill(final List<SwfJob> arrivals, final int processors, final long boundSeconds)
    {
        this.processors = processors;
        bound = boundSeconds * SECOND;
        late = bound / 5;
        patience = 3 * (bound / 5);
        final List<SwfJob> inTicks = arrivals.stream().map(PromisedBackfill::inTicks).toList();
        jobs = inTicks.toArray(new SwfJob[0]);
        easy = new ShadowEasy(inTicks, processors);
        free = processors;
        starts = new long[jobs.length];
        Arrays.fill(starts, ShadowEasy.UNKNOWN);
        waiting = new int[jobs.length];
        running = new int[jobs.length];
    }

    private static SwfJob inTicks(final SwfJob job)
    {
        return new SwfJob(
            job.id(), job.submitSeconds() * SECOND, job.runSeconds() * SECOND, job.processors(),
            job.requestedSeconds() * SECOND, job.user());
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
            final long end = terminations.isEmpty() ? NONE : terminations.peek()[0];
            final long submit = next < jobs.length ? jobs[next].submitSeconds() : NONE;
            if (wake < Math.min(end, submit))
            {
                pass(wake);
            }
            else if (submit <= end)
            {
                easy.submit(next);
                waiting[waitingCount] = next;
                waitingCount++;
                next++;
                pass(submit);
            }
            else
            {
                end((int)terminations.poll()[2], end);
                pass(end);
            }
        }
        final long[] waits = new long[jobs.length];
        Arrays.setAll(waits, job -> starts[job] / SECOND - jobs[job].submitSeconds() / SECOND);
        return waits;
    }

    /**
     * The plain EASY that was followed beside it.
     *
     * @return seconds at which it would have started each job; complete once all jobs have run.
     */
    long[] easyStarts()
    {
        easy.advance(NONE / 2);
        final long[] easyStarts = new long[jobs.length];
        Arrays.setAll(easyStarts, job -> easy.start(job) / SECOND);
        return easyStarts;
    }

    private void end(final int job, final long now)
    {
        int at = 0;
        while (running[at] != job)
        {
            at++;
        }
        runningCount--;
        System.arraycopy(running, at + 1, running, at, runningCount - at);
        free += jobs[job].processors();
        easy.ended(job, now - starts[job]);
        history.ended(jobs[job].user(), now - starts[job]);
    }

    private void pass(final long now)
    {
        horizon = easy.advance(now);
        // Whoever was refused may start for what started after it, so it is asked again.
        boolean again = free > 0 && waitingCount > 0;
        isUncertain = false;
        while (again)
        {
            again = passOnce(now);
            compact();
        }
        wake = nextWake(now);
    }

    private boolean passOnce(final long now)
    {
        long shadow = NONE;
        int extra = processors;
        boolean refused = false;
        boolean started = false;
        isUncertain = false;
        for (final int job : inOrder(now))
        {
            final int size = jobs[job].processors();
            final boolean inTime = now + jobs[job].requestedSeconds() <= shadow;
            if (size > free)
            {
                if (NONE == shadow)
                {
                    final int last = lastToWaitFor(size);
                    shadow = requestedEnd(running[last]);
                    extra = freeAt(shadow) - size;
                }
            }
            else if (inTime || size <= extra)
            {
                if (keepsPromises(job, now))
                {
                    extra -= inTime ? 0 : size;
                    start(job, now);
                    started = true;
                    if (refused)
                    {
                        return true;
                    }
                }
                else
                {
                    refused = true;
                }
            }
        }
        return refused && started;
    }

    private int[] inOrder(final long now)
    {
        final long[] keys = new long[waitingCount];
        for (int i = 0; i < waitingCount; i++)
        {
            keys[i] = key(waiting[i], now) | i;
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
    private long key(final int job, final long now)
    {
        final long easyStart = easy.start(job);
        final boolean known = ShadowEasy.UNKNOWN != easyStart;
        final long waited = now - jobs[job].submitSeconds();
        if (known && now >= easyStart + bound)
        {
            return (long)easy.startOrder(job) << SCORE_SHIFT;
        }
        if (known && now - easyStart > late || waited > patience)
        {
            return 1L << CLASS_SHIFT;
        }
        final long twicePredicted = history.twicePredicted(jobs[job].user(), jobs[job].requestedSeconds());
        final long score = 2048 * (waited / MS) / Math.max(twicePredicted / MS, 2 * SHORT_MS);
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

    private boolean keepsPromises(final int job, final long now)
    {
        final long end = now + jobs[job].requestedSeconds();
        final boolean known = ShadowEasy.UNKNOWN != easy.start(job);
        if (!known && end > horizon + bound)
        {
            isUncertain = true;
            return false;
        }
        for (int i = 0; i < waitingCount; i++)
        {
            final int promised = waiting[i];
            if (promised != job && isWaiting(promised) && easy.isBefore(promised, job) &&
                promise(promised) < end && slack(promised) < jobs[job].processors())
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
                easy.isBefore(other, promised) || requestedEnd(other) > promise(promised);
            left -= holds ? jobs[other].processors() : 0;
        }
        for (int i = 0; i < waitingCount; i++)
        {
            final int other = waiting[i];
            left -= isWaiting(other) && easy.isBefore(other, promised) ? jobs[other].processors() : 0;
        }
        return left;
    }

    // Promises that are known; and when somebody of whom nothing is known could be due, or may start once it is known.
    private long nextWake(final long now)
    {
        long next = NONE;
        boolean isKnown = true;
        for (int i = 0; i < waitingCount; i++)
        {
            final boolean known = ShadowEasy.UNKNOWN != easy.start(waiting[i]);
            isKnown &= known;
            next = known && promise(waiting[i]) > now ? Math.min(next, promise(waiting[i])) : next;
        }
        final long step = isKnown ? NONE : easy.nextStep();
        final long lag = easy.lag();
        if (NONE != step && ShadowEasy.NEVER != lag)
        {
            final long certain = step + lag + 1;
            next = Math.min(next, isUncertain ? certain : Math.max(certain, step + bound));
        }
        return next;
    }

    private void start(final int job, final long now)
    {
        starts[job] = now;
        free -= jobs[job].processors();
        easy.started(job, now);
        terminations.add(new long[] {now + jobs[job].runSeconds(), startedCount++, job});
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

    private long promise(final int job)
    {
        return easy.start(job) + bound;
    }
}
