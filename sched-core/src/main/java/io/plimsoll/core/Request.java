package io.plimsoll.core;

/**
 * What one session asks for, or some of its kernels where not all ask for the same: see {@link #rest}. Filled anew for
 * each, a flyweight of the deciding thread.
 */
final class Request
{
    int group;
    int priority;
    /** Of this part. */
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
    /** What the kernels after these ask for; null: there are none. */
    Request rest;
    /** Row of the shape of the rest, plus one; 0: none. Known once that was looked up. */
    int nextPart;
    private Request pooled;

    void clear()
    {
        for (int mask = furtherMask; 0 != mask; mask &= mask - 1)
        {
            amounts[Integer.numberOfTrailingZeros(mask)] = 0;
        }
        furtherMask = 0;
        rest = null;
        nextPart = 0;
    }

    /** Makes room for another part behind this one, for the same session and with nothing asked for yet. */
    Request addPart()
    {
        if (null == pooled)
        {
            pooled = new Request();
        }
        pooled.clear();
        pooled.group = group;
        pooled.priority = priority;
        pooled.owner = owner;
        pooled.system = system;
        pooled.walltimeNs = walltimeNs;
        rest = pooled;
        return pooled;
    }

    /** Takes the last part away again, which is the one after this. */
    void dropPart()
    {
        rest = null;
    }

    /** Whether each kernel asks for the same as those of another part of the session. */
    boolean asksAs(final Request other)
    {
        boolean same = furtherMask == other.furtherMask;
        for (int slot = 0; same && slot < amounts.length; slot++)
        {
            same = amounts[slot] == other.amounts[slot];
        }
        return same;
    }

    /** Of all parts. */
    int kernelsInAll()
    {
        int sum = 0;
        for (Request part = this; null != part; part = part.rest)
        {
            sum += part.kernels;
        }
        return sum;
    }

    /** Of a slot, by all kernels of all parts. */
    long total(final int slot)
    {
        long sum = 0;
        for (Request part = this; null != part; part = part.rest)
        {
            sum += part.amounts[slot] * part.kernels;
        }
        return sum;
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
        if (0 != nextPart)
        {
            hash = Hashing.chain(hash, nextPart);
        }
        return Hashing.mix(hash);
    }
}
