package io.plimsoll.core;

/**
 * Which of the ready sessions of one resource group is to be placed next. A cache: it is told what changes, is made
 * anew with other options, and its answer never depends on when that was. Shapes that are there already are told as if
 * they had come just now.
 *
 * <p>The first waiting session of a shape is {@link GroupOrder#first}; the others follow by {@link GroupOrder#next}.
 */
abstract class GroupQueue
{
    final CoreState state;
    final int group;
    final SessionTable sessions;
    final ShapeTable shapes;
    final AgentTable agents;
    final Placement placement;

    GroupQueue(final CoreState state, final int group, final Placement placement)
    {
        this.state = state;
        this.group = group;
        this.placement = placement;
        sessions = state.sessions;
        shapes = state.shapes;
        agents = state.agents;
    }

    abstract GroupOrder order();

    /** Whether it ever has a head. */
    boolean hasHeads()
    {
        return false;
    }

    /** Who was not overtaken at its cost when it was last asked who goes next; null: nobody. */
    Reservation head()
    {
        return null;
    }

    /** Whether a waiting session is asked before another one. */
    boolean isBefore(final int left, final int right)
    {
        return order().isBefore(left, right);
    }

    /** Whether others wait behind a shape that does not fit, as far as anybody waits for anybody here. */
    boolean holdsUp(final int shape)
    {
        return true;
    }

    /** The latest start that a session was promised; 0 if there is no promise. */
    long promisedNs(final long sessionId)
    {
        return 0;
    }

    /**
     * The first waiting session of a shape appeared, is another one, or is none any more.
     *
     * @param earlier whether the shape may now come before where it came; F: it comes later, or not at all.
     */
    abstract void onHeadChanged(int shape, boolean earlier);

    /** A session came to wait at any place of its shape's queue; the head is told of besides. */
    void onQueued(final int session)
    {
    }

    /** A session left its shape's queue, or an element was taken from the front of an array. */
    void onUnqueued(final int session)
    {
    }

    /** An agent of the group has more to give than before, or may be given work again. */
    abstract void onGain(int agent);

    /** Anything about an agent of the group, or about a kernel on it, has changed or is about to. */
    void onAgentChanged(final int agent)
    {
    }

    /** A reservation on an agent of the group has come (1) or gone (-1), and nothing else about it has changed. */
    void onReserved(final int agent, final int reservation, final int change)
    {
        onAgentChanged(agent);
    }

    /** Time went on, or a command begins: whatever else changed since is now to be taken into account. */
    void onTime()
    {
    }

    /**
     * The session that goes next: of those that may run and fit, the first in order, as far as nobody before it stops
     * it. {@link #placement} says where it goes then. NONE when there is none.
     */
    abstract int nextPlaceable();

    /** Whether it makes reservations, and lets somebody's turn come by nothing but the time. */
    boolean mayReserve()
    {
        return false;
    }

    /** When somebody's turn comes by nothing but the time; never if nobody's does. */
    long nextDueNs()
    {
        return TimerQueue.NEVER;
    }

    /** A reservation that is to be made, moved or given up before anybody is placed; null: none. */
    ReservationPlan nextReservation()
    {
        return null;
    }

    /**
     * The reservation on which the session goes that was found placeable last, to be given up first because it has
     * more of them; null: it has no other.
     */
    ReservationPlan usedReservation()
    {
        return null;
    }

    /**
     * Whether an account of a shape's owner holds it back: to be asked before its first session is tried. Then it is as
     * if nobody of the shape waited, which the queue sees to by itself; when that changes, the shape appears again.
     */
    final boolean isCapped(final int shape)
    {
        return state.schedule.cap(shape);
    }

    /** Whether an agent has free, by amounts alone, what a kernel of a shape asks for. */
    final boolean mayFit(final int agent, final int shape)
    {
        if (agents.free(agent, SlotTable.CPU) < shapes.amount(shape, SlotTable.CPU) ||
            agents.free(agent, SlotTable.MEM) < shapes.amount(shape, SlotTable.MEM))
        {
            return false;
        }
        for (int mask = shapes.get(shapes.furtherMask, shape); 0 != mask; mask &= mask - 1)
        {
            final int slot = Integer.numberOfTrailingZeros(mask);
            if (agents.free(agent, slot) < shapes.need(shape, slot))
            {
                return false;
            }
        }
        return true;
    }

    /** Whether all kernels of a session, or of the first element of an array, fit now. */
    final boolean tryPlace(final int session)
    {
        return placement.tryPlace(group, session);
    }
}
