package io.plimsoll.bench.core;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;

/**
 * Memory in use, off the heap and on it.
 *
 * @param directBytes of direct buffers.
 * @param heapBytes   of the heap, after a collection.
 */
record MemoryUse(long directBytes, long heapBytes)
{
    static MemoryUse now()
    {
        // Twice: the first collection only finds what the cleaners of dropped buffers then let go.
        System.gc();
        System.gc();
        long direct = 0;
        for (final BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class))
        {
            direct += "direct".equals(pool.getName()) ? pool.getMemoryUsed() : 0;
        }
        return new MemoryUse(direct, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }

    long totalSince(final MemoryUse before)
    {
        return directBytes - before.directBytes + Math.max(0, heapBytes - before.heapBytes);
    }
}
