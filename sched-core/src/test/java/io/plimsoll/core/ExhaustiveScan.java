package io.plimsoll.core;

import io.plimsoll.core.sbe.Backfill;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.SessionType;

/** Says, by looking at everything, which session is next and where it goes: what the indexes must agree with. */
final class ExhaustiveScan
{
    private final CoreState state;
    private final SessionTable sessions;
    private final ShapeTable shapes;
    private final ExhaustivePlacement placement;
    private final ExhaustiveOrder order;
    final int[] chosen;

    ExhaustiveScan(final CoreState state)
    {
        this.state = state;
        sessions = state.sessions;
        shapes = state.shapes;
        placement = new ExhaustivePlacement(state);
        order = new ExhaustiveOrder(state);
        chosen = placement.chosen;
    }

    /** The session that is to be placed next in a group, NONE if there is none. */
    int next(final int group)
    {
        if (state.lostTail)
        {
            return Table.NONE;
        }
        order.prepare(group);
        int after = Table.NONE;
        while (true)
        {
            final int session = first(group, after);
            if (Table.NONE == session || (isWithinLimits(session) && placement.place(group, session)))
            {
                return session;
            }
            after = session;
        }
    }

    /**
     * The session that is first in a group of those within their limits, and for which some agent is of the kind that
     * it asks for; NONE if none is ready.
     */
    int first(final int group)
    {
        order.prepare(group);
        int session = first(group, Table.NONE);
        while (Table.NONE != session && !(isWithinLimits(session) && isForSome(group, session)))
        {
            session = first(group, session);
        }
        return session;
    }

    /**
     * A session that is ready and that nobody runs beside, and yet waits, though its group would have it start: under
     * {@code none} only the first may. NONE if there is none.
     */
    int inVain(final int group)
    {
        if (Backfill.NONE.value() != state.groups.backfill.get(group))
        {
            return next(group);
        }
        final int first = state.lostTail ? Table.NONE : first(group);
        return Table.NONE != first && placement.place(group, first) ? first : Table.NONE;
    }

    private boolean isForSome(final int group, final int session)
    {
        boolean matches = false;
        for (int agent = 1; !matches && agent < state.agents.highWater(); agent++)
        {
            matches = group == state.agents.group.get(agent) && state.schedule.placement.matches(
                agent, shapes.constraint.get(sessions.shape.get(session)));
        }
        return matches;
    }

    private int first(final int group, final int after)
    {
        int best = Table.NONE;
        for (int session = 0; session < sessions.highWater(); session++)
        {
            if (sessions.isLive(session) && isReady(session, group) &&
                (Table.NONE == after || order.isBefore(after, session)) &&
                (Table.NONE == best || order.isBefore(session, best)))
            {
                best = session;
            }
        }
        return best;
    }

    boolean isWithinLimits(final int session)
    {
        final AccountTable accounts = state.accounts;
        final int own = sessions.shape.get(session);
        boolean within = true;
        for (final int row : OwnerChain.of(accounts, sessions.owner.get(session)))
        {
            if (SessionType.SYSTEM.value() == sessions.type.get(session))
            {
                within &= accounts.systemSessionsMax.get(row) < 0 ||
                    accounts.systemSessions.get(row) + 1 <= accounts.systemSessionsMax.get(row);
                continue;
            }
            within &= accounts.sessionsMax.get(row) < 0 ||
                accounts.sessions.get(row) + 1 <= accounts.sessionsMax.get(row);
            for (int slot = 0; slot < state.slots.count(); slot++)
            {
                final long asked = asked(own, slot);
                within &= 0 == asked || accounts.used(row, slot) + asked <= accounts.limit(row, slot) ||
                    AccountTable.UNLIMITED == accounts.limit(row, slot);
            }
        }
        return within;
    }

    private long asked(final int shape, final int slot)
    {
        long sum = 0;
        for (int part = shape; Table.NONE != part; part = shapes.nextPart(part))
        {
            sum += shapes.amount(part, slot) * shapes.kernels.get(part);
        }
        return sum;
    }

    private boolean isReady(final int session, final int group)
    {
        return LifeState.PENDING.value() == sessions.state.get(session) &&
            group == shapes.group.get(sessions.shape.get(session)) &&
            0 == sessions.unmet.get(session) &&
            sessions.notBeforeNs.get(session) <= state.timestampNs &&
            sessions.startsAtNs.get(session) <= state.timestampNs;
    }
}
