package io.plimsoll.loadtest.fleet;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A fleet for programs: its kinds and how many there are of each. Stateless. */
public final class FleetJson
{
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private FleetJson()
    {
    }

    /** On one line. */
    public static String of(final Fleet fleet)
    {
        final ObjectNode root = MAPPER.createObjectNode();
        root.put("format", "plimsoll-fleet").put("formatVersion", 1).put("name", fleet.name());
        root.put("machines", fleet.machines().size()).put("cpuMillis", FleetText.cpuMillis(fleet));
        memory(root, FleetText.memoryBytes(fleet));
        root.put("gpus", FleetText.gpus(fleet)).put("costPerHour", fleet.costPerHour());
        final ArrayNode notes = root.putArray("notes");
        fleet.notes().forEach(notes::add);
        final ArrayNode kinds = root.putArray("kinds");
        fleet.kinds().forEach((kind, count) -> kind(kinds.addObject(), kind, count));
        return root.toString();
    }

    private static void kind(final ObjectNode node, final MachineKind kind, final int count)
    {
        node.put("name", kind.name()).put("count", count).put("group", kind.group()).put("arch", kind.arch());
        node.put("cpuMillis", kind.cpuMillis());
        memory(node, kind.memoryBytes());
        final ArrayNode devices = node.putArray("devices");
        kind.devices().forEach(some ->
            devices.addObject().put("kind", some.kind()).put("model", some.model()).put("count", some.count()));
        final ObjectNode slots = node.putObject("slots");
        kind.slots().forEach(slot -> slots.put(slot.name(), slot.amount()));
        final ObjectNode labels = node.putObject("labels");
        kind.labels().forEach(labels::put);
        node.put("costPerHour", kind.costPerHour());
    }

    private static void memory(final ObjectNode node, final long bytes)
    {
        if (MachineKind.UNLIMITED == bytes)
        {
            node.putNull("memoryBytes");
            return;
        }
        node.put("memoryBytes", bytes);
    }
}
