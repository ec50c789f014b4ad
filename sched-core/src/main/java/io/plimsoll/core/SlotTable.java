package io.plimsoll.core;

import io.plimsoll.core.sbe.SlotKind;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Countable resources by number. The first two are always {@code cpu} in millicores and {@code mem} in bytes. */
final class SlotTable extends Table
{
    static final int CPU = 0;
    static final int MEM = 1;
    static final int SLOTS_MAX = 16;
    static final int DEVICES_MAX = 64;

    private static final byte[] DEVICE_SUFFIX = {'.', 'd', 'e', 'v', 'i', 'c', 'e'};

    final IntColumn name = intColumn(1);
    final ByteColumn kind = byteColumn(2);
    private final Names names;

    SlotTable(final Names names)
    {
        this.names = names;
        ensureCapacity(SLOTS_MAX);
        define("cpu");
        define("mem");
    }

    private void define(final String text)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[text.length()]);
        buffer.putStringWithoutLengthAscii(0, text);
        define(SlotKind.COUNT.value(), buffer, 0, buffer.capacity());
    }

    int define(final short slotKind, final DirectBuffer buffer, final int offset, final int length)
    {
        final int slot = allocate();
        name.set(slot, names.intern(buffer, offset, length));
        kind.set(slot, (byte)slotKind);
        return slot;
    }

    int find(final DirectBuffer buffer, final int offset, final int length)
    {
        final int nameId = names.find(buffer, offset, length);
        for (int slot = 0; slot < count() && NONE != nameId; slot++)
        {
            if (nameId == name.get(slot))
            {
                return slot;
            }
        }
        return NONE;
    }

    /** Kind that a slot has by its name, which is all there is to go by until an agent offers it. */
    static SlotKind kindOf(final DirectBuffer text)
    {
        final int start = text.capacity() - DEVICE_SUFFIX.length;
        boolean isDevice = start > 0;
        for (int i = 0; i < DEVICE_SUFFIX.length && isDevice; i++)
        {
            isDevice = DEVICE_SUFFIX[i] == text.getByte(start + i);
        }
        return isDevice ? SlotKind.DEVICE : SlotKind.COUNT;
    }

    boolean isDevice(final int slot)
    {
        return SlotKind.DEVICE.value() == kind.get(slot);
    }
}
