package io.plimsoll.core;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The order in which slots are compared where agents are chosen by what they have free. First come those that the
 * selection of a group names, as {@code concentrated:mem:cpu} does, by slot or by family; what is named but no slot
 * does not count. Then come those of the families cuda, rocm and tpu, in that order, that are asked for, then cpu, mem,
 * and all others by number. Of the latter shares count as the largest that is free on one device, before that as what
 * is free on all.
 */
final class SlotPriority
{
    private static final byte SEPARATOR = ':';
    private static final DirectBuffer[] FAMILIES = {family("cuda"), family("rocm"), family("tpu")};

    private final Names names;
    private final SlotTable slots;
    private int[] order = new int[0];
    private int count;
    private int led;
    /* What the order was made for. */
    private int selection = Table.NONE;
    private int furtherMask;
    private int made = -1;

    SlotPriority(final CoreState state)
    {
        names = state.names;
        slots = state.slots;
    }

    private static DirectBuffer family(final String name)
    {
        return new UnsafeBuffer(name.getBytes(StandardCharsets.US_ASCII));
    }

    /** Whether the name of a selection names slots. */
    static boolean isNamed(final Names names, final int selection)
    {
        return Table.NONE != selection &&
            next(names.buffer(), names.offset(selection), names.offset(selection) + names.length(selection)) <
                names.offset(selection) + names.length(selection);
    }

    /** All slots, in the order for a selection and for what is asked for beyond mem; of use until the next call. */
    int[] order(final int named, final int asked)
    {
        if (named != selection || asked != furtherMask || slots.count() != made)
        {
            selection = named;
            furtherMask = asked;
            made = slots.count();
            order = order.length == made ? order : Arrays.copyOf(order, made);
            count = 0;
            addNamed();
            addFamilies();
            led = count;
            for (int slot = 0; slot < made; slot++)
            {
                add(slot);
            }
        }
        return order;
    }

    /** How many of the last order come first, named or asked for: shares among them are compared as a sum. */
    int led()
    {
        return led;
    }

    private void addNamed()
    {
        if (Table.NONE == selection)
        {
            return;
        }
        final DirectBuffer buffer = names.buffer();
        final int end = names.offset(selection) + names.length(selection);
        for (int at = next(buffer, names.offset(selection), end); at < end;)
        {
            final int after = next(buffer, at + 1, end);
            final int slot = slots.find(buffer, at + 1, after - at - 1);
            if (Table.NONE != slot)
            {
                add(slot);
            }
            else
            {
                addFamily(buffer, at + 1, after - at - 1, -1);
            }
            at = after;
        }
    }

    private void addFamilies()
    {
        for (int i = 0; i < FAMILIES.length && 0 != furtherMask; i++)
        {
            addFamily(FAMILIES[i], 0, FAMILIES[i].capacity(), furtherMask);
        }
    }

    private void addFamily(final DirectBuffer family, final int offset, final int length, final int mask)
    {
        for (int slot = SlotTable.MEM + 1; slot < made; slot++)
        {
            if (0 != (mask & 1 << slot) && slots.isOf(slot, family, offset, length))
            {
                add(slot);
            }
        }
    }

    private void add(final int slot)
    {
        for (int i = 0; i < count; i++)
        {
            if (slot == order[i])
            {
                return;
            }
        }
        order[count++] = slot;
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
