package io.plimsoll.loadtest.fleet;

import io.plimsoll.core.sbe.SlotKind;
import io.plimsoll.loadtest.simulate.AgentSpec;
import io.plimsoll.loadtest.simulate.AgentSpec.Capacity;
import io.plimsoll.loadtest.simulate.Scenario.SlotAmount;
import io.plimsoll.loadtest.simulate.SessionSpec;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Machines that are alike.
 *
 * @param name        of the kind, unique in a fleet.
 * @param group       resource group; empty: whichever there is.
 * @param arch        such as x86_64.
 * @param cpuMillis   millicores of each.
 * @param memoryBytes of each; {@link #UNLIMITED} if not known.
 * @param devices     of each.
 * @param slots       further capacities of each, by name.
 * @param labels      of each, in order of their names; the rack of a machine is its own.
 * @param costPerHour of each, in whatever currency; null: not known.
 * @param kernelsMax  most at a time; negative: no limit.
 */
public record MachineKind(
    String name,
    String group,
    String arch,
    long cpuMillis,
    long memoryBytes,
    List<Devices> devices,
    List<SlotAmount> slots,
    Map<String, String> labels,
    BigDecimal costPerHour,
    int kernelsMax)
{
    /** As much memory as anyone asks for; what a scenario means by a machine without any. */
    public static final long UNLIMITED = Long.MAX_VALUE >> 14;
    /** Architecture of machines that say nothing of it. */
    public static final String ARCH_DEFAULT = "x86_64";
    private static final String RACK = "rack";

    /** Collections that nobody changes. */
    public MachineKind
    {
        devices = List.copyOf(devices);
        slots = List.copyOf(slots);
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    }

    /** A machine of which processors, memory and devices are all that is known. */
    public static MachineKind of(
        final String name, final long cpuMillis, final long memoryBytes, final List<Devices> devices)
    {
        return new MachineKind(
            name, "", ARCH_DEFAULT, cpuMillis, memoryBytes, devices, List.of(), Map.of(), null, AgentSpec.NO_LIMIT);
    }

    /** Thousandths of GPUs of one machine. */
    public long gpuMilli()
    {
        long sum = 0;
        for (final Devices some : devices)
        {
            sum += "cuda".equals(some.kind()) ? some.count() * 1000L : 0;
        }
        return sum;
    }

    /**
     * A machine of this kind as a scenario says it.
     *
     * @param machine name, and rack if it has one.
     * @param other   group of machines that name none.
     * @param line    for messages.
     */
    public AgentSpec toAgent(final Machine machine, final String other, final int line)
    {
        final List<Capacity> capacities = new ArrayList<>();
        final Map<String, String> all = new TreeMap<>(labels);
        capacities.add(new Capacity("cpu", SlotKind.COUNT, cpuMillis));
        capacities.add(new Capacity("mem", SlotKind.COUNT, memoryBytes));
        for (final Devices some : devices)
        {
            capacities.add(new Capacity(some.kind() + ".device", SlotKind.DEVICE, some.count()));
            if (!some.model().isEmpty())
            {
                all.put(some.kind() + SessionSpec.MODEL_LABEL, some.model());
            }
        }
        for (final SlotAmount slot : slots)
        {
            capacities.add(new Capacity(slot.name(), SlotKind.COUNT, slot.amount()));
        }
        if (!machine.rack().isEmpty())
        {
            all.put(RACK, machine.rack());
        }
        return new AgentSpec(
            machine.name(), group.isEmpty() ? other : group, arch, 0, capacities, all, kernelsMax, line);
    }
}
