package io.plimsoll.manager.view;

import io.plimsoll.core.sbe.KernelAssignedDecoder;

/**
 * One attempt at a kernel on an agent; immutable.
 *
 * @param kernelId     of the kernel.
 * @param agentId      that it was given to.
 * @param term         first half of its epoch.
 * @param attempt      second half of its epoch.
 * @param assignmentNo numbered per agent.
 * @param kernelCount  of the session.
 * @param sequence     of the journal record that holds it.
 * @param ownerId      of its session.
 * @param cpuMillis    that it may use.
 * @param memoryBytes  that it may use.
 * @param slots        further slots.
 * @param previous     the attempt before, null if this is the first that is known.
 */
public record Assignment(
    long kernelId,
    int agentId,
    long term,
    int attempt,
    long assignmentNo,
    int kernelCount,
    long sequence,
    int ownerId,
    long cpuMillis,
    long memoryBytes,
    SlotAmount[] slots,
    Assignment previous)
{
    /** As the event says; the slots of the event are read by this. */
    static Assignment of(
        final KernelAssignedDecoder event, final long sequence, final int ownerId, final Assignment previous)
    {
        final KernelAssignedDecoder.SlotsDecoder group = event.slots();
        final int count = group.count();
        final SlotAmount[] amounts = 0 == count ? SlotAmount.NONE : new SlotAmount[count];
        for (int i = 0; i < count; i++)
        {
            group.next();
            amounts[i] = new SlotAmount(group.slotId(), group.amount(), group.devices());
        }
        return new Assignment(
            event.kernelId(), event.agentId(), event.term(), event.attempt(), event.assignmentNo(),
            event.kernelCount(), sequence, ownerId, event.cpuMillis(), event.memoryBytes(), amounts, previous);
    }
}
