package io.plimsoll.agent.allocation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plimsoll.agent.topology.DeviceDetails;
import io.plimsoll.agent.topology.DeviceLink;
import io.plimsoll.agent.topology.HostDevice;
import io.plimsoll.agent.topology.HostTopology;
import io.plimsoll.agent.topology.Nic;
import io.plimsoll.agent.topology.NumaNode;
import io.plimsoll.agent.topology.TopologyReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/** Hosts for tests, made of nodes and devices. */
final class Hosts
{
    private final List<String> nodes = new ArrayList<>();
    private final List<String> devices = new ArrayList<>();
    private final List<String> more = new ArrayList<>();

    static Hosts host()
    {
        return new Hosts();
    }

    Hosts node(final String cpus, final String memory)
    {
        nodes.add(String.format(
            Locale.ROOT, "{\"id\":%d,\"cpus\":\"%s\",\"memory\":\"%s\"}", nodes.size(), cpus, memory));
        return this;
    }

    /** Names, numbered from 0 where a count is given, on the nodes given. */
    Hosts devices(final String slot, final String name, final double capacity, final int... numa)
    {
        for (int i = 0; i < numa.length; i++)
        {
            device(slot, name + i, capacity, numa[i], "");
        }
        return this;
    }

    Hosts device(final String slot, final String id, final double capacity, final int numa, final String fields)
    {
        devices.add("{\"id\":\"" + id + "\",\"slot\":\"" + slot + "\",\"capacity\":" + capacity + ",\"numa\":" + numa +
            fields + "}");
        return this;
    }

    Hosts with(final String field)
    {
        more.add("," + field);
        return this;
    }

    HostTopology make()
    {
        if (nodes.isEmpty())
        {
            node("0-15", "64g");
        }
        return TopologyReader.read("{\"numa\":" + nodes + ",\"devices\":" + devices + String.join("", more) + "}");
    }

    Allocator idle()
    {
        return new Allocator(make());
    }

    /** A host of parts. */
    static HostTopology of(
        final List<NumaNode> numa,
        final int[][] distances,
        final List<HostDevice> devices,
        final List<Nic> nics,
        final List<DeviceLink> links)
    {
        return new HostTopology(
            numa, distances, List.of(), devices, nics, links, List.of(), HostTopology.Reserve.NONE);
    }

    /** A whole device of slot x. */
    static HostDevice device(final String id, final int numa, final List<String> path)
    {
        return new HostDevice(id, "x", numa, HostDevice.MILLIS, 0, false, "", "", path, DeviceDetails.NONE);
    }

    /** Answers without the requests: devices with their amounts, then cores; or the kind of refusal. */
    static List<String> serve(final Allocator allocator, final AllocationOptions options, final String... requests)
    {
        final ArrayNode answers = AllocationJson.serve(
            allocator, options, Arrays.stream(requests).map(ResourceRequest::parse).toList());
        final List<String> texts = new ArrayList<>();
        answers.forEach(answer -> texts.add(text((ObjectNode)answer)));
        return texts;
    }

    private static String text(final ObjectNode answer)
    {
        if (answer.has("refused"))
        {
            final String reason = answer.get("refused").textValue();
            return reason.substring(0, reason.indexOf(':'));
        }
        final StringJoiner text = new StringJoiner(" ");
        answer.get("granted").properties().forEach(device -> text.add(device.getKey() + "=" + device.getValue()));
        final String cpus = answer.get("cpus").textValue();
        return cpus.isEmpty() ? text.toString() : text.add("cpus=" + cpus).toString();
    }
}
