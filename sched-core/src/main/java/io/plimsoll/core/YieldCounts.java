package io.plimsoll.core;

import io.plimsoll.core.sbe.LifeState;
import java.util.Arrays;

/**
 * How many sessions of each group wait, and how many run that may be preempted, by priority: most of the time that says
 * already that nobody would yield to anybody. A cache.
 */
final class YieldCounts
{
    private static final int PRIORITIES = GroupOrder.PRIORITY_MAX + 1;

    private final SessionTable sessions;
    private final ShapeTable shapes;
    private int[] waiting = new int[PRIORITIES];
    private int[] running = new int[PRIORITIES];

    YieldCounts(final CoreState state)
    {
        sessions = state.sessions;
        shapes = state.shapes;
    }

    void clear()
    {
        Arrays.fill(waiting, 0);
        Arrays.fill(running, 0);
    }

    /** A session came to wait for room, or does so no longer if the number is negative. */
    void onWaiting(final int session, final int number)
    {
        final int row = row(session);
        waiting[row] += number;
    }

    /** A session went from one state to another; from none when it is counted anew. */
    void onAdvanced(final int session, final int from, final int to)
    {
        final int number =
            (LifeState.RUNNING.value() == to ? 1 : 0) - (LifeState.RUNNING.value() == from ? 1 : 0);
        if (0 != number && 0 != sessions.get(sessions.preemptible, session))
        {
            final int row = row(session);
            running[row] += number;
        }
    }

    private int row(final int session)
    {
        final int shape = sessions.get(sessions.shape, session);
        final int row = shapes.get(shapes.group, shape) * PRIORITIES + shapes.get(shapes.priority, shape);
        if (row >= waiting.length)
        {
            waiting = Arrays.copyOf(waiting, row + PRIORITIES);
            running = Arrays.copyOf(running, row + PRIORITIES);
        }
        return row;
    }

    /** Whether anybody waits in a group who goes before anybody who runs and may be preempted. */
    boolean mayYield(final int group)
    {
        final int first = group * PRIORITIES;
        int lowest = first;
        while (lowest < first + PRIORITIES && (lowest >= running.length || 0 == running[lowest]))
        {
            lowest++;
        }
        for (int row = lowest + 1; row < first + PRIORITIES && row < waiting.length; row++)
        {
            if (waiting[row] > 0)
            {
                return true;
            }
        }
        return false;
    }
}
