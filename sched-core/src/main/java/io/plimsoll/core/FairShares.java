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
    private static final double MEM_WEIGHT = 0.001;
    private static final double DEVICE_WEIGHT = 10;

    private final CoreState state;
    private final UsageTable usage;
    private final GroupCapacities capacities;
    private final int group;
    /** Weight over capacity and over the sum of weights, by slot; 0: does not count. */
    private final double[] weights = new double[SlotTable.SLOTS_MAX];
    private long[] ranks = new long[0];
    private long[] rankedAt = new long[0];
    private long refreshes;
    private long timestampNs = -1;
    private long usageChanges = -1;
    private long capacityVersion = -1;
    /* n = (v - r K0) x past + r x present: see UsageTable. */
    private double past;
    private double present;

    FairShares(final CoreState state, final int group, final GroupCapacities capacities)
    {
        this.capacities = capacities;
        this.state = state;
        this.group = group;
        usage = state.usage;
    }

    /** Takes note of the time and of what changed; returns whether anything did. */
    boolean refresh()
    {
        if (state.timestampNs == timestampNs && usage.changes() == usageChanges &&
            capacities.version() == capacityVersion)
        {
            return false;
        }
        timestampNs = state.timestampNs;
        usageChanges = usage.changes();
        if (capacities.version() != capacityVersion)
        {
            capacityVersion = capacities.version();
            weigh();
        }
        final double clock = usage.clock(group);
        final boolean decays = 0 != state.groups.usageHalfLifeNs.get(group);
        past = decays ? 1 / clock : 1 / UsageTable.LOOKBACK_NS;
        present = decays ? 1 : clock / UsageTable.LOOKBACK_NS;
        refreshes++;
        return true;
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
        if (Table.NONE == account)
        {
            return LAST;
        }
        if (account >= ranks.length)
        {
            final int length = Math.max(64, account * 2);
            ranks = Arrays.copyOf(ranks, length);
            rankedAt = Arrays.copyOf(rankedAt, length);
        }
        if (rankedAt[account] != refreshes)
        {
            rankedAt[account] = refreshes;
            ranks[account] = (long)(exponent(account) * RANK_UNIT);
        }
        return ranks[account];
    }

    private double exponent(final int account)
    {
        final int row = usage.find(group, account);
        if (Table.NONE == row)
        {
            return 0;
        }
        final double settled = usage.settled(row);
        double normalised = 0;
        for (int slot = 0; slot < state.slots.count(); slot++)
        {
            if (weights[slot] > 0)
            {
                final double rate = usage.rate(row, slot);
                normalised += weights[slot] * ((usage.value(row, slot) - rate * settled) * past + rate * present);
            }
        }
        final double exponent = normalised * WEIGHT_UNIT / state.accounts.weight.get(account);
        return Math.min(Math.max(exponent, -EXPONENT_MAX), EXPONENT_MAX);
    }
}
