package io.plimsoll.bench.pipeline;

import java.util.concurrent.atomic.AtomicLong;
import org.agrona.BitUtil;

/** Kernels on their way from the egress stage to the load generator: one thread writes, one reads, no allocation. */
final class PlacementRing
{
    private final int mask;
    private final long[] kernelIds;
    private final int[] agentIds;
    private final AtomicLong head = new AtomicLong();
    private final AtomicLong tail = new AtomicLong();

    PlacementRing(final int capacity)
    {
        final int size = BitUtil.findNextPositivePowerOfTwo(capacity);
        mask = size - 1;
        kernelIds = new long[size];
        agentIds = new int[size];
    }

    void add(final long kernelId, final int agentId)
    {
        final long position = tail.getPlain();
        if (position - head.getAcquire() > mask)
        {
            throw new IllegalStateException("more kernels run than expected: capacity=" + (mask + 1));
        }
        kernelIds[(int)position & mask] = kernelId;
        agentIds[(int)position & mask] = agentId;
        tail.setRelease(position + 1);
    }

    /** All that were ever added. */
    long added()
    {
        return tail.getAcquire();
    }

    int size()
    {
        return (int)(tail.getAcquire() - head.getPlain());
    }

    long kernelId()
    {
        return kernelIds[(int)head.getPlain() & mask];
    }

    int agentId()
    {
        return agentIds[(int)head.getPlain() & mask];
    }

    void remove()
    {
        head.setRelease(head.getPlain() + 1);
    }
}
