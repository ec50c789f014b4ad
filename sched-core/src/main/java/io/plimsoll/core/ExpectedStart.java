package io.plimsoll.core;

import io.plimsoll.core.sbe.LifeState;

/**
 * When a session that waits can start if all that runs ends by its limit and nobody goes before it: once its time has
 * come, what it depends on has ended, its accounts leave it room and agents have it. For explanations: it looks at
 * everything anew, and changes nothing.
 */
final class ExpectedStart
{
    private static final long NEVER = ExpectedEnds.NEVER;
    /** With more agents, and what runs on them, looking for the time takes too long to stop everything for. */
    private static final int AGENTS_MAX = 20_000;
    /** The same of kernels and sessions, for limits of accounts. */
    private static final int ROWS_MAX = 500_000;

    private final CoreState state;
    private final SessionTable sessions;
    private final ShapeTable shapes;
    private final KernelTable kernels;
    private final AccountTable accounts;
    private final Quotas quotas;
    private final RoomChanges ends = new RoomChanges();

    ExpectedStart(final CoreState state)
    {
        this.state = state;
        sessions = state.sessions;
        shapes = state.shapes;
        kernels = state.kernels;
        accounts = state.accounts;
        quotas = new Quotas(state);
    }

    /**
     * Epoch, now at the earliest; 0 if nobody knows, or nothing but its turn is in the way.
     *
     * @param group     of the session.
     * @param session   row.
     * @param sessionId of it, or of an element of its array.
     * @param hasRoom   whether agents have room for it now.
     */
    long ofNs(final int group, final int session, final long sessionId, final boolean hasRoom)
    {
        final int shape = sessions.get(sessions.shape, session);
        long startNs = dependenciesNs(session);
        startNs = NEVER == startNs ? NEVER : Math.max(startNs, limitsNs(shape));
        startNs = NEVER == startNs || hasRoom ? startNs : Math.max(startNs, roomNs(group, shape, sessionId));
        final long readyNs = state.schedule.readyNs(session);
        final boolean isFree = SessionRelations.NOW == startNs && readyNs <= state.timestampNs;
        return NEVER == startNs || isFree ? 0 : Math.max(Math.max(startNs, readyNs), state.timestampNs);
    }

    private long roomNs(final int group, final int shape, final long sessionId)
    {
        if (state.agents.highWater() > AGENTS_MAX || state.groups.get(state.groups.agents, group) == 0)
        {
            return NEVER;
        }
        final Reservation reservation = Reservation.ahead(state, group, sessionId);
        return reservation.find(shape) ? reservation.startNs() : NEVER;
    }

    /* Dependencies. */

    private long dependenciesNs(final int session)
    {
        final EdgeTable edges = state.edges;
        long lastNs = SessionRelations.NOW;
        for (int edge = sessions.get(sessions.dependencyHead, session);
            Table.NONE != edge && sessions.get(sessions.unmet, session) > 0;
            edge = edges.edges.get(edges.edges.nextOfDependent, edge))
        {
            final int target = sessions.find(
                edges.targets.get(edges.targets.sessionId, edges.edges.get(edges.edges.target, edge)));
            if (Table.NONE != target && !sessions.isTerminal(target))
            {
                lastNs = Math.max(lastNs, endNs(target));
            }
        }
        return lastNs;
    }

    /** When the last kernel of a session will have ended; NEVER if nobody knows, or it waits itself. */
    private long endNs(final int session)
    {
        if (LifeState.PENDING.value() == sessions.get(sessions.state, session) ||
            sessions.get(sessions.held, session) > 0)
        {
            return NEVER;
        }
        long lastNs = SessionRelations.NOW;
        for (int kernel = sessions.get(sessions.kernelHead, session);
            Table.NONE != kernel;
            kernel = kernels.get(kernels.siblingNext, kernel))
        {
            lastNs = Math.max(lastNs, state.schedule.kernelEnds.endNs(kernel));
        }
        return lastNs;
    }

    /* Limits of accounts. */

    private long limitsNs(final int shape)
    {
        final int owner = shapes.account(shape);
        long lastNs = SessionRelations.NOW;
        for (int row = owner; Table.NONE != row && NEVER != lastNs; row = accounts.next(owner, row))
        {
            if (!quotas.hasRoom(row, shape))
            {
                lastNs = Math.max(lastNs, limitNs(row, shape));
            }
        }
        return lastNs;
    }

    private long limitNs(final int row, final int shape)
    {
        if (kernels.highWater() > ROWS_MAX || sessions.highWater() > ROWS_MAX)
        {
            return NEVER;
        }
        final boolean isSystem = 0 != shapes.get(shapes.system, shape);
        final int most = isSystem ?
            accounts.get(accounts.systemSessionsMax, row) : accounts.get(accounts.sessionsMax, row);
        final int count = isSystem ?
            accounts.get(accounts.systemSessions, row) : accounts.get(accounts.sessions, row);
        long lastNs = most < 0 || count < most ? SessionRelations.NOW : sessionsNs(row, isSystem, count + 1 - most);
        if (!isSystem && NEVER != lastNs)
        {
            gatherKernels(row);
            for (int slot = 0; slot < state.slots.count() && NEVER != lastNs; slot++)
            {
                final long asked = shapes.total(shape, slot);
                final long over = 0 == asked ? 0 : accounts.used(row, slot) - (accounts.limit(row, slot) - asked);
                lastNs = over > 0 ? Math.max(lastNs, amountNs(slot, over)) : lastNs;
            }
        }
        return lastNs;
    }

    /** When so many sessions that count for an account will have ended. */
    private long sessionsNs(final int row, final boolean isSystem, final int number)
    {
        ends.clear();
        for (int session = 0; session < sessions.highWater(); session++)
        {
            final int shape = sessions.isLive(session) && sessions.get(sessions.live, session) > 0 ?
                sessions.get(sessions.shape, session) : Table.NONE;
            if (Table.NONE != shape && isSystem == (0 != shapes.get(shapes.system, shape)) && counts(row, shape))
            {
                addEnd(endNs(session), session);
            }
        }
        ends.sort();
        return number > ends.count() ? NEVER : ends.atNs(number - 1);
    }

    private void gatherKernels(final int row)
    {
        ends.clear();
        for (int kernel = 0; kernel < kernels.highWater(); kernel++)
        {
            final int shape = kernels.isLive(kernel) ? kernels.get(kernels.shape, kernel) : Table.NONE;
            if (Table.NONE != shape && 0 == shapes.get(shapes.system, shape) && counts(row, shape))
            {
                addEnd(state.schedule.kernelEnds.endNs(kernel), kernel);
            }
        }
        ends.sort();
    }

    private void addEnd(final long atNs, final int row)
    {
        if (NEVER != atNs)
        {
            ends.add(atNs, row, 0);
        }
    }

    private boolean counts(final int row, final int shape)
    {
        final int owner = shapes.account(shape);
        int account = owner;
        while (Table.NONE != account && account != row)
        {
            account = accounts.next(owner, account);
        }
        return Table.NONE != account;
    }

    /** When kernels that were gathered will have given back so much of a slot. */
    private long amountNs(final int slot, final long amount)
    {
        long left = amount;
        for (int i = 0; i < ends.count(); i++)
        {
            left -= shapes.amount(kernels.get(kernels.shape, ends.agent(i)), slot);
            if (left <= 0)
            {
                return ends.atNs(i);
            }
        }
        return NEVER;
    }
}
