package io.plimsoll.loadtest.virtual;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;
import org.agrona.collections.Long2LongHashMap;

/**
 * Why sessions wait, as the scheduler itself says of some of them: of {@value #ASKED} spread over all that do, what
 * each waits for first. A sample, whose parts stand for those of the queue.
 */
final class QueueCauses
{
    private static final int ASKED = 16;
    private static final long NOWHERE = -1;

    private final Long2LongHashMap places = new Long2LongHashMap(NOWHERE);
    private long[] waiting = new long[64];
    private int size;

    void waits(final long sessionId, final boolean waits)
    {
        final long place = places.get(sessionId);
        if (waits && NOWHERE == place)
        {
            waiting = size < waiting.length ? waiting : Arrays.copyOf(waiting, size * 2);
            waiting[size] = sessionId;
            places.put(sessionId, size++);
        }
        else if (!waits && NOWHERE != place)
        {
            // The last one takes its place.
            places.remove(sessionId);
            final long last = waiting[--size];
            if (last != sessionId)
            {
                waiting[(int)place] = last;
                places.put(last, place);
            }
        }
    }

    /** Sessions that wait, by cause. */
    Map<String, Double> ask(final LongFunction<String> scheduler)
    {
        final int asked = Math.min(ASKED, size);
        final Map<String, Double> causes = new TreeMap<>();
        for (int i = 0; i < asked; i++)
        {
            causes.merge(
                scheduler.apply(waiting[(int)((long)i * size / asked)]), (double)size / asked, Double::sum);
        }
        return causes;
    }
}
