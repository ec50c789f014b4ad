package io.plimsoll.loadtest.simulate;

import io.plimsoll.core.sbe.SlotKind;
import io.plimsoll.loadtest.simulate.AgentSpec.Capacity;
import io.plimsoll.transport.Amounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads the agents of a scenario: {@code count: 3} makes a-1 to a-3 of a. */
public final class AgentParser
{
    private static final int COUNT_MAX = 1_000_000;
    private static final int DEVICES_MAX = 64;
    private static final int LABELS_MAX = 64;
    private static final int SLOTS_MAX = 16;
    private static final String DEVICE = ".device";

    private AgentParser()
    {
    }

    /**
     * The agents of one entry.
     *
     * @param node  of the entry.
     * @param group of those that name none.
     */
    public static List<AgentSpec> parse(final YamlNode node, final String group)
    {
        final FieldSet fields = new FieldSet(node);
        final String name = fields.name();
        final int count = (int)fields.count("count", 1, 1, COUNT_MAX);
        final AgentSpec first = new AgentSpec(
            name,
            fields.text("group", group),
            fields.text("arch", "x86_64"),
            fields.durationNs("at", 0),
            new ArrayList<>(),
            new TreeMap<>(),
            (int)fields.count("maxContainers", AgentSpec.NO_LIMIT, 0, Integer.MAX_VALUE),
            node.line());
        first.slots().add(new Capacity("cpu", SlotKind.COUNT, fields.cpuMillis("cpu", 0)));
        first.slots().add(new Capacity("mem", SlotKind.COUNT, fields.bytes("mem", Long.MAX_VALUE >> 14)));
        devices(fields, first);
        slots(fields, first);
        if (first.slots().size() > SLOTS_MAX)
        {
            throw node.problem(first.slots().size() + " slots are too many: an agent has at most " + SLOTS_MAX);
        }
        labels(fields, first.labels());
        fields.end();
        if (!fields.has("cpu"))
        {
            throw node.problem("the field cpu is missing: how many cores it has, such as cpu: 64; cpu: 0 if none");
        }
        final List<AgentSpec> agents = new ArrayList<>();
        for (int number = 1; number <= count; number++)
        {
            agents.add(1 == count ? first : named(first, name + "-" + number));
        }
        return agents;
    }

    private static AgentSpec named(final AgentSpec spec, final String name)
    {
        return new AgentSpec(
            name, spec.group(), spec.arch(), spec.atNs(), spec.slots(), spec.labels(), spec.kernelsMax(), spec.line());
    }

    private static void devices(final FieldSet agent, final AgentSpec spec)
    {
        for (final YamlNode node : agent.list("devices"))
        {
            final FieldSet fields = new FieldSet(node);
            final String kind = FieldSet.kept(node, fields.text("kind", "cuda"));
            if (spec.slots().stream().anyMatch(slot -> slot.name().equals(kind + DEVICE)))
            {
                throw node.problem("the devices of kind " + kind + " are given twice: one agent, one model");
            }
            final long count = fields.count("count", 1, 0, DEVICES_MAX);
            final String model = fields.text("model", "");
            fields.end();
            spec.slots().add(new Capacity(kind + DEVICE, SlotKind.DEVICE, count));
            if (!model.isEmpty())
            {
                spec.labels().put(kind + SessionSpec.MODEL_LABEL, FieldSet.kept(node, model));
            }
        }
    }

    private static void slots(final FieldSet agent, final AgentSpec spec)
    {
        final FieldSet slots = agent.object("slots");
        if (null == slots)
        {
            return;
        }
        for (final Map.Entry<String, YamlNode> slot : slots.entries().entrySet())
        {
            checkSlot(slot.getKey(), slot.getValue());
            if (spec.slots().stream().anyMatch(known -> known.name().equals(slot.getKey())))
            {
                throw slot.getValue().problem(slot.getKey() + " is given twice");
            }
            final boolean device = slot.getKey().endsWith(DEVICE);
            spec.slots().add(new Capacity(
                slot.getKey(),
                device ? SlotKind.DEVICE : SlotKind.COUNT,
                FieldSet.amount(slot.getValue(), Amounts::count)));
        }
    }

    /** A slot by a name of its own: cores and memory have fields. */
    static void checkSlot(final String name, final YamlNode node)
    {
        if ("cpu".equals(name) || "mem".equals(name))
        {
            throw node.problem(name + " is no other slot; give the field " + name);
        }
        FieldSet.kept(node, name);
    }

    private static void labels(final FieldSet agent, final Map<String, String> labels)
    {
        for (final String own : new String[]{"rack", "block"})
        {
            if (agent.has(own))
            {
                labels.put(own, FieldSet.kept(agent.find(own), agent.text(own, "")));
            }
        }
        final FieldSet given = agent.object("labels");
        if (null != given)
        {
            for (final Map.Entry<String, YamlNode> label : given.entries().entrySet())
            {
                FieldSet.kept(label.getValue(), label.getKey());
                if (null != labels.put(label.getKey(), FieldSet.kept(label.getValue(), label.getValue().text())))
                {
                    throw label.getValue().problem(label.getKey() + " is given twice: a field says it too");
                }
            }
        }
        if (labels.size() > LABELS_MAX)
        {
            throw agent.node().problem(labels.size() + " labels are too many: an agent has at most " + LABELS_MAX);
        }
    }
}
