package io.plimsoll.core;

/**
 * What kernels of a shape take up in a plan: amounts by slot, whole devices, and the kernels themselves. Shares are
 * planned as if nobody else came to those devices, since nobody can say today which device a share will be taken from:
 * who is planned like that fits at least as early.
 */
final class PlannedNeed
{
    private final SlotTable slots;
    private final Wanted wanted;
    private final int[] dimensions = new int[SlotTable.SLOTS_MAX + 1];
    private final long[] amounts = new long[SlotTable.SLOTS_MAX + 1];
    private int count;
    private int shape = Table.NONE;
    private boolean isPossible;
    /** Bit for each slot of devices of which shares are taken. */
    private int sharedMask;

    PlannedNeed(final CoreState state)
    {
        slots = state.slots;
        wanted = new Wanted(state);
    }

    /** Slots, and one more dimension for the kernels. */
    static int dimensions(final SlotTable slots)
    {
        return slots.count() + 1;
    }

    void load(final int shapeRow)
    {
        shape = shapeRow;
        wanted.load(shape);
        count = 0;
        isPossible = true;
        sharedMask = 0;
        add(SlotTable.CPU, wanted.need[SlotTable.CPU]);
        add(SlotTable.MEM, wanted.need[SlotTable.MEM]);
        for (int mask = wanted.furtherMask; 0 != mask; mask &= mask - 1)
        {
            final int slot = Integer.numberOfTrailingZeros(mask);
            if (!slots.isDevice(slot) && !slots.isShare(slot))
            {
                add(slot, wanted.need[slot]);
            }
        }
        for (int family = 0; family < wanted.families; family++)
        {
            addDevices(family);
        }
        add(slots.count(), 1);
    }

    private void addDevices(final int family)
    {
        final int slot = wanted.deviceSlot(family);
        final long whole = wanted.whole(family);
        final long shared = wanted.shared(family);
        if (Table.NONE == slot)
        {
            isPossible = false;
            return;
        }
        sharedMask |= shared > 0 ? 1 << slot : 0;
        add(slot, whole + shared);
    }

    private void add(final int dimension, final long amount)
    {
        if (amount > 0 || SlotTable.MEM == dimension)
        {
            dimensions[count] = dimension;
            amounts[count++] = amount;
        }
    }

    int shape()
    {
        return shape;
    }

    int kernels()
    {
        return wanted.kernels;
    }

    /** Whether shares of devices are among it, of which more may be had than is planned. */
    boolean shares()
    {
        return 0 != sharedMask;
    }

    int sharedMask()
    {
        return sharedMask;
    }

    /** Number of dimensions in which something is needed. */
    int count()
    {
        return count;
    }

    int dimension(final int index)
    {
        return dimensions[index];
    }

    /** What so many kernels on one agent need. */
    long amount(final int index, final int kernels)
    {
        return kernels * amounts[index];
    }

    /** For how many kernels something is enough, at most so many. */
    int places(final int index, final long free, final int most)
    {
        if (free < 0)
        {
            return 0;
        }
        final long amount = amounts[index];
        return 0 == amount ? most : (int)Math.min(most, free / amount);
    }

    boolean isPossible()
    {
        return isPossible;
    }
}
