package io.plimsoll.loadtest.fleet;

import io.plimsoll.loadtest.simulate.AgentSpec;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Machines, in an order that does not change. Immutable.
 *
 * @param name     of the fleet.
 * @param machines of it.
 * @param notes    what a reader should know of how they were made of a source.
 */
public record Fleet(String name, List<Machine> machines, List<String> notes)
{
    /** Lists that nobody changes. */
    public Fleet
    {
        machines = List.copyOf(machines);
        notes = List.copyOf(notes);
    }

    /** How many there are of each kind, in the order in which kinds first occur. */
    public Map<MachineKind, Integer> kinds()
    {
        final Map<MachineKind, Integer> kinds = new LinkedHashMap<>();
        machines.forEach(machine -> kinds.merge(machine.kind(), 1, Integer::sum));
        return kinds;
    }

    /** Kind of a name, null if there is none. */
    public MachineKind kind(final String kindName)
    {
        for (final MachineKind kind : kinds().keySet())
        {
            if (kind.name().equals(kindName))
            {
                return kind;
            }
        }
        return null;
    }

    /**
     * The same with more or fewer machines of a kind: the last ones go, new ones come at the end, into the racks in
     * which machines of the kind stand, one after the other.
     *
     * @param kind  of them.
     * @param count of them, 0 or more.
     */
    public Fleet withCount(final MachineKind kind, final int count)
    {
        final List<Machine> others = new ArrayList<>();
        final List<String> racks = new ArrayList<>();
        int kept = 0;
        for (final Machine machine : machines)
        {
            final boolean counted = machine.kind().equals(kind);
            if (!counted || kept < count)
            {
                others.add(machine);
            }
            if (counted)
            {
                kept++;
                racks.add(machine.rack());
            }
        }
        final Set<String> taken = new HashSet<>();
        machines.forEach(machine -> taken.add(machine.name()));
        for (int number = 1; kept < count; number++)
        {
            final String machineName = kind.name() + "-" + number;
            if (taken.add(machineName))
            {
                others.add(new Machine(machineName, racks.isEmpty() ? "" : racks.get(kept % racks.size()), kind));
                kept++;
            }
        }
        return new Fleet(name, others, notes);
    }

    /** Of all machines whose price is known, an hour; null if none has one. */
    public BigDecimal costPerHour()
    {
        BigDecimal sum = null;
        for (final Machine machine : machines)
        {
            final BigDecimal cost = machine.kind().costPerHour();
            sum = null == cost ? sum : null == sum ? cost : sum.add(cost);
        }
        return sum;
    }

    /** Whether the price of each machine is known. */
    public boolean isPriced()
    {
        return machines.stream().allMatch(machine -> null != machine.kind().costPerHour());
    }

    /** All machines as a scenario says them. */
    public List<AgentSpec> toAgents(final String group)
    {
        final List<AgentSpec> agents = new ArrayList<>();
        for (final Machine machine : machines)
        {
            agents.add(machine.kind().toAgent(machine, group, agents.size() + 1));
        }
        return agents;
    }
}
