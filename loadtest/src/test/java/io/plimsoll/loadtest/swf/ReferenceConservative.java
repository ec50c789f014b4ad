package io.plimsoll.loadtest.swf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import java.util.TreeMap;

/**
 * Conservative backfilling with compression on one pool of processors, as Mu'alem and Feitelson describe it, without
 * any code of the scheduler. Every job that waits has a reservation: the earliest start at which its processors are
 * free for as long as it is estimated to run, beside all jobs that run and all other reservations. When a job ends
 * early, the jobs that wait are gone through in order of arrival, and the first that can come earlier, all others
 * staying where they are, does; then again from the first one, until nobody can. A job whose reservation has come
 * starts.
 *
 * <p>Instants are as in {@link ReferenceBackfill}: submissions, then terminations in order of the starts, with a pass
 * after each, and no processors for a job that has reached its estimate.
 */
final class ReferenceConservative
{
    private static final long UNPLANNED = Long.MAX_VALUE;

    private final SwfJob[] jobs;
    private final long[] estimates;
    private final long[] waits;
    private final long[] reserved;
    private final int processors;
    private final List<Integer> queue = new ArrayList<>();
    private final List<Integer> started = new ArrayList<>();
    /** Changes of what is free, by time: all that runs or is reserved. */
    private final TreeMap<Long, Integer> changes = new TreeMap<>();
    private long[] times = new long[16];
    private int[] free = new int[16];
    private int points;

    private ReferenceConservative(final List<SwfJob> arrivals, final int processors, final boolean clairvoyant)
    {
        this.processors = processors;
        jobs = arrivals.toArray(new SwfJob[0]);
        estimates = new long[jobs.length];
        for (int i = 0; i < jobs.length; i++)
        {
            estimates[i] = clairvoyant ? jobs[i].runSeconds() : jobs[i].requestedSeconds();
        }
        waits = new long[jobs.length];
        Arrays.fill(waits, -1);
        reserved = new long[jobs.length];
        Arrays.fill(reserved, UNPLANNED);
    }

    /**
     * How long each job waits.
     *
     * @param arrivals    in order of arrival.
     * @param processors  of the machine.
     * @param clairvoyant whether estimates are the true run times instead of the requested ones.
     * @return seconds, in the order of the arrivals.
     */
    static long[] waits(final List<SwfJob> arrivals, final int processors, final boolean clairvoyant)
    {
        final ReferenceConservative run = new ReferenceConservative(arrivals, processors, clairvoyant);
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
                queue.add(next);
                next++;
                pass(submitSeconds);
            }
            else
            {
                end((int)terminations.poll()[2], endSeconds);
            }
            for (; seen < started.size(); seen++)
            {
                final int job = started.get(seen);
                final long startSeconds = jobs[job].submitSeconds() + waits[job];
                terminations.add(new long[] {startSeconds + jobs[job].runSeconds(), seen, job});
            }
        }
    }

    private void end(final int job, final long nowSeconds)
    {
        final long expected = jobs[job].submitSeconds() + waits[job] + estimates[job];
        if (nowSeconds < expected)
        {
            change(nowSeconds, jobs[job].processors());
            change(expected, -jobs[job].processors());
        }
        pass(nowSeconds);
    }

    private void change(final long atSeconds, final int amount)
    {
        changes.merge(atSeconds, amount, Integer::sum);
        if (0 == changes.get(atSeconds))
        {
            changes.remove(atSeconds);
        }
    }

    private void hold(final int job, final long startSeconds, final int sign)
    {
        change(startSeconds, -sign * jobs[job].processors());
        change(startSeconds + estimates[job], sign * jobs[job].processors());
    }

    private void pass(final long nowSeconds)
    {
        int at = 0;
        while (at < queue.size())
        {
            final int job = queue.get(at);
            if (UNPLANNED != reserved[job])
            {
                hold(job, reserved[job], -1);
            }
            draw(nowSeconds);
            final long startSeconds = earliest(jobs[job].processors(), estimates[job]);
            if (startSeconds > nowSeconds && startSeconds == reserved[job])
            {
                hold(job, startSeconds, 1);
                at++;
            }
            else
            {
                hold(job, startSeconds, 1);
                reserved[job] = startSeconds;
                if (startSeconds == nowSeconds)
                {
                    waits[job] = nowSeconds - jobs[job].submitSeconds();
                    started.add(job);
                    queue.remove(at);
                }
                at = 0;
            }
        }
    }

    /** What is free from now on. */
    private void draw(final long nowSeconds)
    {
        while (!changes.isEmpty() && changes.firstKey() < nowSeconds)
        {
            final int amount = changes.pollFirstEntry().getValue();
            change(nowSeconds, amount);
        }
        if (changes.size() + 1 > times.length)
        {
            times = new long[2 * changes.size() + 2];
            free = new int[2 * changes.size() + 2];
        }
        times[0] = nowSeconds;
        free[0] = processors;
        points = 1;
        changes.forEach((atSeconds, amount) ->
        {
            if (atSeconds > times[points - 1])
            {
                times[points] = atSeconds;
                free[points] = free[points - 1];
                points++;
            }
            free[points - 1] += amount;
        });
    }

    private long earliest(final int wanted, final long estimate)
    {
        int first = 0;
        int point = 0;
        while (point < points && times[point] < times[first] + estimate)
        {
            if (free[point] < wanted)
            {
                first = point + 1;
            }
            point++;
        }
        return times[first];
    }
}
