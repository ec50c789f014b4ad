package io.plimsoll.core;

import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * The order in which slots are compared where agents are chosen by what they have free: cpu, mem and all others by
 * number, unless the selection of a group names some that come before these, as {@code concentrated:mem:cpu} does. What
 * is named but no slot does not count.
 */
final class SlotPriority
{
    private static final byte SEPARATOR = ':';

    private final Names names;
    private final SlotTable slots;
    private int[] order = new int[0];
    /* What the order was made for. */
    private int selection = Table.NONE;
    private int made = -1;

    SlotPriority(final CoreState state)
    {
        names = state.names;
        slots = state.slots;
    }

    /** Whether the name of a selection names slots. */
    static boolean isNamed(final Names names, final int selection)
    {
        return Table.NONE != selection &&
            next(names.buffer(), names.offset(selection), names.offset(selection) + names.length(selection)) <
                names.offset(selection) + names.length(selection);
    }

    /** All slots, those that a selection names first; of use until the next call. */
    int[] order(final int named)
    {
        if (named != selection || slots.count() != made)
        {
            selection = named;
            made = slots.count();
            order = Arrays.copyOf(order, made);
            make();
        }
        return order;
    }

    private void make()
    {
        int count = 0;
        if (Table.NONE != selection)
        {
            final DirectBuffer buffer = names.buffer();
            final int end = names.offset(selection) + names.length(selection);
            for (int at = next(buffer, names.offset(selection), end); at < end;)
            {
                final int after = next(buffer, at + 1, end);
                final int slot = slots.find(buffer, at + 1, after - at - 1);
                if (Table.NONE != slot && !isAmong(slot, count))
                {
                    order[count++] = slot;
                }
                at = after;
            }
        }
        for (int slot = 0; slot < made; slot++)
        {
            if (!isAmong(slot, count))
            {
                order[count++] = slot;
            }
        }
    }

    private boolean isAmong(final int slot, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (slot == order[i])
            {
                return true;
            }
        }
        return false;
    }

    private static int next(final DirectBuffer buffer, final int from, final int end)
    {
        int at = from;
        while (at < end && SEPARATOR != buffer.getByte(at))
        {
            at++;
        }
        return at;
    }
}
