package io.plimsoll.core;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Slots that a submission asks for though no agent has offered them. They get the next numbers, and are defined if the
 * submission is accepted. The names are views of the command. Slots are never dropped, so those that are merely asked
 * for may only use a part of the table: whatever people type, agents can still define theirs.
 */
final class AskedSlots
{
    /** Slots in all up to which one may be defined because it was asked for. */
    static final int SLOTS_MAX = SlotTable.SLOTS_MAX / 2;
    private static final int NAME_LENGTH_MAX = 64;

    private final SlotTable slots;
    private final UnsafeBuffer[] names = new UnsafeBuffer[SLOTS_MAX];
    private int count;

    AskedSlots(final SlotTable slots)
    {
        this.slots = slots;
        for (int i = 0; i < names.length; i++)
        {
            names[i] = new UnsafeBuffer(0, 0);
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
        for (int i = 0; i < count; i++)
        {
            if (names[i].equals(name))
            {
                return slots.count() + i;
            }
        }
        if (slots.count() + count >= SLOTS_MAX)
        {
            return Table.NONE;
        }
        names[count].wrap(name);
        return slots.count() + count++;
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
