package io.plimsoll.manager.view;

/**
 * Share of a slot that a kernel has or asks for.
 *
 * @param slotId  number of the slot in the core.
 * @param amount  in the slot's own unit.
 * @param devices bit mask of device numbers, 0 where there are none.
 */
public record SlotAmount(int slotId, long amount, long devices)
{
    static final SlotAmount[] NONE = new SlotAmount[0];
}
