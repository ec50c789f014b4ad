package io.plimsoll.agent.topology;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plimsoll.agent.runtime.CpuList;
import io.plimsoll.transport.Amounts;
import java.math.BigDecimal;
import java.util.List;

/** Writes the document that describes a host, so that {@link TopologyReader} reads the same host again. */
public final class TopologyWriter
{
    private static final String NUMA = "numa";
    private static final String CPUS = "cpus";
    private static final String MEMORY = "memory";

    private TopologyWriter()
    {
    }

    /**
     * Writes a host.
     *
     * @param host to write.
     * @return JSON, indented but with one line for each part, since a host has hundreds.
     */
    public static String write(final HostTopology host)
    {
        final StringBuilder text = new StringBuilder("{");
        tree(host).properties().forEach(field ->
        {
            text.append(1 == text.length() ? "\n  \"" : ",\n  \"").append(field.getKey()).append("\": ");
            if (field.getValue() instanceof ArrayNode rows && !rows.isEmpty())
            {
                for (int i = 0; i < rows.size(); i++)
                {
                    text.append(0 == i ? "[\n    " : ",\n    ").append(rows.get(i));
                }
                text.append("\n  ]");
            }
            else
            {
                text.append(field.getValue());
            }
        });
        return text.append("\n}\n").toString();
    }

    /** Writes a host on one line. */
    public static String writeCompact(final HostTopology host)
    {
        return tree(host).toString();
    }

    private static ObjectNode tree(final HostTopology host)
    {
        final HostDetails details = host.details();
        final ObjectNode root = object();
        final ArrayNode sockets = root.putArray("sockets");
        details.sockets().forEach(socket ->
            sockets.addObject().put("id", socket.id()).put(CPUS, CpuList.format(socket.cpus())));
        final ArrayNode nodes = root.putArray(NUMA);
        host.numa().forEach(node -> nodes.add(node(node)));
        final ArrayNode distances = root.putArray("distances");
        for (final int[] row : host.distances())
        {
            final ArrayNode to = distances.addArray();
            for (final int distance : row)
            {
                to.add(distance);
            }
        }
        final ArrayNode cores = root.putArray("cores");
        host.cores().forEach(core -> cores.add(CpuList.format(core)));
        final ArrayNode caches = root.putArray("caches");
        details.caches().forEach(cache -> caches.addObject()
            .put("level", cache.level())
            .put("kind", cache.kind().name())
            .put("size", Amounts.formatBytes(cache.bytes()))
            .put(CPUS, CpuList.format(cache.cpus())));
        final ArrayNode pci = root.putArray("pci");
        details.pci().forEach(function -> pci.add(function(function)));
        final ArrayNode devices = root.putArray("devices");
        host.devices().forEach(device -> devices.add(device(device)));
        final ArrayNode nics = root.putArray("nics");
        host.nics().forEach(nic ->
        {
            final ObjectNode node = nics.addObject().put("name", nic.name());
            place(node, nic.numa(), nic.pci(), nic.path());
        });
        final ArrayNode links = root.putArray("links");
        host.links().forEach(link ->
            links.addObject().put("from", link.from()).put("to", link.to()).put("count", link.count()));
        final ArrayNode levels = root.putArray("levels");
        details.levels().forEach(level -> levels.addObject()
            .put("from", level.from()).put("to", level.to()).put("level", level.level().name()));
        rest(root, host);
        return root;
    }

    /** What most hosts have none of. */
    private static void rest(final ObjectNode root, final HostTopology host)
    {
        final HostDetails details = host.details();
        if (!host.exclusive().isEmpty())
        {
            final ArrayNode exclusive = root.putArray("exclusive");
            host.exclusive().forEach(pair -> strings(exclusive.addArray(), pair));
        }
        if (!host.reserved().cpus().isEmpty() || host.reserved().memoryBytes() > 0)
        {
            final ObjectNode reserved = root.putObject("reserved");
            text(reserved, CPUS, CpuList.format(host.reserved().cpus()));
            reserved.put(MEMORY, Amounts.formatBytes(host.reserved().memoryBytes()));
        }
        if (!details.failed().isEmpty())
        {
            final ArrayNode failed = root.putArray("failed");
            details.failed().forEach(device ->
            {
                final ObjectNode node = failed.addObject().put("id", device.id());
                text(node, "slot", device.slot());
                text(node, "uuid", device.uuid());
                text(node, "pci", device.pci());
                node.put("reason", device.reason());
            });
        }
        text(root, "offline", CpuList.format(details.offline()));
        if (!details.notes().isEmpty())
        {
            strings(root.putArray("notes"), details.notes());
        }
    }

    private static ObjectNode node(final NumaNode node)
    {
        final ObjectNode tree = object()
            .put("id", node.id()).put(CPUS, node.cpuList()).put(MEMORY, Amounts.formatBytes(node.memoryBytes()));
        if (!node.hugePages().isEmpty())
        {
            final ArrayNode pages = tree.putArray("hugePages");
            node.hugePages().forEach(one -> pages.addObject()
                .put("size", Amounts.formatBytes(one.sizeBytes())).put("count", one.count()).put("free", one.free()));
        }
        return tree;
    }

    private static ObjectNode function(final PciFunction function)
    {
        final ObjectNode tree = object().put("address", function.address()).put("kind", function.kind().label());
        text(tree, "class", function.classCode());
        text(tree, "vendor", function.vendor());
        text(tree, "device", function.device());
        text(tree, "root", function.root());
        place(tree, function.numa(), "", function.path());
        return tree;
    }

    private static ObjectNode device(final HostDevice device)
    {
        final ObjectNode tree = object().put("id", device.id()).put("slot", device.slot());
        amount(tree, "capacity", device.capacityMillis());
        if (device.quantumMillis() != HostDevice.quantumMillis(device.slot()))
        {
            amount(tree, "quantum", device.quantumMillis());
        }
        if (device.unique())
        {
            tree.put("unique", true);
        }
        text(tree, "model", device.model());
        if (device.details().memoryBytes() > 0)
        {
            tree.put(MEMORY, Amounts.formatBytes(device.details().memoryBytes()));
        }
        text(tree, "uuid", device.details().uuid());
        text(tree, "parent", device.details().parent());
        place(tree, device.numa(), device.pci(), device.path());
        return tree;
    }

    private static void place(final ObjectNode tree, final int numa, final String pci, final List<String> path)
    {
        if (numa >= 0)
        {
            tree.put(NUMA, numa);
        }
        text(tree, "pci", pci);
        if (!path.isEmpty())
        {
            strings(tree.putArray("path"), path);
        }
    }

    private static void amount(final ObjectNode tree, final String name, final long millis)
    {
        final BigDecimal amount = BigDecimal.valueOf(millis, 3).stripTrailingZeros();
        tree.put(name, amount.scale() <= 0 ? amount.setScale(0) : amount);
    }

    private static void text(final ObjectNode tree, final String name, final String text)
    {
        if (!text.isEmpty())
        {
            tree.put(name, text);
        }
    }

    private static void strings(final ArrayNode to, final List<String> texts)
    {
        texts.forEach(to::add);
    }

    private static ObjectNode object()
    {
        return JsonNodeFactory.instance.objectNode();
    }
}
