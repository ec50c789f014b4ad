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
    private static final int BODY_OFFSET = EVENT_HEADER_LENGTH + MessageHeaderDecoder.ENCODED_LENGTH;
    /** The header of a message is read as one number: its second field is the template. */
    private static final int TEMPLATE_SHIFT = Byte.SIZE * MessageHeaderDecoder.templateIdEncodingOffset();
    private static final int TEMPLATE_MASK = 0xFFFF;

    private final Rejections rejections = new Rejections();
    private final int mask;
    /** Two numbers a kernel, since they are read together long after they were written: its id; agent and attempt. */
    private final long[] kernels;
    private long head;
    private long tail;

    PlacedKernels(final int capacity)
    {
        final int size = BitUtil.findNextPositivePowerOfTwo(capacity);
        mask = size - 1;
        kernels = new long[size << 1];
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
            final long header = buffer.getLong(position + EVENT_HEADER_LENGTH, ByteOrder.LITTLE_ENDIAN);
            final int templateId = (int)(header >>> TEMPLATE_SHIFT) & TEMPLATE_MASK;
            if (KernelAssignedDecoder.TEMPLATE_ID == templateId)
            {
                add(buffer, position + BODY_OFFSET);
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
        return kernels[place(head)];
    }

    int agentId()
    {
        return (int)kernels[place(head) + 1];
    }

    int attempt()
    {
        return (int)(kernels[place(head) + 1] >>> Integer.SIZE);
    }

    void remove()
    {
        head++;
    }

    private int place(final long number)
    {
        return ((int)number & mask) << 1;
    }

    private void add(final DirectBuffer buffer, final int body)
    {
        if (tail - head > mask)
        {
            throw new IllegalStateException("more kernels run than expected: capacity=" + (mask + 1));
        }
        final int at = place(tail);
        final int agentId =
            buffer.getInt(body + KernelAssignedDecoder.agentIdEncodingOffset(), ByteOrder.LITTLE_ENDIAN);
        final long attempt =
            buffer.getInt(body + KernelAssignedDecoder.attemptEncodingOffset(), ByteOrder.LITTLE_ENDIAN);
        kernels[at] = buffer.getLong(body + KernelAssignedDecoder.kernelIdEncodingOffset(), ByteOrder.LITTLE_ENDIAN);
        kernels[at + 1] = attempt << Integer.SIZE | Integer.toUnsignedLong(agentId);
        tail++;
    }
}
