package io.plimsoll.core;

import io.plimsoll.core.policy.AgentView;

/**
 * Which devices of an agent a kernel gets: the lowest idle ones for whole devices, and for shares the fullest that have
 * room, the lowest numbers among equals.
 */
final class DevicePicker
{
    private DevicePicker()
    {
    }

    /** The lowest idle devices as a mask; 0 if there are too few. */
    static long idle(final int[] free, final int from, final int devices, final long wanted)
    {
        long mask = 0;
        long left = wanted;
        for (int device = 0; device < devices && left > 0; device++)
        {
            if (AgentView.WHOLE == free[from + device])
            {
                mask |= 1L << device;
                left--;
            }
        }
        return 0 == left ? mask : 0;
    }

    /** The fullest devices with room for a share, apart from a mask, as a mask; 0 if there are too few. */
    static long fullest(
        final int[] free, final int from, final int devices, final long except, final long wanted, final int share)
    {
        long mask = 0;
        for (long left = wanted; left > 0; left--)
        {
            int best = Table.NONE;
            for (int device = 0; device < devices; device++)
            {
                final boolean taken = 0 != ((except | mask) & 1L << device);
                if (!taken && free[from + device] >= share &&
                    (Table.NONE == best || free[from + device] < free[from + best]))
                {
                    best = device;
                }
            }
            if (Table.NONE == best)
            {
                return 0;
            }
            mask |= 1L << best;
        }
        return mask;
    }
}
