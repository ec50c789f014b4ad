package io.plimsoll.agent.topology;

import static io.plimsoll.agent.topology.TopologyFields.array;
import static io.plimsoll.agent.topology.TopologyFields.bytes;
import static io.plimsoll.agent.topology.TopologyFields.cpus;
import static io.plimsoll.agent.topology.TopologyFields.integer;
import static io.plimsoll.agent.topology.TopologyFields.require;
import static io.plimsoll.agent.topology.TopologyFields.text;
import static io.plimsoll.agent.topology.TopologyFields.texts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Reads the part of the document that {@link HostDetails} holds. */
final class DetailsReader
{
    private DetailsReader()
    {
    }

    static HostDetails read(final JsonNode root)
    {
        return new HostDetails(
            sockets(root.path("sockets")),
            caches(root.path("caches")),
            pci(root.path("pci")),
            levels(root.path("levels")),
            failed(root.path("failed")),
            cpus(root.path("offline"), "offline"),
            texts(root.path("notes"), "notes"));
    }

    static List<HugePages> hugePages(final JsonNode node, final String parent)
    {
        final List<HugePages> pages = new ArrayList<>();
        for (final JsonNode one : array(node.path("hugePages"), parent + ".hugePages"))
        {
            final String field = parent + ".hugePages[" + pages.size() + "]";
            final long size = bytes(one.path("size"), field + ".size");
            require(size > 0, field + ".size: is to be the size of a page, such as \"2m\"");
            final long count = count(one, field, "count");
            final long free = count(one, field, "free");
            require(free <= count, field + ".free: there are only " + count);
            pages.add(new HugePages(size, count, free));
        }
        return List.copyOf(pages);
    }

    private static List<Socket> sockets(final JsonNode from)
    {
        final List<Socket> sockets = new ArrayList<>();
        for (final JsonNode node : array(from, "sockets"))
        {
            final String field = "sockets[" + sockets.size() + "]";
            final int id = integer(node, field, "id", sockets.size());
            sockets.add(new Socket(id, cpus(node.path("cpus"), field + ".cpus")));
        }
        return List.copyOf(sockets);
    }

    private static List<Cache> caches(final JsonNode from)
    {
        final List<Cache> caches = new ArrayList<>();
        for (final JsonNode node : array(from, "caches"))
        {
            final String field = "caches[" + caches.size() + "]";
            final int level = integer(node, field, "level", 0);
            require(level > 0, field + ".level: is to be a whole number from 1 on");
            caches.add(new Cache(
                level,
                choice(node, field, "kind", Cache.Kind.values(), Cache.Kind::name),
                bytes(node.path("size"), field + ".size"),
                cpus(node.path("cpus"), field + ".cpus")));
        }
        return List.copyOf(caches);
    }

    private static List<PciFunction> pci(final JsonNode from)
    {
        final List<PciFunction> functions = new ArrayList<>();
        for (final JsonNode node : array(from, "pci"))
        {
            final String field = "pci[" + functions.size() + "]";
            functions.add(new PciFunction(
                text(node, field, "address", null),
                choice(node, field, "kind", PciFunction.Kind.values(), PciFunction.Kind::label),
                text(node, field, "class", ""),
                text(node, field, "vendor", ""),
                text(node, field, "device", ""),
                Math.max(HostDevice.NO_NODE, integer(node, field, "numa", HostDevice.NO_NODE)),
                text(node, field, "root", ""),
                texts(node.path("path"), field + ".path")));
        }
        return List.copyOf(functions);
    }

    private static List<DeviceLevel> levels(final JsonNode from)
    {
        final List<DeviceLevel> levels = new ArrayList<>();
        for (final JsonNode node : array(from, "levels"))
        {
            final String field = "levels[" + levels.size() + "]";
            levels.add(new DeviceLevel(
                text(node, field, "from", null),
                text(node, field, "to", null),
                choice(node, field, "level", DeviceLevel.Level.values(), DeviceLevel.Level::name)));
        }
        return List.copyOf(levels);
    }

    private static List<FailedDevice> failed(final JsonNode from)
    {
        final List<FailedDevice> failed = new ArrayList<>();
        for (final JsonNode node : array(from, "failed"))
        {
            final String field = "failed[" + failed.size() + "]";
            failed.add(new FailedDevice(
                text(node, field, "id", null),
                text(node, field, "slot", ""),
                text(node, field, "uuid", ""),
                text(node, field, "pci", ""),
                text(node, field, "reason", "")));
        }
        return List.copyOf(failed);
    }

    private static long count(final JsonNode node, final String field, final String name)
    {
        final JsonNode value = node.path(name);
        require(value.isMissingNode() || value.isNull() || value.canConvertToLong() && value.isIntegralNumber() &&
            value.longValue() >= 0, field + "." + name + ": is to be a whole number from 0 on");
        return value.asLong(0);
    }

    private static <T> T choice(
        final JsonNode node, final String field, final String name, final T[] all, final Function<T, String> label)
    {
        final String text = text(node, field, name, null);
        for (final T one : all)
        {
            if (label.apply(one).equals(text))
            {
                return one;
            }
        }
        throw new IllegalArgumentException(
            field + "." + name + ": is to be one of " + String.join(", ", Arrays.stream(all).map(label).toList()));
    }
}
