package io.plimsoll.core;

import io.plimsoll.core.sbe.OrderPolicy;

/**
 * What accounts have used of the groups that are ordered by fair share: amounts integrated over time, in amount x
 * nanoseconds, with usage that counts half after each half-life of the group. State, changed by events only.
 *
 * <p>Usage u under a rate r decays as u' = r - u ln 2 / H. Kept is v = u 2^x, where x is the time since a base of the
 * group in half-lives: then v' = r 2^x, so v only changes with kernels, by r (K - K0) where K = H / ln 2 2^x. All
 * accounts of a group share the factor 2^x, so they can be compared at any time without touching each. Without a
 * half-life, v = u and K is the time since the base.
 */
final class UsageTable extends Table
{
    /** Usage without a half-life is measured against that of the whole group for so long. */
    static final double LOOKBACK_NS = 86_400e9;
    private static final double LN_2 = 0.6931471805599453;
    /** Half-lives after which the base moves on, so that no number grows beyond bounds. */
    private static final int REBASE_AFTER = 256;
    private static final double REBASE_FACTOR = 0x1p-256;
    /** More would leave nothing of any number. */
    private static final int REBASES_MAX = 8;

    final IntColumn group = intColumn(1);
    /** Row of the account. */
    final IntColumn account = intColumn(2);
    /** K when v was last settled, as the bits of a double, like all of v. */
    private final LongColumn settled = longColumn(3);
    private final LongColumn[] values = new LongColumn[SlotTable.SLOTS_MAX];
    private final LongColumn[] rates = new LongColumn[SlotTable.SLOTS_MAX];
    private final IdMap byKey = new IdMap();
    private final CoreState state;
    /** Changes of each row, so that others know what they have seen. Derived. */
    private final LongColumn version = longColumn(0);
    /** Rises with every change but those of kernels. Derived. */
    private long changes;

    UsageTable(final CoreState state)
    {
        this.state = state;
        for (int slot = 0; slot < state.slots.count(); slot++)
        {
            onSlotDefined(slot);
        }
    }

    void onSlotDefined(final int slot)
    {
        values[slot] = longColumn(16 + slot);
        rates[slot] = longColumn(32 + slot);
    }

    private static long key(final int group, final int account)
    {
        return (long)(group + 1) << 32 | account;
    }

    /** Row of an account in a group, NONE if it never used any of it. */
    int find(final int ofGroup, final int ofAccount)
    {
        return byKey.get(key(ofGroup, ofAccount));
    }

    long version(final int row)
    {
        return get(version, row);
    }

    long changes()
    {
        return changes;
    }

    /** The weight of an account may be another one. */
    void onWeight()
    {
        changes++;
    }

    /* Time. */

    private boolean isFair(final int ofGroup)
    {
        return OrderPolicy.FAIR_SHARE.value() == state.groups.get(state.groups.order, ofGroup);
    }

    private double halfLives(final int ofGroup, final long halfLifeNs)
    {
        return (double)(state.timestampNs - state.groups.get(state.groups.usageBaseNs, ofGroup)) / halfLifeNs;
    }

    /** K at the present time. */
    double clock(final int ofGroup)
    {
        return clock(ofGroup, state.groups.get(state.groups.usageHalfLifeNs, ofGroup));
    }

    private double clock(final int ofGroup, final long halfLifeNs)
    {
        return 0 == halfLifeNs ?
            (double)(state.timestampNs - state.groups.get(state.groups.usageBaseNs, ofGroup)) :
            halfLifeNs / LN_2 * StrictMath.pow(2, halfLives(ofGroup, halfLifeNs));
    }

    /* Kernels. */

    /** Kernels of a shape were placed, or are gone if the number is negative. */
    void onKernels(final int shape, final int number)
    {
        final ShapeTable shapes = state.shapes;
        final int ofGroup = shapes.get(shapes.group, shape);
        if (isFair(ofGroup) && Table.NONE != shapes.account(shape))
        {
            rebase(ofGroup);
            count(shape, number, clock(ofGroup));
        }
    }

    private void count(final int shape, final int number, final double clock)
    {
        final ShapeTable shapes = state.shapes;
        final int owner = shapes.account(shape);
        for (int above = owner; Table.NONE != above; above = state.accounts.next(owner, above))
        {
            final int row = intern(shapes.get(shapes.group, shape), above, clock);
            settle(row, clock);
            addRate(row, SlotTable.CPU, shapes.amount(shape, SlotTable.CPU) * number);
            addRate(row, SlotTable.MEM, shapes.amount(shape, SlotTable.MEM) * number);
            for (int mask = shapes.get(shapes.furtherMask, shape); 0 != mask; mask &= mask - 1)
            {
                final int slot = Integer.numberOfTrailingZeros(mask);
                addRate(row, slot, shapes.amount(shape, slot) * number);
            }
        }
    }

    private int intern(final int ofGroup, final int ofAccount, final double clock)
    {
        final int known = find(ofGroup, ofAccount);
        if (NONE != known)
        {
            return known;
        }
        final int row = allocate();
        set(group, row, ofGroup);
        set(account, row, ofAccount);
        set(settled, row, Double.doubleToRawLongBits(clock));
        byKey.put(key(ofGroup, ofAccount), row);
        return row;
    }

    private void addRate(final int row, final int slot, final long change)
    {
        set(rates[slot], row, get(rates[slot], row) + change);
    }

    long rate(final int row, final int slot)
    {
        return get(rates[slot], row);
    }

    double value(final int row, final int slot)
    {
        return Double.longBitsToDouble(get(values[slot], row));
    }

    private void value(final int row, final int slot, final double value)
    {
        set(values[slot], row, Double.doubleToRawLongBits(value));
    }

    double settled(final int row)
    {
        return Double.longBitsToDouble(get(settled, row));
    }

    private void settle(final int row, final double clock)
    {
        add(version, row, 1);
        final double passed = clock - settled(row);
        for (int slot = 0; slot < state.slots.count(); slot++)
        {
            final long rate = get(rates[slot], row);
            if (0 != rate)
            {
                value(row, slot, value(row, slot) + rate * passed);
            }
        }
        set(settled, row, Double.doubleToRawLongBits(clock));
    }

    /* Bases. */

    private void rebase(final int ofGroup)
    {
        final long halfLifeNs = state.groups.get(state.groups.usageHalfLifeNs, ofGroup);
        if (0 == halfLifeNs || halfLives(ofGroup, halfLifeNs) < REBASE_AFTER)
        {
            return;
        }
        changes++;
        final long times = (long)(halfLives(ofGroup, halfLifeNs) / REBASE_AFTER);
        state.groups.add(state.groups.usageBaseNs, ofGroup, times * REBASE_AFTER * halfLifeNs);
        double factor = 1;
        for (int i = 0; i < Math.min(times, REBASES_MAX); i++)
        {
            factor *= REBASE_FACTOR;
        }
        for (int row = 0; row < highWater(); row++)
        {
            if (ofGroup == get(group, row))
            {
                scale(row, factor);
                set(settled, row, Double.doubleToRawLongBits(settled(row) * factor));
            }
        }
    }

    private void scale(final int row, final double factor)
    {
        for (int slot = 0; slot < state.slots.count(); slot++)
        {
            value(row, slot, value(row, slot) * factor);
        }
    }

    /**
     * The options of a group are other ones, and in the table already: what was used stays, what is used counts from
     * now on if the group is ordered by fair share.
     */
    void onGroup(final int ofGroup, final long halfLifeBeforeNs)
    {
        final double before = clock(ofGroup, halfLifeBeforeNs);
        final double decay = 0 == halfLifeBeforeNs ? 1 : StrictMath.pow(2, -halfLives(ofGroup, halfLifeBeforeNs));
        for (int row = 0; row < highWater(); row++)
        {
            if (ofGroup == get(group, row))
            {
                settle(row, before);
                scale(row, decay);
            }
        }
        state.groups.set(state.groups.usageBaseNs, ofGroup, state.timestampNs);
        final double after = clock(ofGroup);
        for (int row = 0; row < highWater(); row++)
        {
            if (ofGroup == get(group, row))
            {
                set(settled, row, Double.doubleToRawLongBits(after));
            }
        }
        recount(ofGroup);
    }

    /** Accounts stand in other places under each other: from now on, use counts for those above now. */
    void onAccountsMoved()
    {
        for (int ofGroup = 0; ofGroup < state.groups.count(); ofGroup++)
        {
            if (isFair(ofGroup))
            {
                rebase(ofGroup);
                recount(ofGroup);
            }
        }
    }

    private void recount(final int ofGroup)
    {
        changes++;
        final double clock = clock(ofGroup);
        for (int row = 0; row < highWater(); row++)
        {
            if (ofGroup == get(group, row))
            {
                settle(row, clock);
                for (int slot = 0; slot < state.slots.count(); slot++)
                {
                    set(rates[slot], row, 0);
                }
            }
        }
        final KernelTable kernels = state.kernels;
        for (int kernel = 0; kernel < kernels.highWater() && isFair(ofGroup); kernel++)
        {
            final int shape = kernels.isLive(kernel) ? kernels.get(kernels.shape, kernel) : NONE;
            if (NONE != shape && ofGroup == state.shapes.get(state.shapes.group, shape))
            {
                count(shape, 1, clock);
            }
        }
    }

    void rebuildIndex()
    {
        byKey.clear();
        for (int row = 0; row < highWater(); row++)
        {
            byKey.put(key(get(group, row), get(account, row)), row);
        }
    }
}
