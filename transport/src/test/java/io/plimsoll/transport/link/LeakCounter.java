package io.plimsoll.transport.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Netty's leak detector, remembering what it finds; the build names it to Netty and watches every buffer. */
public final class LeakCounter<T> extends ResourceLeakDetector<T>
{
    private static final List<String> LEAKS = new CopyOnWriteArrayList<>();
    private static final int ROUNDS = 20;

    public LeakCounter(final Class<?> resourceType, final int samplingInterval)
    {
        super(resourceType, samplingInterval);
    }

    /** Netty insists on having this one too. */
    public LeakCounter(final Class<?> resourceType, final int samplingInterval, final long unused)
    {
        super(resourceType, samplingInterval);
    }

    /** Fails if any buffer was collected without having been released. */
    static void assertNone()
    {
        if (Level.PARANOID != ResourceLeakDetector.getLevel())
        {
            throw new AssertionError("run with -Dio.netty.leakDetection.level=paranoid, as the build does");
        }
        collect();
        if (!LEAKS.isEmpty())
        {
            throw new AssertionError(LEAKS.size() + " leaks, the first: " + LEAKS.get(0));
        }
    }

    static void collect()
    {
        for (int i = 0; i < ROUNDS; i++)
        {
            // Leaks are noticed by the next allocation after a collection.
            System.gc();
            final ByteBuf probe = PooledByteBufAllocator.DEFAULT.heapBuffer(16);
            probe.release();
        }
    }

    static int clear()
    {
        final int count = LEAKS.size();
        LEAKS.clear();
        return count;
    }

    @Override
    protected boolean needReport()
    {
        return true;
    }

    @Override
    protected void reportTracedLeak(final String resourceType, final String records)
    {
        LEAKS.add(resourceType + records);
    }

    @Override
    protected void reportUntracedLeak(final String resourceType)
    {
        LEAKS.add(resourceType);
    }
}
