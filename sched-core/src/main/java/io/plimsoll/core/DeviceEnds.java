package io.plimsoll.core;

import java.util.Arrays;

/** When the devices of an agent have nobody on them any more, as far as that is known; by slot of devices. */
final class DeviceEnds
{
    private static final long NOBODY_NS = Long.MIN_VALUE;
    private static final long[] NONE = {};

    private final AgentTable agents;
    private final SlotTable slots;
    private final long[][] endNs = new long[SlotTable.SLOTS_MAX][];

    DeviceEnds(final CoreState state)
    {
        agents = state.agents;
        slots = state.slots;
        Arrays.fill(endNs, NONE);
    }

    /** Those of an agent, with nobody on them. */
    void begin(final int agent)
    {
        for (int slot = 0; slot < slots.count(); slot++)
        {
            if (slots.isDevice(slot))
            {
                final int count = (int)agents.capacity(agent, slot);
                if (endNs[slot].length != count)
                {
                    endNs[slot] = new long[count];
                }
                Arrays.fill(endNs[slot], NOBODY_NS);
            }
        }
    }

    /** Somebody has devices until a time; NEVER: nobody knows until when. */
    void keep(final int slot, final long mask, final long untilNs)
    {
        final long[] ends = endNs[slot];
        for (long rest = mask; 0 != rest; rest &= rest - 1)
        {
            final int device = Long.numberOfTrailingZeros(rest);
            if (device < ends.length)
            {
                ends[device] = Math.max(ends[device], untilNs);
            }
        }
    }

    /** Devices of a slot; 0 if it is not one of devices. */
    int count(final int slot)
    {
        return endNs[slot].length;
    }

    /** Whether somebody is on a device. */
    boolean isKept(final int slot, final int device)
    {
        return NOBODY_NS != endNs[slot][device];
    }

    long endNs(final int slot, final int device)
    {
        return endNs[slot][device];
    }

    /** When the first device of any of these slots is idle; of no slots: always. */
    long firstIdleNs(final int slotMask)
    {
        long idleNs = 0 == slotMask ? NOBODY_NS : ExpectedEnds.NEVER;
        for (int mask = slotMask; 0 != mask; mask &= mask - 1)
        {
            for (final long untilNs : endNs[Integer.numberOfTrailingZeros(mask)])
            {
                idleNs = Math.min(idleNs, untilNs);
            }
        }
        return idleNs;
    }
}
