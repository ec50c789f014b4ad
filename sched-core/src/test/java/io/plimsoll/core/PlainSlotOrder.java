package io.plimsoll.core;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;

/** The order in which slots are compared, in the plainest way. */
final class PlainSlotOrder
{
    private final CoreState state;
    private int first;

    PlainSlotOrder(final CoreState state)
    {
        this.state = state;
    }

    /** Those that the selection of the group names, devices that are asked for, cpu, mem, and others by number. */
    List<Integer> of(final int group, final int furtherMask)
    {
        final Set<Integer> order = new LinkedHashSet<>();
        addNamed(group, order);
        for (final String device : List.of("cuda", "rocm", "tpu"))
        {
            for (int slot = 2; slot < state.slots.count(); slot++)
            {
                if (0 != (furtherMask & 1 << slot) && family(slot).equals(device))
                {
                    order.add(slot);
                }
            }
        }
        first = order.size();
        for (int slot = 0; slot < state.slots.count(); slot++)
        {
            order.add(slot);
        }
        return new ArrayList<>(order);
    }

    /** How many of the last order come first: shares among them are compared as a sum. */
    int first()
    {
        return first;
    }

    private void addNamed(final int group, final Set<Integer> order)
    {
        final int name = state.groups.selection.get(group);
        final String[] words = (Table.NONE == name ? "" : text(name)).split(":");
        for (int i = 1; i < words.length; i++)
        {
            final UnsafeBuffer word = new UnsafeBuffer(words[i].getBytes(StandardCharsets.US_ASCII));
            final int slot = state.slots.find(word, 0, word.capacity());
            for (int other = 0; other < state.slots.count(); other++)
            {
                if (slot == other || Table.NONE == slot && family(other).equals(words[i]))
                {
                    order.add(other);
                }
            }
        }
    }

    /** What stands before the first dot of the name of a slot. */
    private String family(final int slot)
    {
        final String text = text(state.slots.name.get(slot));
        return text.contains(".") ? text.substring(0, text.indexOf('.')) : "";
    }

    private String text(final int name)
    {
        return state.names.buffer().getStringWithoutLengthAscii(state.names.offset(name), state.names.length(name));
    }
}
