package io.plimsoll.loadtest.simulate;

import io.plimsoll.core.sbe.AgentConnectedEncoder;
import io.plimsoll.core.sbe.SlotKind;
import java.util.List;
import java.util.Map;

/**
 * A machine.
 *
 * @param name       unique.
 * @param group      that it belongs to.
 * @param arch       such as x86_64.
 * @param atNs       when it joins.
 * @param slots      capacities, cpu and mem among them.
 * @param labels     rack, block, cuda.model and users' own.
 * @param kernelsMax most kernels at a time; 0: none, negative: no limit.
 * @param line       of the scenario.
 */
public record AgentSpec(
    String name,
    String group,
    String arch,
    long atNs,
    List<Capacity> slots,
    Map<String, String> labels,
    int kernelsMax,
    int line)
{
    /** Kernels without limit. */
    public static final int NO_LIMIT = -1;

    /** How much there is of a slot; 0 if it has none. */
    public long capacity(final String slot)
    {
        for (final Capacity capacity : slots)
        {
            if (slot.equals(capacity.name()))
            {
                return capacity.amount();
            }
        }
        return 0;
    }

    /** Thousandths of all devices. */
    public long deviceMilli()
    {
        long sum = 0;
        for (final Capacity capacity : slots)
        {
            sum += SlotKind.DEVICE == capacity.kind() ? capacity.amount() * 1000 : 0;
        }
        return sum;
    }

    /**
     * Capacity of a slot.
     *
     * @param name   of the slot.
     * @param kind   whether it is counted or made of devices.
     * @param amount of it.
     */
    public record Capacity(String name, SlotKind kind, long amount)
    {
    }

    /** Fills what a machine says about itself when it connects; identity and connection are the caller's. */
    public void describe(final AgentConnectedEncoder connected)
    {
        connected.kernelsMax(kernelsMax);
        final AgentConnectedEncoder.SlotsEncoder slotsEncoder = connected.slotsCount(slots.size());
        for (final Capacity slot : slots)
        {
            slotsEncoder.next().kind(slot.kind()).capacity(slot.amount()).slotName(slot.name());
        }
        final AgentConnectedEncoder.LabelsEncoder labelsEncoder = connected.labelsCount(labels.size());
        for (final Map.Entry<String, String> label : labels.entrySet())
        {
            labelsEncoder.next().key(label.getKey()).value(label.getValue());
        }
        connected.agentName(name).groupName(group).arch(arch);
    }
}
