package io.plimsoll.core;

/** What one session asks for, filled anew for each: a flyweight of the deciding thread. */
final class Request
{
    int group;
    int priority;
    int kernels;
    /** Account that asks. */
    int owner;
    /** Whether it is of type SYSTEM. */
    boolean system;
    /** Limit of the run time; 0: none. */
    long walltimeNs;
    /** Row of the constraints; 0: none. Known once they are state. */
    int constraint;
    final long[] amounts = new long[SlotTable.SLOTS_MAX];
    /** Bit for each slot beyond mem with an amount above zero. */
    int furtherMask;

    void clear()
    {
        for (int mask = furtherMask; 0 != mask; mask &= mask - 1)
        {
            amounts[Integer.numberOfTrailingZeros(mask)] = 0;
        }
        furtherMask = 0;
    }

    /** Asks for the same as another. */
    void copyFrom(final Request other)
    {
        clear();
        group = other.group;
        priority = other.priority;
        kernels = other.kernels;
        owner = other.owner;
        system = other.system;
        walltimeNs = other.walltimeNs;
        constraint = other.constraint;
        System.arraycopy(other.amounts, 0, amounts, 0, amounts.length);
        furtherMask = other.furtherMask;
    }

    /** Asks for an amount of a slot beyond mem. */
    void further(final int slot, final long amount)
    {
        amounts[slot] = amount;
        if (amount > 0)
        {
            furtherMask |= 1 << slot;
        }
    }

    /** Zero amounts do not count, so a slot defined later changes no hash. */
    long hash()
    {
        long hash = ((long)group << 32) ^ ((long)priority << 16) ^ kernels ^ (system ? 1L << 31 : 0);
        hash = Hashing.chain(Hashing.chain(hash, ((long)constraint << 32) ^ owner), walltimeNs);
        hash = hash * 31 + amounts[SlotTable.CPU];
        hash = Hashing.mix(hash) + amounts[SlotTable.MEM];
        for (int mask = furtherMask; 0 != mask; mask &= mask - 1)
        {
            final int slot = Integer.numberOfTrailingZeros(mask);
            hash = Hashing.chain(hash + slot, amounts[slot]);
        }
        return Hashing.mix(hash);
    }
}
