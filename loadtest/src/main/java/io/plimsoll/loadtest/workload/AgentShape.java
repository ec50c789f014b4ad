package io.plimsoll.loadtest.workload;

import io.plimsoll.core.sbe.SlotKind;
import java.util.List;

/**
 * What an agent has to give.
 *
 * @param group resource group.
 * @param slots capacity, {@code cpu} and {@code mem} among them.
 */
public record AgentShape(String group, List<Capacity> slots)
{
    /**
     * An agent with cores and memory.
     *
     * @param group       resource group.
     * @param cpuMillis   of it.
     * @param memoryBytes of it.
     * @return the shape.
     */
    public static AgentShape of(final String group, final long cpuMillis, final long memoryBytes)
    {
        return new AgentShape(
            group,
            List.of(
                new Capacity("cpu", SlotKind.COUNT, cpuMillis), new Capacity("mem", SlotKind.COUNT, memoryBytes)));
    }

    /**
     * An agent with cores, memory and accelerators.
     *
     * @param group       resource group.
     * @param cpuMillis   of it.
     * @param memoryBytes of it.
     * @param devices     of it.
     * @return the shape.
     */
    public static AgentShape of(
        final String group, final long cpuMillis, final long memoryBytes, final int devices)
    {
        return new AgentShape(
            group,
            List.of(
                new Capacity("cpu", SlotKind.COUNT, cpuMillis),
                new Capacity("mem", SlotKind.COUNT, memoryBytes),
                new Capacity("cuda.device", SlotKind.DEVICE, devices)));
    }

    /**
     * Capacity of a slot.
     *
     * @param name   of the slot.
     * @param kind   of the slot.
     * @param amount of it.
     */
    public record Capacity(String name, SlotKind kind, long amount)
    {
    }
}
