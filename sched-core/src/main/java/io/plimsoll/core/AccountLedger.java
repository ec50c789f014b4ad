package io.plimsoll.core;

import io.plimsoll.core.sbe.LifeState;

/**
 * Keeps what accounts use and have waiting, by events only: a kernel counts with its amounts at all levels of its owner
 * until it is proven gone, held or not; a session counts while it has kernels, or until it is forgotten. Sessions of
 * type SYSTEM count by their number alone.
 */
final class AccountLedger
{
    private final CoreState state;
    private final AccountTable accounts;
    private final ShapeTable shapes;

    AccountLedger(final CoreState state)
    {
        this.state = state;
        accounts = state.accounts;
        shapes = state.shapes;
    }

    /** Kernels of a shape were placed, or are gone if the number is negative. */
    void onKernels(final int shape, final int number)
    {
        state.usage.onKernels(shape, number);
        state.schedule.onKernels(shape, number);
        useUp(shape, number);
    }

    private void useUp(final int shape, final int number)
    {
        if (0 == shapes.get(shapes.system, shape))
        {
            final int owner = shapes.account(shape);
            for (int row = owner; Table.NONE != row; row = accounts.next(owner, row))
            {
                use(row, shape, number);
                if (number < 0)
                {
                    state.schedule.onAccountGain(row);
                }
            }
        }
    }

    private void use(final int row, final int shape, final int number)
    {
        accounts.use(row, SlotTable.CPU, shapes.amount(shape, SlotTable.CPU) * number);
        accounts.use(row, SlotTable.MEM, shapes.amount(shape, SlotTable.MEM) * number);
        for (int mask = shapes.get(shapes.furtherMask, shape); 0 != mask; mask &= mask - 1)
        {
            final int slot = Integer.numberOfTrailingZeros(mask);
            accounts.use(row, slot, shapes.amount(shape, slot) * number);
        }
    }

    /** A session of a shape came to have kernels (1), or has none any more (-1). */
    void onSession(final int shape, final int change)
    {
        final IntColumn counts = count(shape);
        final int owner = shapes.account(shape);
        accounts.changes++;
        for (int row = owner; Table.NONE != row; row = accounts.next(owner, row))
        {
            counts.set(row, counts.get(row) + change);
            if (change < 0)
            {
                state.schedule.onAccountGain(row);
            }
        }
    }

    private IntColumn count(final int shape)
    {
        return 0 == shapes.get(shapes.system, shape) ? accounts.sessions : accounts.systemSessions;
    }

    /** Sessions of a shape came to wait, or wait no longer if the number is negative. */
    void onPending(final int shape, final long number)
    {
        final boolean isSystem = 0 != shapes.get(shapes.system, shape);
        final int owner = shapes.account(shape);
        for (int row = owner; Table.NONE != row; row = accounts.next(owner, row))
        {
            if (isSystem)
            {
                accounts.add(accounts.systemPending, row, number);
            }
            else
            {
                pend(row, shape, number);
            }
        }
    }

    private void pend(final int row, final int shape, final long number)
    {
        accounts.add(accounts.pending, row, number);
        accounts.pend(row, SlotTable.CPU, shapes.total(shape, SlotTable.CPU) * number);
        accounts.pend(row, SlotTable.MEM, shapes.total(shape, SlotTable.MEM) * number);
        for (int mask = shapes.furtherOfAll(shape); 0 != mask; mask &= mask - 1)
        {
            final int slot = Integer.numberOfTrailingZeros(mask);
            accounts.pend(row, slot, shapes.total(shape, slot) * number);
        }
    }

    /** What no snapshot holds, from what is there. */
    void rebuild()
    {
        final SessionTable sessions = state.sessions;
        for (int session = 0; session < sessions.highWater() && accounts.count() > 0; session++)
        {
            final int shape = sessions.isLive(session) ? sessions.get(sessions.shape, session) : Table.NONE;
            if (Table.NONE != shape && 0 != shapes.get(shapes.system, shape) &&
                LifeState.PENDING.value() == sessions.get(sessions.state, session))
            {
                onPending(shape, sessions.waiting(session));
            }
        }
    }

    /** Accounts stand in other places: all sums anew, from what is there. */
    void recount()
    {
        for (int row = 0; row < accounts.highWater(); row++)
        {
            accounts.clearSums(row);
        }
        countSessions(Table.NONE);
        countKernels(Table.NONE);
    }

    /**
     * An account came to be known of which there may be sessions already: they count from now on. Returns whether there
     * are any.
     */
    boolean adopt(final int row)
    {
        boolean any = false;
        for (int shape = 0; shape < shapes.highWater(); shape++)
        {
            if (shapes.isLive(shape) && shapes.get(shapes.owner, shape) == accounts.get(accounts.accountId, row))
            {
                shapes.account(shape, row);
                any = true;
            }
        }
        if (any)
        {
            countSessions(row);
            countKernels(row);
        }
        return any;
    }

    /** Of one owner, or of all if that is NONE. */
    private void countSessions(final int owner)
    {
        final SessionTable sessions = state.sessions;
        for (int session = 0; session < sessions.highWater(); session++)
        {
            final int shape = sessions.isLive(session) ? sessions.get(sessions.shape, session) : Table.NONE;
            if (Table.NONE != shape && isOf(owner, shape))
            {
                if (sessions.get(sessions.live, session) + sessions.get(sessions.held, session) > 0)
                {
                    onSession(shape, 1);
                }
                if (LifeState.PENDING.value() == sessions.get(sessions.state, session))
                {
                    onPending(shape, sessions.waiting(session));
                }
            }
        }
    }

    private void countKernels(final int owner)
    {
        final KernelTable kernels = state.kernels;
        for (int kernel = 0; kernel < kernels.highWater(); kernel++)
        {
            if (kernels.isLive(kernel) && isOf(owner, kernels.get(kernels.shape, kernel)))
            {
                useUp(kernels.get(kernels.shape, kernel), 1);
            }
        }
    }

    private boolean isOf(final int owner, final int shape)
    {
        return Table.NONE == owner || owner == shapes.account(shape);
    }
}
