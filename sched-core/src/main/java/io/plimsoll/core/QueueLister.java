package io.plimsoll.core;

import io.plimsoll.core.sbe.LifeState;
import java.util.Arrays;

/** Lists who waits in a group, in order. Reads tables and caches and changes neither. */
final class QueueLister
{
    /** Rows that are looked at for who is held back: with more, nobody shall wait for the answer. */
    private static final int ROWS_MAX = 100_000;

    private final CoreState state;
    private final SessionTable sessions;
    private final ShapeTable shapes;
    private final long[] ids;
    private int count;
    /** The next session of each shape of the group. */
    private int[] heads = new int[16];
    private int headCount;

    /**
     * For one list.
     *
     * @param state of the core, whose schedule is valid.
     * @param max   ids that are told.
     */
    QueueLister(final CoreState state, final int max)
    {
        this.state = state;
        sessions = state.sessions;
        shapes = state.shapes;
        ids = new long[max];
    }

    QueueListing list(final int group)
    {
        listReady(group);
        final long[] ready = Arrays.copyOf(ids, count);
        final int readyCount = count;
        if (count < ids.length)
        {
            listHeld(group);
        }
        final long[] held = Arrays.copyOfRange(ids, readyCount, count);
        Arrays.sort(held);
        return new QueueListing(state.sequence, state.groups.get(state.groups.pending, group), ready, held);
    }

    private void listReady(final int group)
    {
        final GroupQueue queue = state.schedule.queue(group);
        final GroupOrder order = queue.order();
        order.refresh();
        for (int shape = 0; shape < shapes.highWater(); shape++)
        {
            if (shapes.isLive(shape) && group == shapes.get(shapes.group, shape) && Table.NONE != order.first(shape))
            {
                heads = headCount == heads.length ? Arrays.copyOf(heads, 2 * headCount) : heads;
                heads[headCount++] = order.first(shape);
            }
        }
        while (headCount > 0 && count < ids.length)
        {
            int first = 0;
            for (int i = 1; i < headCount; i++)
            {
                first = queue.isBefore(heads[i], heads[first]) ? i : first;
            }
            add(heads[first]);
            final int next = order.next(heads[first]);
            heads[first] = Table.NONE == next ? heads[--headCount] : next;
        }
    }

    private void listHeld(final int group)
    {
        final int rows = Math.min(sessions.highWater(), ROWS_MAX);
        for (int session = 0; session < rows && count < ids.length; session++)
        {
            if (sessions.isLive(session) && 0 == sessions.get(sessions.queued, session) &&
                LifeState.PENDING.value() == sessions.get(sessions.state, session) &&
                group == shapes.get(shapes.group, sessions.get(sessions.shape, session)))
            {
                add(session);
            }
        }
    }

    /** Elements of an array that wait stand in its row. */
    private void add(final int session)
    {
        final long elements = sessions.waiting(session);
        for (long i = 0; i < elements && count < ids.length; i++)
        {
            ids[count++] = sessions.get(sessions.nextId, session) + i;
        }
    }
}
