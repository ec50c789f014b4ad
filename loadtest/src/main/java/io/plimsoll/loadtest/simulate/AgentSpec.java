package io.plimsoll.loadtest.simulate;

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
}
