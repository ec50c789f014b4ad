package io.plimsoll.bench.core;

import java.lang.management.ManagementFactory;

/** Bytes that the current thread has allocated on the heap. */
public final class Allocation
{
    private static final com.sun.management.ThreadMXBean THREADS =
        ManagementFactory.getPlatformMXBean(com.sun.management.ThreadMXBean.class);

    private Allocation()
    {
    }

    /** Since the thread began; -1 if this JVM cannot tell. */
    public static long bytes()
    {
        return null == THREADS ? -1 : THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    }
}
