package io.plimsoll.core;

import io.plimsoll.core.LimitReport.Kind;

/** Whether what accounts may use at a time, at any level, leaves room for one more session. */
final class Quotas
{
    private final CoreState state;
    private final AccountTable accounts;
    private final ShapeTable shapes;

    Quotas(final CoreState state)
    {
        this.state = state;
        accounts = state.accounts;
        shapes = state.shapes;
    }

    /** The account, from the owner upwards, that has no room for a session of a shape; NONE when all have. */
    int firstViolated(final int shape)
    {
        final int owner = shapes.account(shape);
        for (int row = owner; Table.NONE != row; row = accounts.next(owner, row))
        {
            if (0 != accounts.get(accounts.limited, row) && !hasRoom(row, shape))
            {
                return row;
            }
        }
        return Table.NONE;
    }

    /** Whether one account has room for a session of a shape. */
    boolean hasRoom(final int row, final int shape)
    {
        if (0 != shapes.get(shapes.system, shape))
        {
            return isWithin(accounts.get(accounts.systemSessions, row), accounts.get(accounts.systemSessionsMax, row));
        }
        if (!isWithin(accounts.get(accounts.sessions, row), accounts.get(accounts.sessionsMax, row)) ||
            !hasRoom(row, shape, SlotTable.CPU) ||
            !hasRoom(row, shape, SlotTable.MEM))
        {
            return false;
        }
        for (int mask = shapes.furtherOfAll(shape); 0 != mask; mask &= mask - 1)
        {
            if (!hasRoom(row, shape, Integer.numberOfTrailingZeros(mask)))
            {
                return false;
            }
        }
        return true;
    }

    private static boolean isWithin(final int count, final int max)
    {
        return max < 0 || count < max;
    }

    /** What is not asked for is not limited, whatever is used of it. */
    private boolean hasRoom(final int row, final int shape, final int slot)
    {
        final long requested = shapes.total(shape, slot);
        return 0 == requested || requested <= accounts.limit(row, slot) - accounts.used(row, slot);
    }

    /** Gathers every limit, at every level, that keeps a session of a shape from being placed. */
    void report(final int shape, final LimitReport report)
    {
        report.clear(shapes.get(shapes.group, shape));
        final int owner = shapes.account(shape);
        for (int row = owner; Table.NONE != row; row = accounts.next(owner, row))
        {
            if (0 != shapes.get(shapes.system, shape))
            {
                reportCount(
                    report, Kind.SYSTEM_SESSIONS, row, accounts.get(accounts.systemSessions, row),
                    accounts.get(accounts.systemSessionsMax, row));
            }
            else
            {
                reportCount(
                    report,
                    Kind.SESSIONS,
                    row,
                    accounts.get(accounts.sessions, row),
                    accounts.get(accounts.sessionsMax, row));
                for (int slot = 0; slot < state.slots.count(); slot++)
                {
                    if (!hasRoom(row, shape, slot))
                    {
                        report.add(
                            Kind.SLOT, row, slot, accounts.used(row, slot), shapes.total(shape, slot),
                            accounts.limit(row, slot));
                    }
                }
            }
        }
    }

    private static void reportCount(
        final LimitReport report, final Kind kind, final int row, final int count, final int max)
    {
        if (!isWithin(count, max))
        {
            report.add(kind, row, Table.NONE, count, 1, max);
        }
    }
}
