package io.plimsoll.manager.view;

import io.plimsoll.core.sbe.SlotKind;
import java.util.Arrays;

/** Slots by their number in the core. One writer, any readers. */
public final class SlotTable
{
    /** Number of {@code cpu}, in millicores, in every cluster. */
    public static final int CPU = 0;
    /** Number of {@code mem}, in bytes, in every cluster. */
    public static final int MEMORY = 1;

    private volatile Slot[] slots = {new Slot("cpu", SlotKind.COUNT), new Slot("mem", SlotKind.COUNT)};

    /** From now on that is what a number stands for; the writer's. */
    public void define(final int slotId, final String name, final SlotKind kind)
    {
        Slot[] next = slots;
        if (slotId >= next.length)
        {
            next = Arrays.copyOf(next, Math.max(slotId + 1, next.length * 2));
        }
        next[slotId] = new Slot(name, kind);
        slots = next;
    }

    /** Becomes what another is; slots themselves never change. */
    void copyFrom(final SlotTable other)
    {
        slots = other.slots.clone();
    }

    /** Name of a slot, as users write it. */
    public String name(final int slotId)
    {
        return slot(slotId).name();
    }

    public SlotKind kind(final int slotId)
    {
        return slot(slotId).kind();
    }

    private Slot slot(final int slotId)
    {
        final Slot[] current = slots;
        final Slot slot = slotId >= 0 && slotId < current.length ? current[slotId] : null;
        if (null == slot)
        {
            throw new IllegalStateException("slotId=" + slotId + " is not defined");
        }
        return slot;
    }

    private record Slot(String name, SlotKind kind)
    {
    }
}
