package io.plimsoll.core;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Further parts of a session as bytes, read one after the other: those of SubmitSessions slot by slot, with their
 * names, those of SessionQueued whole. See {@code scheduler.xml}.
 */
public final class PartsFlyweight
{
    private static final int QUEUED_SLOT_LENGTH = Long.BYTES + Byte.BYTES;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private int position;
    private int kernels;
    private int slots;
    private long cpuMillis;
    private long memoryBytes;
    private long amount;
    private int slotId;

    /** Starts to read; the bytes are used as long as that goes on. */
    public PartsFlyweight wrap(final DirectBuffer bytes)
    {
        buffer.wrap(bytes);
        position = 0;
        return this;
    }

    /** Whether another part follows. */
    public boolean hasNext()
    {
        return position < buffer.capacity();
    }

    /** Reads what stands before the slots of the next part; false if that is cut short. */
    public boolean next()
    {
        if (buffer.capacity() - position < SessionPart.HEADER_LENGTH)
        {
            return false;
        }
        kernels = buffer.getShort(position, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
        slots = buffer.getByte(position + 2) & 0xFF;
        cpuMillis = buffer.getLong(position + 3, ByteOrder.LITTLE_ENDIAN);
        memoryBytes = buffer.getLong(position + 11, ByteOrder.LITTLE_ENDIAN);
        position += SessionPart.HEADER_LENGTH;
        return true;
    }

    /** Of the part. */
    public int kernels()
    {
        return kernels;
    }

    /** How many slots follow. */
    public int slots()
    {
        return slots;
    }

    /** Of each kernel. */
    public long cpuMillis()
    {
        return cpuMillis;
    }

    /** Of each kernel. */
    public long memoryBytes()
    {
        return memoryBytes;
    }

    /** Reads a slot of SubmitSessions, its name into a view; false if that is cut short. */
    boolean nextSlot(final UnsafeBuffer name)
    {
        final int nameAt = position + Long.BYTES + 1;
        if (nameAt > buffer.capacity())
        {
            return false;
        }
        amount = buffer.getLong(position, ByteOrder.LITTLE_ENDIAN);
        final int length = buffer.getByte(nameAt - 1) & 0xFF;
        if (nameAt + length > buffer.capacity())
        {
            return false;
        }
        name.wrap(buffer, nameAt, length);
        position = nameAt + length;
        return true;
    }

    /** Reads a slot of SessionQueued. */
    public void nextSlot()
    {
        amount = buffer.getLong(position, ByteOrder.LITTLE_ENDIAN);
        slotId = buffer.getByte(position + Long.BYTES);
        position += QUEUED_SLOT_LENGTH;
    }

    /** Of the slot. */
    public long amount()
    {
        return amount;
    }

    /** Number of the slot. */
    public int slotId()
    {
        return slotId;
    }

    /** Reads the next part of SessionQueued. */
    void readQueued(final Request part)
    {
        next();
        part.kernels = kernels;
        part.amounts[SlotTable.CPU] = cpuMillis;
        part.amounts[SlotTable.MEM] = memoryBytes;
        for (int left = slots; left > 0; left--)
        {
            nextSlot();
            part.further(slotId, amount);
        }
    }

    /** Writes all parts after the first, the last one first, as SessionQueued has them; returns their length. */
    static int writeQueued(final Request first, final ExpandableArrayBuffer target)
    {
        int length = 0;
        Request last = null;
        while (last != first.rest)
        {
            Request part = first.rest;
            while (part.rest != last)
            {
                part = part.rest;
            }
            length = write(part, target, length);
            last = part;
        }
        return length;
    }

    private static int write(final Request part, final ExpandableArrayBuffer target, final int offset)
    {
        target.putShort(offset, (short)part.kernels, ByteOrder.LITTLE_ENDIAN);
        target.putByte(offset + 2, (byte)Integer.bitCount(part.furtherMask));
        target.putLong(offset + 3, part.amounts[SlotTable.CPU], ByteOrder.LITTLE_ENDIAN);
        target.putLong(offset + 11, part.amounts[SlotTable.MEM], ByteOrder.LITTLE_ENDIAN);
        int at = offset + SessionPart.HEADER_LENGTH;
        for (int mask = part.furtherMask; 0 != mask; mask &= mask - 1)
        {
            final int slot = Integer.numberOfTrailingZeros(mask);
            target.putLong(at, part.amounts[slot], ByteOrder.LITTLE_ENDIAN);
            target.putByte(at + Long.BYTES, (byte)slot);
            at += QUEUED_SLOT_LENGTH;
        }
        return at;
    }
}
