package io.plimsoll.core;

/** What one session asks for, filled anew for each: a flyweight of the deciding thread. */
final class Request
{
    int group;
    int priority;
    int kernels;
    final long[] amounts = new long[SlotTable.SLOTS_MAX];

    void clear()
    {
        for (int slot = 0; slot < amounts.length; slot++)
        {
            amounts[slot] = 0;
        }
    }

    /** Zero amounts do not count, so a slot defined later changes no hash. */
    long hash()
    {
        long hash = ((long)group << 32) ^ ((long)priority << 16) ^ kernels;
        for (int slot = 0; slot < amounts.length; slot++)
        {
            if (0 != amounts[slot])
            {
                hash = Hashing.chain(hash + slot, amounts[slot]);
            }
        }
        return Hashing.mix(hash);
    }
}
