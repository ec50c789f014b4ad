package io.plimsoll.core.pipeline;

import com.lmax.disruptor.InsufficientCapacityException;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.YieldingWaitStrategy;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The input ring: many producers, one consumer (the core stage). Entries hold short commands in one off-heap slab;
 * longer ones live in buffers whose total is bounded.
 * <p>
 * The consumer looks at one slot at a time instead of using an {@code EventPoller}: a poller walks all published
 * entries at every call, which for a limited batch of a full ring is dozens of slots for each command.
 */
final class CommandRing implements CommandIngress
{
    private static final int HEADER_LENGTH = MessageHeaderDecoder.ENCODED_LENGTH;
    private static final int TEMPLATE_ID_MAX = 99;

    private final int inlineLength;
    private final int submitHeadroom;
    private final long overflowLengthMax;
    private final long submitOverflowLengthMax;
    private final UnsafeBuffer slab;
    private final RingBuffer<CommandSlot> ring;
    private final Sequence consumed = new Sequence();
    private final AtomicLong overflowLength = new AtomicLong();
    private final Wakeup wakeup;
    private final PipelineFault fault;
    private final PipelineCounters counters;
    private long nextSequence;

    CommandRing(
        final PipelineContext context, final Wakeup wakeup, final PipelineFault fault, final PipelineCounters counters)
    {
        this.wakeup = wakeup;
        this.fault = fault;
        this.counters = counters;
        inlineLength = context.inlineLength();
        submitHeadroom = context.ringSize() / 4;
        overflowLengthMax = context.overflowLengthMax();
        submitOverflowLengthMax = overflowLengthMax / 4 * 3;
        slab = new UnsafeBuffer(BufferUtil.allocateDirectAligned(context.ringSize() * inlineLength, 64));
        final int[] slots = new int[1];
        ring = RingBuffer.createMultiProducer(
            () -> new CommandSlot(slots[0]++ * inlineLength), context.ringSize(), new YieldingWaitStrategy());
        ring.addGatingSequences(consumed);
        nextSequence = consumed.get() + 1;
    }

    @Override
    public boolean trySubmit(final DirectBuffer buffer, final int offset, final int length)
    {
        final boolean taken = tryOffer(buffer, offset, length, submitHeadroom, submitOverflowLengthMax);
        if (!taken)
        {
            counters.addConcurrently(PipelineCounter.SUBMISSIONS_REFUSED);
        }
        return taken;
    }

    @Override
    public boolean tryPublish(final DirectBuffer buffer, final int offset, final int length)
    {
        final boolean taken = tryOffer(buffer, offset, length, 0, overflowLengthMax);
        if (!taken)
        {
            counters.addConcurrently(PipelineCounter.PUBLICATIONS_REFUSED);
        }
        return taken;
    }

    /** Consumer: whether a command waits. */
    boolean hasNext()
    {
        return ring.isAvailable(nextSequence);
    }

    /** Consumer: the command that waits, null if there is none. It stays until {@link #release(CommandSlot)}. */
    CommandSlot peek()
    {
        return ring.isAvailable(nextSequence) ? ring.get(nextSequence) : null;
    }

    /** Consumer: where the command of a slot is. */
    DirectBuffer buffer(final CommandSlot slot)
    {
        return null == slot.overflow ? slab : slot.overflow;
    }

    /** Consumer: where the command of a slot begins. */
    int offset(final CommandSlot slot)
    {
        return null == slot.overflow ? slot.inlineOffset : 0;
    }

    /** Consumer: gives the slot back to the producers. */
    void release(final CommandSlot slot)
    {
        if (null != slot.overflow)
        {
            overflowLength.getAndAdd(-slot.overflow.capacity());
            slot.overflow = null;
        }
        consumed.set(nextSequence++);
    }

    /** Any thread: number of the last entry that a producer has taken. */
    long lastTaken()
    {
        return ring.getCursor();
    }

    /** Consumer: whether the entry of a number, and so all before it, is handled. */
    boolean isHandled(final long entryNumber)
    {
        return entryNumber < nextSequence;
    }

    /** Any thread: entries taken, roughly. */
    int occupancy()
    {
        return (int)(ring.getBufferSize() - ring.remainingCapacity());
    }

    /** Any thread: bytes that long commands take. */
    long overflowLength()
    {
        return overflowLength.get();
    }

    private boolean tryOffer(
        final DirectBuffer buffer, final int offset, final int length, final int headroom, final long overflowMax)
    {
        validate(buffer, offset, length);
        // Producers that pass here together may exceed the share by their own number, which is small.
        if (fault.isRaised() || !ring.hasAvailableCapacity(headroom + 1))
        {
            return false;
        }
        UnsafeBuffer overflow = null;
        if (length > inlineLength)
        {
            if (!tryReserveOverflow(length, overflowMax))
            {
                return false;
            }
            // Before the claim: a claimed slot must be published, so nothing may fail after it.
            overflow = new UnsafeBuffer(new byte[length]);
            overflow.putBytes(0, buffer, offset, length);
        }
        final boolean published = tryFill(buffer, offset, length, overflow);
        if (published)
        {
            wakeup.signal();
        }
        else if (null != overflow)
        {
            overflowLength.getAndAdd(-length);
        }
        return published;
    }

    private boolean tryFill(
        final DirectBuffer buffer, final int offset, final int length, final UnsafeBuffer overflow)
    {
        final long sequence;
        try
        {
            sequence = ring.tryNext();
        }
        catch (final InsufficientCapacityException ex)
        {
            return false;
        }
        final CommandSlot slot = ring.get(sequence);
        slot.overflow = overflow;
        slot.length = length;
        if (null == overflow)
        {
            slab.putBytes(slot.inlineOffset, buffer, offset, length);
        }
        ring.publish(sequence);
        return true;
    }

    private boolean tryReserveOverflow(final int length, final long overflowMax)
    {
        if (overflowLength.addAndGet(length) > overflowMax)
        {
            overflowLength.getAndAdd(-length);
            return false;
        }
        return true;
    }

    /** Everything that could throw is found before a slot is claimed. */
    private static void validate(final DirectBuffer buffer, final int offset, final int length)
    {
        if (length < HEADER_LENGTH || length > COMMAND_LENGTH_MAX)
        {
            throw new IllegalArgumentException("command of unusable length=" + length);
        }
        buffer.boundsCheck(offset, length);
        final int templateId = buffer.getShort(
            offset + MessageHeaderDecoder.templateIdEncodingOffset(), ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
        final int schemaId = buffer.getShort(
            offset + MessageHeaderDecoder.schemaIdEncodingOffset(), ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
        if (MessageHeaderDecoder.SCHEMA_ID != schemaId || templateId < 1 || templateId > TEMPLATE_ID_MAX)
        {
            throw new IllegalArgumentException("not a command: schemaId=" + schemaId + " templateId=" + templateId);
        }
    }
}
