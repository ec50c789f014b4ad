package io.plimsoll.manager.view;

import io.plimsoll.core.sbe.SlotKind;
import java.util.Arrays;

/** Slots by their number in the core. One writer, any readers. */
public final class SlotTable
{
    /** Number of a slot that has not been defined. */
    public static final int UNDEFINED = -1;

    private static final String CPU = "cpu";
    private static final String MEMORY = "mem";

    private volatile Slot[] slots = new Slot[8];
    private volatile int cpuSlotId = UNDEFINED;
    private volatile int memorySlotId = UNDEFINED;

    void define(final int slotId, final String name, final SlotKind kind)
    {
        Slot[] next = slots;
        if (slotId >= next.length)
        {
            next = Arrays.copyOf(next, Math.max(slotId + 1, next.length * 2));
        }
        next[slotId] = new Slot(name, kind);
        slots = next;
        if (CPU.equals(name))
        {
            cpuSlotId = slotId;
        }
        else if (MEMORY.equals(name))
        {
            memorySlotId = slotId;
        }
    }

    int cpuSlotId()
    {
        return cpuSlotId;
    }

    int memorySlotId()
    {
        return memorySlotId;
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
