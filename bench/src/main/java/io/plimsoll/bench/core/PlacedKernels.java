package io.plimsoll.bench.core;

import io.plimsoll.core.sbe.CommandRejectedDecoder;
import io.plimsoll.core.sbe.KernelAssignedDecoder;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import java.nio.ByteOrder;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;

/**
 * Kernels that run now, oldest first, read out of events blocks. Plain arrays, so that the load generator costs the
 * measured loop next to nothing. One thread.
 */
final class PlacedKernels
{
    private static final int EVENT_HEADER_LENGTH = 8;

    private final KernelAssignedDecoder assigned = new KernelAssignedDecoder();
    private final Rejections rejections = new Rejections();
    private final int mask;
    private final long[] kernelIds;
    private final long[] epochs;
    private final int[] agentIds;
    private long head;
    private long tail;

    PlacedKernels(final int capacity)
    {
        final int size = BitUtil.findNextPositivePowerOfTwo(capacity);
        mask = size - 1;
        kernelIds = new long[size];
        epochs = new long[size];
        agentIds = new int[size];
    }

    int size()
    {
        return (int)(tail - head);
    }

    /** Takes over all placements of an events block and returns their number. */
    int read(final DirectBuffer buffer, final int eventsOffset, final int eventsLength)
    {
        int placed = 0;
        int position = eventsOffset;
        final int end = eventsOffset + eventsLength;
        while (position < end)
        {
            final int length = buffer.getInt(position, ByteOrder.LITTLE_ENDIAN);
            final int message = position + EVENT_HEADER_LENGTH;
            final int templateId = buffer.getShort(
                message + MessageHeaderDecoder.templateIdEncodingOffset(), ByteOrder.LITTLE_ENDIAN);
            if (KernelAssignedDecoder.TEMPLATE_ID == templateId)
            {
                assigned.wrap(
                    buffer, message + MessageHeaderDecoder.ENCODED_LENGTH, KernelAssignedDecoder.BLOCK_LENGTH,
                    KernelAssignedDecoder.SCHEMA_VERSION);
                add(assigned.kernelId(), assigned.agentId(), assigned.attempt());
                placed++;
            }
            else if (CommandRejectedDecoder.TEMPLATE_ID == templateId)
            {
                rejections.require(buffer, eventsOffset, eventsLength, "steady load");
            }
            position += EVENT_HEADER_LENGTH + BitUtil.align(length, EVENT_HEADER_LENGTH);
        }
        return placed;
    }

    long kernelId()
    {
        return kernelIds[(int)head & mask];
    }

    int agentId()
    {
        return agentIds[(int)head & mask];
    }

    int attempt()
    {
        return (int)epochs[(int)head & mask];
    }

    void remove()
    {
        head++;
    }

    private void add(final long kernelId, final int agentId, final int attempt)
    {
        final int index = (int)tail & mask;
        if (tail - head > mask)
        {
            throw new IllegalStateException("more kernels run than expected: capacity=" + (mask + 1));
        }
        kernelIds[index] = kernelId;
        agentIds[index] = agentId;
        epochs[index] = attempt;
        tail++;
    }
}
