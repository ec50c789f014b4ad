package io.plimsoll.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Against a sorted set that does what it says. */
class TimerQueueTest
{
    private static final int LANES_OF_KERNELS = 3;

    /** A timer as anyone would write it down. */
    private record Timer(long deadlineNs, long id, int handle) implements Comparable<Timer>
    {
        @Override
        public int compareTo(final Timer other)
        {
            return deadlineNs == other.deadlineNs ?
                Long.compare(id, other.id) : Long.compare(deadlineNs, other.deadlineNs);
        }

        boolean isOfKernel()
        {
            return id > 0 && 0 == (id & 1);
        }
    }

    private final TimerQueue queue = new TimerQueue();
    private final Map<Integer, Timer> timers = new HashMap<>();
    private final List<Integer> handles = new ArrayList<>();

    /** Kernels have even ids and lanes of their own, sessions odd ones, agents negative ones. */
    private void schedule(final SplittableRandom random, final long number)
    {
        final long deadlineNs = random.nextLong(1_000);
        final int kind = random.nextInt(4);
        final long id = 0 == kind ? number * 2 + 1 : 1 == kind ? -number : number * 2;
        final int lane = 0 == kind ? 0 : 1 == kind ? 7 : 1 + random.nextInt(LANES_OF_KERNELS);
        final int handle = queue.schedule(lane, deadlineNs, id, (int)number);
        timers.put(handle, new Timer(deadlineNs, id, handle));
        handles.add(handle);
    }

    private void cancel(final SplittableRandom random)
    {
        final int handle = handles.remove(random.nextInt(handles.size()));
        queue.cancel(handle);
        timers.remove(handle);
    }

    private void moveKernels(final long byNs)
    {
        queue.moveKernels(byNs);
        timers.replaceAll((handle, timer) -> timer.isOfKernel() ?
            new Timer(timer.deadlineNs() + byNs, timer.id(), handle) : timer);
    }

    @Test
    void shouldKeepTheOrderWhenTimersOfKernelsAreMoved()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            final SplittableRandom random = new SplittableRandom(seed);
            for (int step = 1; step <= 400; step++)
            {
                final int what = random.nextInt(20);
                if (0 == what)
                {
                    moveKernels(random.nextLong(600));
                }
                else if (what < 8 && !handles.isEmpty())
                {
                    cancel(random);
                }
                else
                {
                    schedule(random, step);
                }
            }
            drain("seed=" + seed);
        }
    }

    private void drain(final String place)
    {
        final TreeSet<Timer> sorted = new TreeSet<>(timers.values());
        assertEquals(sorted.size(), queue.size(), place);
        for (final Timer timer : sorted)
        {
            assertEquals(timer.deadlineNs(), queue.nextDeadlineNs(), place);
            assertEquals(timer.id(), queue.nextId(), place);
            queue.cancel(timer.handle());
        }
        timers.clear();
        handles.clear();
    }
}
