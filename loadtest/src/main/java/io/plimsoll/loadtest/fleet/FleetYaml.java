package io.plimsoll.loadtest.fleet;

import io.plimsoll.loadtest.simulate.AgentSpec;
import io.plimsoll.loadtest.simulate.FieldSet;
import io.plimsoll.loadtest.simulate.Scenario.SlotAmount;
import io.plimsoll.loadtest.simulate.ScenarioException;
import io.plimsoll.loadtest.simulate.YamlNode;
import io.plimsoll.transport.Amounts;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Our own description of a fleet: {@code machines}, a list of kinds with their counts. The {@code agents} of a scenario
 * are read too.
 */
public final class FleetYaml
{
    private static final int COUNT_MAX = 1_000_000;
    private static final int DEVICES_MAX = 64;

    private final List<Machine> machines = new ArrayList<>();
    private final Set<String> kinds = new HashSet<>();
    private final Set<String> names = new HashSet<>();

    private FleetYaml()
    {
    }

    /**
     * Reads a fleet.
     *
     * @param name   of a fleet that does not say its own.
     * @param source for messages.
     * @param text   YAML or JSON.
     */
    public static Fleet parse(final String name, final String source, final String text)
    {
        try
        {
            final FieldSet root = new FieldSet(YamlNode.parse(text));
            final FleetYaml yaml = new FleetYaml();
            for (final YamlNode node : root.list(root.has("machines") ? "machines" : "agents"))
            {
                yaml.add(node);
            }
            if (root.has("machines"))
            {
                final String own = root.text("name", name);
                root.end();
                return new Fleet(own, yaml.machines, List.of());
            }
            if (yaml.machines.isEmpty())
            {
                throw root.node().problem("machines is missing, such as [{name: a, count: 3, cpu: 8, mem: 32g}]");
            }
            return new Fleet(name, yaml.machines, List.of());
        }
        catch (final ScenarioException ex)
        {
            throw new ScenarioException(source + ", " + ex.getMessage());
        }
    }

    private void add(final YamlNode node)
    {
        final FieldSet fields = new FieldSet(node);
        final String name = fields.name();
        final int count = (int)fields.count("count", 1, 0, COUNT_MAX);
        // Agents of a scenario may come later; a fleet is there.
        fields.durationNs("at", 0);
        final List<String> racks = fields.has("racks") ? racks(fields, name) : fields.texts("rack");
        final MachineKind kind = new MachineKind(
            name,
            fields.text("group", ""),
            fields.text("arch", MachineKind.ARCH_DEFAULT),
            fields.cpuMillis("cpu", 0),
            fields.bytes("mem", MachineKind.UNLIMITED),
            devices(fields),
            slots(fields),
            labels(fields),
            cost(fields),
            (int)fields.count("maxContainers", AgentSpec.NO_LIMIT, 0, Integer.MAX_VALUE));
        fields.end();
        if (!fields.has("cpu"))
        {
            throw node.problem(
                name + " has no cpu: say how many cores it has, such as cpu: 8, or cpu: 0 if nobody asks for any");
        }
        if (!kinds.add(name))
        {
            throw node.problem("there is a kind of machine of the name " + name + " already");
        }
        for (int i = 0; i < count; i++)
        {
            final String machine = 1 == count ? name : name + "-" + (i + 1);
            if (!names.add(machine))
            {
                throw node.problem("there are two machines of the name " + machine);
            }
            machines.add(new Machine(machine, racks.isEmpty() ? "" : racks.get(i % racks.size()), kind));
        }
    }

    /** {@code racks: 4} spreads the machines of a kind over NAME-r1 to NAME-r4; a list names them. */
    private static List<String> racks(final FieldSet fields, final String name)
    {
        final YamlNode node = fields.find("racks");
        if (node.isList())
        {
            return fields.texts("racks");
        }
        final List<String> racks = new ArrayList<>();
        final long count = fields.count("racks", 1, 1, COUNT_MAX);
        for (long i = 1; i <= count; i++)
        {
            racks.add(name + "-r" + i);
        }
        return racks;
    }

    private static List<Devices> devices(final FieldSet machine)
    {
        final List<Devices> devices = new ArrayList<>();
        for (final YamlNode node : machine.list("devices"))
        {
            final FieldSet fields = new FieldSet(node);
            devices.add(new Devices(
                fields.text("kind", "cuda"), fields.text("model", ""),
                (int)fields.count("count", 1, 0, DEVICES_MAX)));
            fields.end();
        }
        return devices;
    }

    private static List<SlotAmount> slots(final FieldSet machine)
    {
        final List<SlotAmount> slots = new ArrayList<>();
        final FieldSet given = machine.object("slots");
        if (null != given)
        {
            for (final Map.Entry<String, YamlNode> slot : given.entries().entrySet())
            {
                slots.add(new SlotAmount(slot.getKey(), FieldSet.amount(slot.getValue(), Amounts::count)));
            }
        }
        return slots;
    }

    private static Map<String, String> labels(final FieldSet machine)
    {
        final Map<String, String> labels = new TreeMap<>();
        if (machine.has("block"))
        {
            labels.put("block", machine.text("block", ""));
        }
        final FieldSet given = machine.object("labels");
        if (null != given)
        {
            given.entries().forEach((key, value) -> labels.put(key, value.text()));
        }
        return labels;
    }

    private static BigDecimal cost(final FieldSet machine)
    {
        final YamlNode node = machine.find("cost");
        if (null == node)
        {
            return null;
        }
        try
        {
            final BigDecimal cost = new BigDecimal(node.text().strip());
            if (cost.signum() >= 0)
            {
                return cost;
            }
        }
        catch (final NumberFormatException ex)
        {
            throw node.problem(node.text() + " is no cost: use an amount an hour, such as 12.50");
        }
        throw node.problem(node.text() + " is no cost: use an amount an hour, such as 12.50");
    }
}
