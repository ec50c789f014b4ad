package io.plimsoll.core;

import io.plimsoll.core.sbe.OrderPolicy;

/**
 * An order in which each session has a key of two numbers that does not change while it waits: {@code fifo} and
 * {@code lifo} by band of priority, then age, an array by its row; with ageing by the time of submission less what the
 * priority is worth in waiting, so that in the end everyone is first.
 */
final class KeyOrder extends GroupOrder
{
    private final boolean newestFirst;
    private final long ageingNs;

    private KeyOrder(final CoreState state, final boolean newestFirst, final long ageingNs)
    {
        super(state, newestFirst);
        this.newestFirst = newestFirst;
        this.ageingNs = ageingNs;
    }

    /** Order of a group as it is configured. Ageing has a say on the newest as on all others. */
    static KeyOrder of(final CoreState state, final int group)
    {
        final long ageingNs = state.groups.get(state.groups.ageingNs, group);
        return new KeyOrder(state, isNewestFirst(state, group), ageingNs);
    }

    static boolean isNewestFirst(final CoreState state, final int group)
    {
        return OrderPolicy.LIFO.value() == state.groups.get(state.groups.order, group) &&
            0 == state.groups.get(state.groups.ageingNs, group);
    }

    /** The smaller goes first. */
    long major(final int session)
    {
        if (0 == ageingNs)
        {
            return band(session);
        }
        return sessions.get(sessions.submittedNs, session) -
            shapes.get(shapes.priority, sessions.get(sessions.shape, session)) * ageingNs;
    }

    /** Decides between equal majors; no two sessions have the same. */
    long minor(final int session)
    {
        return newestFirst ? -sessions.get(sessions.nextId, session) : sessions.get(sessions.nextId, session);
    }

    @Override
    boolean isBefore(final int left, final int right)
    {
        final long leftMajor = major(left);
        final long rightMajor = major(right);
        return leftMajor < rightMajor || (leftMajor == rightMajor && minor(left) < minor(right));
    }
}
