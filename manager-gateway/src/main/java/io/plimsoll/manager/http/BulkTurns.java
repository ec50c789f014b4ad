package io.plimsoll.manager.http;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Who reads a slice of a bulk submission next, on one event loop. Between two slices the loop looks at all its other
 * connections, and of the accounts that have some to be read each has a turn before any has another: so many
 * connections get an account no more than one does. What waits is bounded by its connections, each of which has one
 * slice here. Event loop only.
 */
final class BulkTurns
{
    private static final FastThreadLocal<BulkTurns> OF_LOOP = new FastThreadLocal<>();

    private final Map<Integer, Deque<Runnable>> sliceByOwner = new LinkedHashMap<>();
    private final Consumer<Runnable> later;
    private boolean isScheduled;

    /**
     * Nobody waits.
     *
     * @param later runs something when the loop has looked at its connections.
     */
    BulkTurns(final Consumer<Runnable> later)
    {
        this.later = later;
    }

    /** Those of the loop that calls. */
    static BulkTurns of(final EventLoop loop)
    {
        BulkTurns turns = OF_LOOP.get();
        if (null == turns)
        {
            // Not execute: the loop does all that it was given before it looks at its connections.
            turns = new BulkTurns(action -> loop.schedule(action, 1, TimeUnit.NANOSECONDS));
            OF_LOOP.set(turns);
        }
        return turns;
    }

    /**
     * Waits for a turn.
     *
     * @param ownerId account.
     * @param slice   what to do with it: once, and not for long.
     */
    void await(final int ownerId, final Runnable slice)
    {
        sliceByOwner.computeIfAbsent(ownerId, id -> new ArrayDeque<>()).add(slice);
        schedule();
    }

    private void schedule()
    {
        if (!isScheduled && !sliceByOwner.isEmpty())
        {
            isScheduled = true;
            later.accept(this::turn);
        }
    }

    private void turn()
    {
        isScheduled = false;
        final Iterator<Map.Entry<Integer, Deque<Runnable>>> owners = sliceByOwner.entrySet().iterator();
        final Map.Entry<Integer, Deque<Runnable>> first = owners.next();
        final int ownerId = first.getKey();
        final Deque<Runnable> slices = first.getValue();
        owners.remove();
        final Runnable slice = slices.poll();
        if (!slices.isEmpty())
        {
            sliceByOwner.put(ownerId, slices);
        }
        schedule();
        slice.run();
    }
}
