package io.plimsoll.core;

/** Who loses a reservation where more is reserved than there will be, or where nothing may be planned any more. */
final class Overbooking
{
    private final CoreState state;
    private final ReservationTable reservations;
    private final ShapeTable shapes;
    private final int group;
    private final PlanProfiles profiles;
    private final GroupOrder order;

    Overbooking(final CoreState state, final int group, final PlanProfiles profiles, final GroupOrder order)
    {
        this.state = state;
        this.group = group;
        this.profiles = profiles;
        this.order = order;
        reservations = state.reservations;
        shapes = state.shapes;
    }

    /** The reservation on an agent that goes first; NONE if all may stay. */
    int loser(final int agent)
    {
        final boolean kept = profiles.isKept(agent);
        final AgentProfile profile = profiles.profile(agent);
        int loser = Table.NONE;
        if (kept && !profile.isShort(state.timestampNs))
        {
            return loser;
        }
        for (int row = reservations.firstOn(agent); Table.NONE != row; row = reservations.nextOn(row))
        {
            final long fromNs = Math.max(state.timestampNs, reservations.get(reservations.startNs, row));
            if (group == shapes.get(shapes.group, reservations.shape(row)) &&
                (Table.NONE == loser || isAfter(row, loser)) &&
                (!kept || profile.isShort(fromNs, reservations.endNs(row))))
            {
                loser = row;
            }
        }
        return loser;
    }

    private boolean isAfter(final int left, final int right)
    {
        final int session = reservations.get(reservations.session, left);
        final int other = reservations.get(reservations.session, right);
        return session == other ?
            reservations.get(reservations.startNs, left) > reservations.get(reservations.startNs, right) :
            order.isBefore(other, session);
    }
}
