package io.plimsoll.core;

import io.plimsoll.core.sbe.SlotKind;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Countable resources by number. The first two are always {@code cpu} in millicores and {@code mem} in bytes. With
 * every slot {@code X.device} of whole devices comes a slot {@code X.shares} of thousandths of them, which no agent
 * offers.
 */
final class SlotTable extends Table
{
    static final int CPU = 0;
    static final int MEM = 1;
    static final int SLOTS_MAX = 16;
    static final int DEVICES_MAX = 64;

    private static final byte COUNT_KIND = (byte)SlotKind.COUNT.value();
    private static final byte[] DEVICE_SUFFIX = {'.', 'd', 'e', 'v', 'i', 'c', 'e'};
    static final byte[] MODEL_SUFFIX = {'.', 'm', 'o', 'd', 'e', 'l'};
    private static final byte[] SHARES_SUFFIX = {'.', 's', 'h', 'a', 'r', 'e', 's'};

    final IntColumn name = intColumn(1);
    final ByteColumn kind = byteColumn(2);
    /** The slot of the same devices, whole or in shares, plus one; 0: none. */
    private final IntColumn partner = intColumn(0);
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
        set(name, slot, names.intern(buffer, offset, length));
        set(kind, slot, (byte)slotKind);
        if (SlotKind.COUNT.value() != slotKind)
        {
            pair(slot, buffer, offset, length);
        }
        return slot;
    }

    int find(final DirectBuffer buffer, final int offset, final int length)
    {
        final int nameId = names.find(buffer, offset, length);
        for (int slot = 0; slot < count() && NONE != nameId; slot++)
        {
            if (nameId == get(name, slot))
            {
                return slot;
            }
        }
        return NONE;
    }

    private void pair(final int slot, final DirectBuffer buffer, final int offset, final int length)
    {
        final UnsafeBuffer view = new UnsafeBuffer(buffer, offset, length);
        final UnsafeBuffer other = new UnsafeBuffer(new byte[length]);
        final int known = partnerName(view, other) ? find(other, 0, length) : NONE;
        if (NONE != known && COUNT_KIND != get(kind, known))
        {
            set(partner, slot, known + 1);
            set(partner, known, slot + 1);
        }
    }

    /** Kind that a slot has by its name, which is all there is to go by until an agent offers it. */
    static SlotKind kindOf(final DirectBuffer text)
    {
        if (endsWith(text, SHARES_SUFFIX))
        {
            return SlotKind.SHARE;
        }
        return endsWith(text, DEVICE_SUFFIX) ? SlotKind.DEVICE : SlotKind.COUNT;
    }

    /** Writes the name of the other slot of a family, which is as long; false if there is no other. */
    static boolean partnerName(final DirectBuffer text, final MutableDirectBuffer target)
    {
        final SlotKind kind = kindOf(text);
        if (SlotKind.COUNT == kind)
        {
            return false;
        }
        final byte[] suffix = SlotKind.DEVICE == kind ? SHARES_SUFFIX : DEVICE_SUFFIX;
        target.putBytes(0, text, 0, text.capacity());
        target.putBytes(text.capacity() - suffix.length, suffix);
        return true;
    }

    /** Name of the label that tells the model of the devices of a slot; NONE if no agent has it. */
    int modelLabel(final int slot)
    {
        final int length = names.length(get(name, slot)) - DEVICE_SUFFIX.length;
        if (length <= 0)
        {
            return NONE;
        }
        final UnsafeBuffer label = new UnsafeBuffer(new byte[length + MODEL_SUFFIX.length]);
        label.putBytes(0, names.buffer(), names.offset(get(name, slot)), length);
        label.putBytes(length, MODEL_SUFFIX);
        return names.find(label, 0, label.capacity());
    }

    private static boolean endsWith(final DirectBuffer text, final byte[] suffix)
    {
        final int start = text.capacity() - suffix.length;
        boolean ends = start > 0;
        for (int i = 0; i < suffix.length && ends; i++)
        {
            ends = suffix[i] == text.getByte(start + i);
        }
        return ends;
    }

    boolean isDevice(final int slot)
    {
        return SlotKind.DEVICE.value() == get(kind, slot);
    }

    boolean isShare(final int slot)
    {
        return SlotKind.SHARE.value() == get(kind, slot);
    }

    /** The slot of shares of the devices of a slot, or that of the devices which a slot is shares of; NONE if none. */
    int partner(final int slot)
    {
        return get(partner, slot) - 1;
    }

    /** The slots of a mask, and with them those of the same devices. */
    int withPartners(final int mask)
    {
        int with = mask;
        for (int rest = mask; 0 != rest; rest &= rest - 1)
        {
            final int partner = partner(Integer.numberOfTrailingZeros(rest));
            with |= NONE == partner ? 0 : 1 << partner;
        }
        return with;
    }

    /** How many kinds of resources the slots of a mask are: devices and shares of them are one. */
    int kinds(final int mask)
    {
        int kinds = 0;
        for (int rest = mask; 0 != rest; rest &= rest - 1)
        {
            final int slot = Integer.numberOfTrailingZeros(rest);
            final int partner = partner(slot);
            kinds += NONE != partner && partner < slot && 0 != (mask & 1 << partner) ? 0 : 1;
        }
        return kinds;
    }

    /** Whether a slot is of a family: what stands before the first dot of its name. */
    boolean isOf(final int slot, final DirectBuffer family, final int offset, final int length)
    {
        final int nameId = get(name, slot);
        boolean is = names.length(nameId) > length && '.' == names.buffer().getByte(names.offset(nameId) + length);
        for (int i = 0; i < length && is; i++)
        {
            is = family.getByte(offset + i) == names.buffer().getByte(names.offset(nameId) + i);
        }
        return is;
    }

    @Override
    void transfer(final StateBlocks blocks, final int part)
    {
        super.transfer(blocks, part);
        for (int slot = 0; slot < count() && blocks.isReading(); slot++)
        {
            if (COUNT_KIND != get(kind, slot))
            {
                pair(slot, names.buffer(), names.offset(get(name, slot)), names.length(get(name, slot)));
            }
        }
    }
}
