package io.plimsoll.agent.allocation;

import io.plimsoll.agent.topology.HostDevice;

/**
 * A slot's devices, and what is left of each.
 *
 * @param slot          name.
 * @param ids           indices of the devices among those of the host.
 * @param freeMillis    thousandths left of each.
 * @param capacity      thousandths of the largest.
 * @param quantumMillis of shares; 0: only whole amounts.
 * @param ofWhole       whether these are shares of devices that others want whole.
 */
record DeviceUse(
    String slot, int[] ids, long[] freeMillis, long capacity, long quantumMillis, boolean ofWhole)
{
    boolean isShared()
    {
        return quantumMillis > 0;
    }

    long floor(final long millis)
    {
        final long piece = isShared() ? quantumMillis : HostDevice.MILLIS;
        return millis / piece * piece;
    }

    long total()
    {
        long total = 0;
        for (final long free : freeMillis)
        {
            total += free;
        }
        return total;
    }
}
