package io.plimsoll.core;

import java.util.Arrays;

/**
 * What the accounts of a group have used of late, as the exponent of their fair-share factor: factor = 2^-(n / weight),
 * where n is the weighted mean, over the slots of which the group has any, of usage to what the whole group could have
 * used. The smaller exponent goes first. Source of the formula: the fair-share factor of Slurm and Backend.AI, with
 * usage that decays continuously instead of by days.
 */
final class FairShares
{
    /** Who has no account on a level comes last. */
    static final long LAST = Long.MAX_VALUE;

    private static final double RANK_UNIT = 1e12;
    private static final double EXPONENT_MAX = 10;
    private static final double WEIGHT_UNIT = 1000;
    private static final double HALF_UNIT = 0.5 / RANK_UNIT;
    /* For how long ranks stay in order. */
    private static final double MARGIN = 1.01 / RANK_UNIT;
    private static final double ROUNDING = 1e-14;
    private static final double SOONER = 1 - 1e-9;
    private static final double MEM_WEIGHT = 0.001;
    private static final double DEVICE_WEIGHT = 10;

    private final CoreState state;
    private final UsageTable usage;
    private final GroupCapacities capacities;
    private final int group;
    /** Weight over capacity and over the sum of weights, by slot; 0: does not count. */
    private final double[] weights = new double[SlotTable.SLOTS_MAX];
    /* Of each account. */
    private int[] rows = new int[0];
    private long[] seen = new long[0];
    private double[] bases = new double[0];
    private double[] rates = new double[0];
    private long usageChanges = -1;
    private long capacityVersion = -1;
    private double clock;
    private double until;
    private double past;
    private double present;
    private boolean decays;

    FairShares(final CoreState state, final int group, final GroupCapacities capacities)
    {
        this.capacities = capacities;
        this.state = state;
        this.group = group;
        usage = state.usage;
    }

    /** Takes note of the time and of what changed; returns whether more did than what kernels and time change. */
    boolean refresh()
    {
        clock = usage.clock(group);
        decays = 0 != state.groups.get(state.groups.usageHalfLifeNs, group);
        past = decays ? 1 / clock : 1 / UsageTable.LOOKBACK_NS;
        present = decays ? 1 : clock / UsageTable.LOOKBACK_NS;
        if (usage.changes() == usageChanges && capacities.version() == capacityVersion)
        {
            return false;
        }
        usageChanges = usage.changes();
        capacityVersion = capacities.version();
        weigh();
        Arrays.fill(seen, Table.NONE);
        return true;
    }

    /** The time that was taken note of, see {@link UsageTable}; it never goes back unless more changed. */
    double clock()
    {
        return clock;
    }

    private void weigh()
    {
        double sum = 0;
        for (int slot = 0; slot < state.slots.count(); slot++)
        {
            final double capacity = capacity(slot);
            final double weight = capacity > 0 ? weight(slot) : 0;
            weights[slot] = capacity > 0 ? weight / capacity : 0;
            sum += state.slots.isShare(slot) ? 0 : weight;
        }
        for (int slot = 0; slot < state.slots.count() && sum > 0; slot++)
        {
            weights[slot] /= sum;
        }
    }

    /** Shares are thousandths of the devices that the group has. */
    private double capacity(final int slot)
    {
        final int devices = state.slots.isShare(slot) ? state.slots.partner(slot) : Table.NONE;
        return Table.NONE == devices ?
            capacities.capacity(group, slot) :
            1000.0 * capacities.capacity(group, devices);
    }

    private double weight(final int slot)
    {
        if (SlotTable.MEM == slot)
        {
            return MEM_WEIGHT;
        }
        return state.slots.isDevice(slot) || state.slots.isShare(slot) ? DEVICE_WEIGHT : 1;
    }

    /** The exponent of an account as a whole number; the smaller goes first. */
    long rank(final int account)
    {
        return Table.NONE == account ? LAST : rank(exponent(account));
    }

    private static long rank(final double exponent)
    {
        return (long)(Math.min(Math.max(exponent, -EXPONENT_MAX), EXPONENT_MAX) * RANK_UNIT);
    }

    /** By rank. */
    int compare(final int left, final int right)
    {
        return left == right ? 0 : Long.compare(rank(left), rank(right));
    }

    private double exponent(final int account)
    {
        takeUp(account);
        return bases[account] * past + rates[account] * present;
    }

    /**
     * Sums up what an account has used: exponent = base x past + rate x present, where base is of what was settled, and
     * rate of what runs now. See {@link UsageTable}.
     */
    private void takeUp(final int account)
    {
        if (account >= rows.length)
        {
            final int length = rows.length;
            rows = Arrays.copyOf(rows, Math.max(64, account * 2));
            seen = Arrays.copyOf(seen, rows.length);
            bases = Arrays.copyOf(bases, rows.length);
            rates = Arrays.copyOf(rates, rows.length);
            Arrays.fill(rows, length, rows.length, Table.NONE);
            Arrays.fill(seen, length, rows.length, Table.NONE);
        }
        if (Table.NONE == rows[account])
        {
            rows[account] = usage.find(group, account);
        }
        final int row = rows[account];
        if (Table.NONE != row && seen[account] != usage.version(row))
        {
            seen[account] = usage.version(row);
            sum(account, row);
        }
    }

    private void sum(final int account, final int row)
    {
        final double settled = usage.settled(row);
        double base = 0;
        double rate = 0;
        for (int slot = 0; slot < state.slots.count(); slot++)
        {
            if (weights[slot] > 0)
            {
                base += weights[slot] * (usage.value(row, slot) - usage.rate(row, slot) * settled);
                rate += weights[slot] * usage.rate(row, slot);
            }
        }
        bases[account] = base * WEIGHT_UNIT / state.accounts.get(state.accounts.weight, account);
        rates[account] = rate * WEIGHT_UNIT / state.accounts.get(state.accounts.weight, account);
    }

    /* How long ranks stay in order. */

    /** By rank, and takes note of {@link #until()}. */
    int compareForAWhile(final int left, final int right)
    {
        until = ShareOrder.FOREVER;
        if (left == right)
        {
            return 0;
        }
        if (Table.NONE == left || Table.NONE == right)
        {
            return Table.NONE == left ? 1 : -1;
        }
        final double ofLeft = exponent(left);
        final double ofRight = exponent(right);
        final int order = Long.compare(rank(ofLeft), rank(ofRight));
        // More than what is cut off to make ranks of exponents, and than rounding can make of them.
        final double size = Math.abs(ofLeft) + Math.abs(ofRight) + (rates[left] + rates[right]) * present;
        final double margin = MARGIN + size * ROUNDING;
        if (0 == order)
        {
            until = untilDifferent(left, right, margin);
            return 0;
        }
        final int lower = order < 0 ? left : right;
        final int upper = order < 0 ? right : left;
        // Below the greatest exponent and below the other one: as soon as either ends, equal ranks are possible.
        until = Math.min(
            untilWithin(-bases[lower], -rates[lower], EXPONENT_MAX - margin),
            untilWithin(bases[upper] - bases[lower], rates[upper] - rates[lower], -margin));
        return order;
    }

    /** Clock before which the two that were compared compare as they did, unless what runs of them changes. */
    double until()
    {
        return until;
    }

    private double untilDifferent(final int left, final int right, final double margin)
    {
        final boolean same = bases[left] == bases[right] && rates[left] == rates[right];
        if (same || stays(left) && stays(right))
        {
            return ShareOrder.FOREVER;
        }
        return Math.min(
            untilWithin(bases[left], rates[left], -EXPONENT_MAX - margin),
            untilWithin(bases[right], rates[right], -EXPONENT_MAX - margin));
    }

    /** Whether nothing runs, and what did is never forgotten, or forgotten already. */
    private boolean stays(final int account)
    {
        return 0 == rates[account] && (!decays || Math.abs(exponent(account)) < HALF_UNIT);
    }

    /** Clock until which base x past + rate x present + constant stays above zero; it only rises or only falls. */
    private double untilWithin(final double base, final double rate, final double constant)
    {
        if (base * past + rate * present + constant <= 0)
        {
            return clock;
        }
        if (decays)
        {
            return rate + constant >= 0 ? ShareOrder.FOREVER : base / -(rate + constant) * SOONER;
        }
        return rate >= 0 ?
            ShareOrder.FOREVER :
            (base * past + constant) / -(rate / UsageTable.LOOKBACK_NS) * SOONER;
    }
}
