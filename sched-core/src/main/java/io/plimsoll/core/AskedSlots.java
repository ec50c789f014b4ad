package io.plimsoll.core;

import io.plimsoll.core.sbe.SlotKind;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Slots that a submission asks for though no agent has offered them. They get the next numbers, and are defined if the
 * submission is accepted, those of a family of devices together. Slots are never dropped, so those that are merely
 * asked for may only use a part of the table: whatever people type, agents can still define theirs.
 */
final class AskedSlots
{
    /** Slots in all up to which one may be defined because it was asked for. */
    static final int SLOTS_MAX = SlotTable.SLOTS_MAX / 2;
    private static final int NAME_LENGTH_MAX = 64;

    private final SlotTable slots;
    private final UnsafeBuffer[] names = new UnsafeBuffer[SLOTS_MAX];
    private final UnsafeBuffer partner = new UnsafeBuffer(new byte[NAME_LENGTH_MAX]);
    private final UnsafeBuffer partnerName = new UnsafeBuffer(0, 0);
    private int count;

    AskedSlots(final SlotTable slots)
    {
        this.slots = slots;
        for (int i = 0; i < names.length; i++)
        {
            names[i] = new UnsafeBuffer(new byte[NAME_LENGTH_MAX]);
        }
    }

    void clear()
    {
        count = 0;
    }

    int count()
    {
        return count;
    }

    DirectBuffer name(final int index)
    {
        return names[index];
    }

    /** Number that a slot has or would get; NONE if there is no room for it. */
    int number(final DirectBuffer name)
    {
        final int asked = find(name);
        if (Table.NONE != asked)
        {
            return slots.count() + asked;
        }
        partnerName.wrap(partner, 0, name.capacity());
        final boolean pair = SlotTable.partnerName(name, partnerName) &&
            Table.NONE == slots.find(partnerName, 0, partnerName.capacity());
        if (slots.count() + count + (pair ? 2 : 1) > SLOTS_MAX)
        {
            return Table.NONE;
        }
        final boolean partnerFirst = pair && SlotKind.SHARE == SlotTable.kindOf(name);
        if (partnerFirst)
        {
            add(partnerName);
        }
        final int number = slots.count() + count;
        add(name);
        if (pair && !partnerFirst)
        {
            add(partnerName);
        }
        return number;
    }

    private int find(final DirectBuffer name)
    {
        for (int i = 0; i < count; i++)
        {
            if (equals(names[i], name))
            {
                return i;
            }
        }
        return Table.NONE;
    }

    private static boolean equals(final DirectBuffer left, final DirectBuffer right)
    {
        boolean equal = left.capacity() == right.capacity();
        for (int i = 0; equal && i < left.capacity(); i++)
        {
            equal = left.getByte(i) == right.getByte(i);
        }
        return equal;
    }

    private void add(final DirectBuffer name)
    {
        final UnsafeBuffer kept = names[count++];
        kept.wrap(kept.byteArray(), 0, name.capacity());
        kept.putBytes(0, name, 0, name.capacity());
    }

    /** Whether an agent could have a slot of this name: lower case letters, digits, dots, dashes, underscores. */
    static boolean isName(final DirectBuffer name)
    {
        if (0 == name.capacity() || name.capacity() > NAME_LENGTH_MAX || !isLetter(name.getByte(0)))
        {
            return false;
        }
        for (int i = 1; i < name.capacity(); i++)
        {
            final byte at = name.getByte(i);
            if (!isLetter(at) && !(at >= '0' && at <= '9') && '.' != at && '-' != at && '_' != at)
            {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetter(final byte at)
    {
        return at >= 'a' && at <= 'z';
    }
}
