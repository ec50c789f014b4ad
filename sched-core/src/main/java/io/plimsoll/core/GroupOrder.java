package io.plimsoll.core;

/**
 * Who goes before whom among the sessions of one group that wait: a total order, in which the sessions of one shape
 * stand by age. What it compares by may change with every decision and with the time; {@link #refresh()} takes note.
 */
abstract class GroupOrder
{
    /** Greatest priority, so that bands count from 0 for the first. */
    static final int PRIORITY_MAX = 100;

    final SessionTable sessions;
    final ShapeTable shapes;
    private final boolean newestFirst;

    GroupOrder(final CoreState state, final boolean newestFirst)
    {
        sessions = state.sessions;
        shapes = state.shapes;
        this.newestFirst = newestFirst;
    }

    /** The session of a shape that goes first; NONE when none waits. */
    final int first(final int shape)
    {
        return newestFirst ? shapes.get(shapes.queueTail, shape) : shapes.get(shapes.queueHead, shape);
    }

    /** The session of the same shape that goes next; NONE after the last. */
    final int next(final int session)
    {
        return newestFirst ? sessions.get(sessions.previous, session) : sessions.get(sessions.next, session);
    }

    final long band(final int session)
    {
        return PRIORITY_MAX - shapes.get(shapes.priority, sessions.get(sessions.shape, session));
    }

    /** Whether accounts and their places under each other matter. */
    boolean dependsOnAccounts()
    {
        return false;
    }

    /** Kernels of a shape of the group were placed, or are gone if the number is negative. */
    void onKernels(final int shape, final int number)
    {
    }

    /** To be called before comparing, whenever anything may have changed. */
    void refresh()
    {
    }

    /** Whether a session goes before another one. */
    abstract boolean isBefore(int left, int right);
}
