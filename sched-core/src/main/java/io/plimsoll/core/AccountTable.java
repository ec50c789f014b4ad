package io.plimsoll.core;

import io.plimsoll.core.sbe.AccountLevel;

/**
 * Owners of sessions with what they may use and what they use: domains, projects, users and keypairs, each under one
 * above it. A session counts for its account and for all above. A user may work in several projects: an account of
 * the level MEMBER stands for a keypair in one of them, and what counts for it counts for the keypair, the user, the
 * project and the domain of the project. Amounts that have no limit are {@link #UNLIMITED}.
 */
final class AccountTable extends Table
{
    static final long UNLIMITED = Long.MAX_VALUE;
    private static final int PROJECT = AccountLevel.PROJECT.value();

    final IntColumn accountId = intColumn(1);
    /** Id of the account above; 0: none. */
    final IntColumn parentId = intColumn(2);
    final ByteColumn level = byteColumn(3);
    final IntColumn name = intColumn(4);
    /** Thousandths. */
    final IntColumn weight = intColumn(5);
    /** Negative: no limit. */
    final IntColumn sessionsMax = intColumn(6);
    final IntColumn systemSessionsMax = intColumn(7);
    final IntColumn pendingMax = intColumn(8);
    final IntColumn kernelsMax = intColumn(9);
    final IntColumn priorityMax = intColumn(10);
    /** Bit per type; 0: all. */
    final ByteColumn allowedTypes = byteColumn(11);
    /** Sessions that have kernels. */
    final IntColumn sessions = intColumn(12);
    final IntColumn systemSessions = intColumn(13);
    /** Sessions that wait, elements of arrays one by one. */
    final LongColumn pending = longColumn(14);
    /** Of a member: id of its project; 0: none. */
    final IntColumn projectId = intColumn(15);
    /** Run times of the last two sessions that have ended, plus one; 0: there is none. */
    final LongColumn ranLast = longColumn(96);
    final LongColumn ranBefore = longColumn(97);

    /* Caches: the row above and that of the project, plus one; whether anything is limited; the first of the capped
     * shapes plus one. */
    private final IntColumn parentRow = intColumn(0);
    private final IntColumn projectRow = intColumn(0);
    /** Sessions of type SYSTEM that wait. */
    final LongColumn systemPending = longColumn(0);
    final ByteColumn limited = byteColumn(0);
    final IntColumn cappedHead = intColumn(0);

    /** Rises with anything that may put an account above a limit. Derived. */
    long changes;

    private final LongColumn[] limits = new LongColumn[SlotTable.SLOTS_MAX];
    private final LongColumn[] pendingLimits = new LongColumn[SlotTable.SLOTS_MAX];
    private final LongColumn[] used = new LongColumn[SlotTable.SLOTS_MAX];
    private final LongColumn[] pendingAmounts = new LongColumn[SlotTable.SLOTS_MAX];
    private final IdMap byId = new IdMap();
    private final SlotTable slots;

    AccountTable(final SlotTable slots)
    {
        this.slots = slots;
        for (int slot = 0; slot < slots.count(); slot++)
        {
            onSlotDefined(slot);
        }
    }

    void onSlotDefined(final int slot)
    {
        limits[slot] = longColumn(32 + slot);
        pendingLimits[slot] = longColumn(48 + slot);
        used[slot] = longColumn(64 + slot);
        pendingAmounts[slot] = longColumn(80 + slot);
    }

    /** Row of an account, or NONE. */
    int find(final int id)
    {
        return id > 0 ? byId.get(id) : NONE;
    }

    int add(final int id)
    {
        final int row = allocate();
        set(accountId, row, id);
        byId.put(id, row);
        return row;
    }

    /** Row of the account above, or NONE. */
    int parent(final int row)
    {
        return get(parentRow, row) - 1;
    }

    /** The account above is another one, NONE for none. */
    void parent(final int row, final int above)
    {
        set(parentId, row, NONE == above ? 0 : get(accountId, above));
        set(parentRow, row, above + 1);
    }

    /** Row of the project of a member, or NONE. */
    int project(final int row)
    {
        return get(projectRow, row) - 1;
    }

    /** A member is of another project, NONE for none. */
    void project(final int row, final int project)
    {
        set(projectId, row, NONE == project ? 0 : get(accountId, project));
        set(projectRow, row, project + 1);
    }

    /**
     * The next account that sessions of an owner count for, or NONE: the project of a member takes the place of what
     * stands above its user.
     *
     * @param owner row of the owner.
     * @param row   the owner, or what was returned last.
     */
    int next(final int owner, final int row)
    {
        final int above = parent(row);
        final int project = project(owner);
        if (NONE == project || get(level, row) <= PROJECT)
        {
            return above;
        }
        return NONE == above || get(level, above) <= PROJECT ? project : above;
    }

    /** To be called when limits were set: what is not limited is not looked at. */
    void onLimits(final int row)
    {
        changes++;
        boolean any = get(sessionsMax, row) >= 0 || get(systemSessionsMax, row) >= 0;
        for (int slot = 0; slot < slots.count(); slot++)
        {
            any |= 0 != get(limits[slot], row);
        }
        set(limited, row, (byte)(any ? 1 : 0));
    }

    /** Nothing is used, and nothing waits. */
    void clearSums(final int row)
    {
        set(sessions, row, 0);
        set(systemSessions, row, 0);
        set(pending, row, 0);
        set(systemPending, row, 0);
        for (int slot = 0; slot < slots.count(); slot++)
        {
            set(used[slot], row, 0);
            set(pendingAmounts[slot], row, 0);
        }
        changes++;
    }

    void clearLimits(final int row)
    {
        for (int slot = 0; slot < slots.count(); slot++)
        {
            set(limits[slot], row, 0);
            set(pendingLimits[slot], row, 0);
        }
    }

    /** Limits are kept plus one, so that the default of a column is no limit. */
    void limit(final int row, final int slot, final long amount)
    {
        set(limits[slot], row, amount + 1);
    }

    long limit(final int row, final int slot)
    {
        final long kept = get(limits[slot], row);
        return 0 == kept ? UNLIMITED : kept - 1;
    }

    void pendingLimit(final int row, final int slot, final long amount)
    {
        set(pendingLimits[slot], row, amount + 1);
    }

    long pendingLimit(final int row, final int slot)
    {
        final long kept = get(pendingLimits[slot], row);
        return 0 == kept ? UNLIMITED : kept - 1;
    }

    long used(final int row, final int slot)
    {
        return get(used[slot], row);
    }

    void use(final int row, final int slot, final long amount)
    {
        set(used[slot], row, get(used[slot], row) + amount);
        changes++;
    }

    long pendingAmount(final int row, final int slot)
    {
        return get(pendingAmounts[slot], row);
    }

    void pend(final int row, final int slot, final long amount)
    {
        set(pendingAmounts[slot], row, get(pendingAmounts[slot], row) + amount);
    }

    void rebuildIndex()
    {
        byId.clear();
        for (int row = 0; row < highWater(); row++)
        {
            byId.put(get(accountId, row), row);
        }
        for (int row = 0; row < highWater(); row++)
        {
            set(parentRow, row, find(get(parentId, row)) + 1);
            set(projectRow, row, find(get(projectId, row)) + 1);
            set(systemPending, row, 0);
            onLimits(row);
        }
    }
}
