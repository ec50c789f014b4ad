package io.plimsoll.core;

import io.plimsoll.core.LimitReport.Kind;
import io.plimsoll.core.sbe.AccountLevel;

/**
 * Whether sessions may come to wait at all: what their group and the accounts of their owner allow of type, priority,
 * kernels, and of sessions and amounts that wait. A submission is looked at whole, each session beside those before it.
 */
final class Admission
{
    private static final int USER = AccountLevel.USER.value();

    private final CoreState state;
    private final AccountTable accounts;
    private final LimitReport report;
    private final long[] amounts = new long[SlotTable.SLOTS_MAX];
    private long sessions;
    private long systemSessions;
    private int account;

    Admission(final CoreState state)
    {
        this.state = state;
        accounts = state.accounts;
        report = new LimitReport(state);
    }

    LimitReport report()
    {
        return report;
    }

    /** A submission of an owner begins. */
    void begin(final int ownerId)
    {
        account = accounts.find(ownerId);
        sessions = 0;
        systemSessions = 0;
        // What belongs to nobody is not counted.
        for (int slot = 0; Table.NONE != account && slot < amounts.length; slot++)
        {
            amounts[slot] = 0;
        }
    }

    /** Whether the next session of the submission is allowed to wait; if not, the report says why. */
    boolean admits(final SubmissionEntry entry)
    {
        final Request request = entry.request;
        report.clear(request.group);
        if (!isAllowed(entry.type, state.groups.get(state.groups.allowedTypes, request.group)))
        {
            report.add(Kind.TYPE, Table.NONE, Table.NONE, 0, entry.type, 0);
        }
        final int kernelsMax = state.groups.get(state.groups.kernelsMax, request.group);
        if (0 != kernelsMax && request.kernelsInAll() > kernelsMax)
        {
            report.add(Kind.KERNELS, Table.NONE, Table.NONE, 0, request.kernelsInAll(), kernelsMax);
        }
        for (int row = account; Table.NONE != row; row = accounts.next(account, row))
        {
            check(row, entry);
        }
        if (Table.NONE != account)
        {
            count(entry);
        }
        return 0 == report.count();
    }

    /**
     * Whether the session that was admitted last leaves others enough of a bound that all owners share. Up to a half of
     * it is for whoever comes; of the rest a user may take as long as no more of its sessions wait, in whatever groups
     * that is, than are left free then (dynamic thresholds, Choudhury and Hahne 1998, with a factor of 1). So one flood
     * ends at a half, the next at a quarter, and who has nothing waiting finds room. If not, the report says so. What
     * counts for nobody is not held to it.
     *
     * @param entry   the session.
     * @param waiting how many count for the bound with those of the session.
     * @param most    the bound.
     */
    boolean leavesEnough(final SubmissionEntry entry, final long waiting, final long most)
    {
        if (Table.NONE == account || 2 * waiting <= most + 1)
        {
            return true;
        }
        final int holder = holder();
        final long held = accounts.get(accounts.pending, holder) + accounts.get(accounts.systemPending, holder) +
            sessions + systemSessions - entry.count;
        if (held + entry.count - 1 <= most - waiting)
        {
            return true;
        }
        final long free = most - waiting + entry.count;
        final long room = Math.max((most + 1) / 2 - (waiting - entry.count), (free - held + 1) / 2);
        report.add(Kind.PENDING_SESSIONS, holder, Table.NONE, held, entry.count, room > 0 ? held + room : free);
        return false;
    }

    /** The user whose sessions those of the account are; the account itself if it belongs to none. */
    private int holder()
    {
        for (int row = account; Table.NONE != row; row = accounts.next(account, row))
        {
            if (USER == accounts.get(accounts.level, row))
            {
                return row;
            }
        }
        return account;
    }

    private static boolean isAllowed(final int type, final int allowedTypes)
    {
        return 0 == allowedTypes || 0 != (allowedTypes & 1 << type);
    }

    private void check(final int row, final SubmissionEntry entry)
    {
        final Request request = entry.request;
        if (!isAllowed(entry.type, accounts.get(accounts.allowedTypes, row)))
        {
            report.add(Kind.TYPE, row, Table.NONE, 0, entry.type, 0);
        }
        final int kernelsMax = accounts.get(accounts.kernelsMax, row);
        if (kernelsMax >= 0 && request.kernelsInAll() > kernelsMax)
        {
            report.add(Kind.KERNELS, row, Table.NONE, 0, request.kernelsInAll(), kernelsMax);
        }
        final int priorityMax = accounts.get(accounts.priorityMax, row);
        if (request.priority > priorityMax)
        {
            report.add(Kind.PRIORITY, row, Table.NONE, 0, request.priority, priorityMax);
        }
        if (!request.system)
        {
            checkPending(row, entry);
        }
    }

    private void checkPending(final int row, final SubmissionEntry entry)
    {
        final long pending = accounts.get(accounts.pending, row) + sessions;
        final int pendingMax = accounts.get(accounts.pendingMax, row);
        if (pendingMax >= 0 && pending + entry.count > pendingMax)
        {
            report.add(Kind.PENDING_SESSIONS, row, Table.NONE, pending, entry.count, pendingMax);
        }
        for (int slot = 0; slot < state.slots.count(); slot++)
        {
            final long limit = accounts.pendingLimit(row, slot);
            final long amount = total(entry, slot);
            if (amount > 0 && AccountTable.UNLIMITED != limit)
            {
                final long used = accounts.pendingAmount(row, slot) + amounts[slot];
                if (amount > limit - used)
                {
                    report.add(Kind.PENDING_SLOT, row, slot, used, amount, limit);
                }
            }
        }
    }

    /** What all elements of an entry ask for; as much as can be said where that is beyond any limit. */
    private static long total(final SubmissionEntry entry, final int slot)
    {
        final long ofOne = entry.request.total(slot);
        return ofOne > Long.MAX_VALUE / 2 / entry.count ? Long.MAX_VALUE / 2 : ofOne * entry.count;
    }

    private void count(final SubmissionEntry entry)
    {
        if (entry.request.system)
        {
            systemSessions += entry.count;
            return;
        }
        sessions += entry.count;
        for (int slot = 0; slot < state.slots.count(); slot++)
        {
            amounts[slot] = Math.min(Long.MAX_VALUE / 2, amounts[slot] + total(entry, slot));
        }
    }
}
