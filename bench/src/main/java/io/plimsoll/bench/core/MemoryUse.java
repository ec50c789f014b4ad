package io.plimsoll.bench.core;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Memory in use, off the heap and on it.
 *
 * @param directBytes of direct buffers.
 * @param heapBytes   of the heap, after a collection.
 */
record MemoryUse(long directBytes, long heapBytes)
{
    private static final int STEADY = 8;
    private static final int TRIES = 50;
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(20);

    /** After what earlier measurements left behind is gone: cleaners of dropped buffers run some time after the GC. */
    static MemoryUse now()
    {
        long direct = -1;
        int steady = 0;
        for (int i = 0; i < TRIES && steady < STEADY; i++)
        {
            System.gc();
            LockSupport.parkNanos(PAUSE_NS);
            final long now = direct();
            steady = now == direct ? steady + 1 : 0;
            direct = now;
        }
        return new MemoryUse(direct, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }

    long totalSince(final MemoryUse before)
    {
        return directBytes - before.directBytes + Math.max(0, heapBytes - before.heapBytes);
    }

    private static long direct()
    {
        long direct = 0;
        for (final BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class))
        {
            direct += "direct".equals(pool.getName()) ? pool.getMemoryUsed() : 0;
        }
        return direct;
    }
}
