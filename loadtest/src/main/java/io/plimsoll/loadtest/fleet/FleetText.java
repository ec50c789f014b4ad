package io.plimsoll.loadtest.fleet;

import io.plimsoll.loadtest.simulate.Scenario.SlotAmount;
import io.plimsoll.loadtest.simulate.TextRows;
import io.plimsoll.transport.Amounts;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** A fleet for people. Stateless. */
public final class FleetText
{
    private FleetText()
    {
    }

    /** A line for each kind of machine, and what they have together. */
    public static List<String> lines(final Fleet fleet)
    {
        final List<String> lines = new ArrayList<>();
        final Map<MachineKind, Integer> kinds = fleet.kinds();
        lines.add(fleet.name() + ": " + counted(fleet.machines().size(), "machine") + " of " +
            counted(kinds.size(), "kind") + ", " + counted(Amounts.formatCpu(cpuMillis(fleet)), "core") + ", " +
            memory(memoryBytes(fleet)) + " of memory, " + counted(gpus(fleet), "GPU") + cost(fleet));
        fleet.notes().forEach(note -> lines.add("note: " + note));
        lines.add("");
        final List<String[]> rows = new ArrayList<>();
        rows.add(new String[]{"kind", "count", "group", "arch", "cores", "memory", "devices", "slots", "cost an hour"});
        kinds.forEach((kind, count) -> rows.add(new String[]
        {
            kind.name(), Integer.toString(count), dash(kind.group()), kind.arch(),
            Amounts.formatCpu(kind.cpuMillis()), memory(kind.memoryBytes()), dash(devices(kind)), dash(slots(kind)),
            null == kind.costPerHour() ? "-" : kind.costPerHour().toPlainString()
        }));
        lines.addAll(TextRows.align(rows));
        return lines;
    }

    private static String dash(final String text)
    {
        return text.isEmpty() ? "-" : text;
    }

    private static String counted(final Object number, final String what)
    {
        return number + " " + what + ("1".equals(number.toString()) ? "" : "s");
    }

    /** Of those that have one; whoever reads it is told if others have none. */
    private static String cost(final Fleet fleet)
    {
        final BigDecimal cost = fleet.costPerHour();
        return null == cost ? "" : ", " + cost.toPlainString() + " an hour" + (fleet.isPriced() ? "" : " (not of all)");
    }

    static long cpuMillis(final Fleet fleet)
    {
        return fleet.machines().stream().mapToLong(machine -> machine.kind().cpuMillis()).sum();
    }

    /** {@link MachineKind#UNLIMITED} if that of any machine is not known. */
    static long memoryBytes(final Fleet fleet)
    {
        long sum = 0;
        for (final Machine machine : fleet.machines())
        {
            if (MachineKind.UNLIMITED == machine.kind().memoryBytes())
            {
                return MachineKind.UNLIMITED;
            }
            sum += machine.kind().memoryBytes();
        }
        return sum;
    }

    static long gpus(final Fleet fleet)
    {
        return fleet.machines().stream().mapToLong(machine -> machine.kind().gpuMilli()).sum() / 1000;
    }

    private static String memory(final long bytes)
    {
        return MachineKind.UNLIMITED == bytes ? "an unknown amount" : Amounts.humanBytes(bytes);
    }

    private static String devices(final MachineKind kind)
    {
        final StringJoiner joined = new StringJoiner(", ");
        for (final Devices some : kind.devices())
        {
            joined.add(some.count() + " " + some.kind() + (some.model().isEmpty() ? "" : " " + some.model()));
        }
        return joined.toString();
    }

    private static String slots(final MachineKind kind)
    {
        final StringJoiner joined = new StringJoiner(", ");
        for (final SlotAmount slot : kind.slots())
        {
            joined.add(slot.amount() + " " + slot.name());
        }
        return joined.toString();
    }
}
