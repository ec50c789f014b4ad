package io.plimsoll.agent.topology;

import static io.plimsoll.agent.topology.TopologyFields.array;
import static io.plimsoll.agent.topology.TopologyFields.bytes;
import static io.plimsoll.agent.topology.TopologyFields.cpus;
import static io.plimsoll.agent.topology.TopologyFields.flag;
import static io.plimsoll.agent.topology.TopologyFields.integer;
import static io.plimsoll.agent.topology.TopologyFields.millis;
import static io.plimsoll.agent.topology.TopologyFields.require;
import static io.plimsoll.agent.topology.TopologyFields.text;
import static io.plimsoll.agent.topology.TopologyFields.texts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads the document that describes a host. Fields that are not known here are passed over. */
public final class TopologyReader
{
    private static final JsonMapper JSON = JsonMapper.builder()
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .build();

    private TopologyReader()
    {
    }

    /**
     * Reads a host.
     *
     * @param json of the document.
     * @return the host.
     * @throws IllegalArgumentException that names the field and what would be right.
     */
    public static HostTopology read(final String json)
    {
        final JsonNode root;
        try
        {
            root = JSON.readTree(json);
        }
        catch (final JsonProcessingException e)
        {
            throw new IllegalArgumentException("is not JSON: " + what(e), e);
        }
        if (!root.isObject())
        {
            throw new IllegalArgumentException("is not a JSON object: it starts with {\"numa\": [...]}");
        }
        final List<NumaNode> numa = numa(root.path("numa"));
        final HostTopology.Reserve reserved = reserved(root.path("reserved"));
        final List<HostDevice> devices = devices(root.path("devices"), numa);
        return new HostTopology(
            numa,
            distances(root.path("distances"), numa.size()),
            cores(root.path("cores")),
            devices,
            nics(root.path("nics"), numa),
            links(root.path("links"), devices),
            exclusive(root.path("exclusive")),
            reserved,
            DetailsReader.read(root));
    }

    /**
     * What is wrong with a text that is to be JSON, and where.
     *
     * @param e that the parser threw.
     * @return for people, without what the parser says of itself.
     */
    public static String what(final JsonProcessingException e)
    {
        return e.getOriginalMessage().split(" \\(start marker at|: enable `", 2)[0] +
            (null == e.getLocation() ? "" : " at line " + e.getLocation().getLineNr());
    }

    /**
     * Reads devices of a host that is known otherwise.
     *
     * @param root that has them under {@code devices}.
     * @param host that they are in.
     * @return the devices.
     * @throws IllegalArgumentException that names the field and what would be right.
     */
    public static List<HostDevice> devices(final JsonNode root, final HostTopology host)
    {
        require(root.path("devices").isArray(), "devices: is missing: it is a list, such as " +
            "[{id: npu0, slot: npu.device, numa: 0}]");
        return devices(root.path("devices"), host.numa());
    }

    private static List<NumaNode> numa(final JsonNode from)
    {
        final List<NumaNode> nodes = new ArrayList<>();
        final BitSet all = new BitSet();
        for (final JsonNode node : array(from, "numa"))
        {
            final String field = "numa[" + nodes.size() + "]";
            require(node.isObject() && !node.isEmpty(),
                field + ": is to be a node, such as {\"id\": 0, \"cpus\": \"0-15\", \"memory\": \"64g\"}");
            final int id = integer(node, field, "id", nodes.size());
            require(id >= 0 && id <= NumaNode.ID_MAX,
                field + ".id: is to be a whole number from 0 to " + NumaNode.ID_MAX);
            final BitSet cpus = cpus(node.path("cpus"), field + ".cpus");
            for (final NumaNode other : nodes)
            {
                require(other.id() != id, field + ".id: there are two nodes " + id);
            }
            require(!all.intersects(cpus), field + ".cpus: belong to an earlier node already");
            all.or(cpus);
            nodes.add(new NumaNode(
                id, cpus, bytes(node.path("memory"), field + ".memory"), DetailsReader.hugePages(node, field)));
        }
        require(!nodes.isEmpty(), "numa: is missing or empty: a host has at least one node, such as " +
            "{\"id\": 0, \"cpus\": \"0-15\", \"memory\": \"64g\"}");
        return List.copyOf(nodes);
    }

    private static int[][] distances(final JsonNode from, final int nodes)
    {
        final int[][] distances = HostTopology.plainDistances(nodes);
        if (from.isMissingNode() || from.isNull())
        {
            return distances;
        }
        final String rule = "distances: is to be " + nodes + " rows of " + nodes + " whole numbers, one for each node";
        require(from.isArray() && from.size() == nodes, rule);
        for (int i = 0; i < nodes; i++)
        {
            final JsonNode row = from.get(i);
            require(row.isArray() && row.size() == nodes, rule);
            for (int j = 0; j < nodes; j++)
            {
                require(row.get(j).isInt() && row.get(j).intValue() > 0, "distances[" + i + "][" + j +
                    "]: is to be a whole number above 0, such as 10 for a node to itself");
                distances[i][j] = row.get(j).intValue();
            }
        }
        for (int i = 0; i < nodes; i++)
        {
            for (int j = 0; j < nodes; j++)
            {
                require(distances[i][j] >= Math.max(distances[i][i], distances[j][j]), "distances[" + i + "][" + j +
                    "]: " + distances[i][j] + " is less than the distance of a node to itself");
            }
        }
        return distances;
    }

    private static List<HostDevice> devices(final JsonNode from, final List<NumaNode> nodes)
    {
        final List<HostDevice> devices = new ArrayList<>();
        final Set<String> ids = new HashSet<>();
        for (final JsonNode node : array(from, "devices"))
        {
            final String field = "devices[" + devices.size() + "]";
            final String id = text(node, field, "id", null);
            final String slot = text(node, field, "slot", null);
            require(ids.add(id), field + ".id: there are two devices " + id);
            require(!"mem".equals(slot), field + ".slot: memory is no device: give it under numa[].memory");
            final int numa = node(node, field, nodes);
            final long quantum = millis(node.path("quantum"), field + ".quantum", HostDevice.quantumMillis(slot));
            devices.add(new HostDevice(
                id,
                slot,
                numa,
                millis(node.path("capacity"), field + ".capacity", HostDevice.MILLIS),
                quantum,
                flag(node.path("unique"), field + ".unique"),
                text(node, field, "model", ""),
                text(node, field, "pci", ""),
                texts(node.path("path"), field + ".path"),
                new DeviceDetails(
                    bytes(node.path("memory"), field + ".memory"),
                    text(node, field, "uuid", ""),
                    text(node, field, "parent", ""))));
        }
        final HostDevice slice = DeviceSlices.besideItsWhole(devices);
        if (null != slice)
        {
            throw new IllegalArgumentException("devices[" + devices.indexOf(slice) + "].parent: " +
                DeviceSlices.conflict(slice, devices));
        }
        return List.copyOf(devices);
    }

    /** Node that something is on, by its number; NO_NODE if nothing is said, or a negative one. */
    private static int node(final JsonNode from, final String field, final List<NumaNode> nodes)
    {
        final int numa = Math.max(HostDevice.NO_NODE, integer(from, field, "numa", HostDevice.NO_NODE));
        require(HostDevice.NO_NODE == numa || nodes.stream().anyMatch(one -> one.id() == numa),
            field + ".numa: there is no node " + numa);
        return numa;
    }

    private static List<BitSet> cores(final JsonNode from)
    {
        final List<BitSet> cores = new ArrayList<>();
        for (final JsonNode core : array(from, "cores"))
        {
            final String field = "cores[" + cores.size() + "]";
            cores.add(cpus(core.isObject() ? core.path("cpus") : core, field));
        }
        return List.copyOf(cores);
    }

    private static List<Nic> nics(final JsonNode from, final List<NumaNode> nodes)
    {
        final List<Nic> nics = new ArrayList<>();
        for (final JsonNode node : array(from, "nics"))
        {
            final String field = "nics[" + nics.size() + "]";
            final int numa = node(node, field, nodes);
            nics.add(new Nic(
                text(node, field, "name", null),
                numa,
                text(node, field, "pci", ""),
                texts(node.path("path"), field + ".path")));
        }
        return List.copyOf(nics);
    }

    private static List<DeviceLink> links(final JsonNode from, final List<HostDevice> devices)
    {
        final List<DeviceLink> links = new ArrayList<>();
        for (final JsonNode node : array(from, "links"))
        {
            final String field = "links[" + links.size() + "]";
            final DeviceLink link = new DeviceLink(
                text(node, field, "from", null), text(node, field, "to", null), integer(node, field, "count", 1));
            for (final String end : List.of(link.from(), link.to()))
            {
                require(devices.stream().anyMatch(device -> device.id().equals(end)),
                    field + ": there is no device " + end);
            }
            links.add(link);
        }
        return List.copyOf(links);
    }

    private static List<List<String>> exclusive(final JsonNode from)
    {
        final List<List<String>> pairs = new ArrayList<>();
        for (final JsonNode node : array(from, "exclusive"))
        {
            final String field = "exclusive[" + pairs.size() + "]";
            final List<String> pair = texts(node, field);
            require(2 == pair.size(), field + ": is to be two slots, such as [\"cuda.device\", \"cuda.shares\"]");
            pairs.add(pair);
        }
        return List.copyOf(pairs);
    }

    private static HostTopology.Reserve reserved(final JsonNode from)
    {
        require(from.isMissingNode() || from.isNull() || from.isObject(),
            "reserved: is to be an object, such as {\"cpus\": \"0\", \"memory\": \"2g\"}");
        return from.isMissingNode() || from.isNull() ? HostTopology.Reserve.NONE : new HostTopology.Reserve(
            cpus(from.path("cpus"), "reserved.cpus"), bytes(from.path("memory"), "reserved.memory"));
    }
}
