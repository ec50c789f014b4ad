package io.plimsoll.agent.topology;

import io.plimsoll.agent.runtime.CpuList;
import io.plimsoll.transport.Amounts;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A host as people read it: an indented tree. Of the bus it shows what leads to a device or a network interface. */
public final class TopologyText
{
    private static final String INDENT = "  ";

    private final HostTopology host;
    private final List<String> lines = new ArrayList<>();
    private final Map<String, List<String>> namesByAddress = new LinkedHashMap<>();
    private final Set<String> shown = new HashSet<>();

    private TopologyText(final HostTopology host)
    {
        this.host = host;
    }

    /** The lines. */
    public static List<String> of(final HostTopology host)
    {
        return new TopologyText(host).lines();
    }

    private List<String> lines()
    {
        host.devices().forEach(device -> name(device.pci(), text(device)));
        host.nics().forEach(nic -> name(nic.pci(), nic.name()));
        lines.add(summary());
        final Set<NumaNode> left = new LinkedHashSet<>(host.numa());
        for (final Socket socket : host.details().sockets())
        {
            lines.add("socket " + socket.id() + ": processors " + CpuList.format(socket.cpus()));
            for (final NumaNode node : host.numa())
            {
                if (!node.cpus().isEmpty() && contains(socket.cpus(), node.cpus()) && left.remove(node))
                {
                    node(node, INDENT);
                }
            }
        }
        left.forEach(node -> node(node, ""));
        placeless();
        distances();
        host.links().forEach(link ->
            lines.add("link " + link.from() + " - " + link.to() + ": " + link.count() + " lanes"));
        host.details().levels().forEach(level ->
            lines.add("level " + level.from() + " - " + level.to() + ": " + level.level().name()));
        if (host.reserved().memoryBytes() > 0 || !host.reserved().cpus().isEmpty())
        {
            lines.add("not for kernels: " + Amounts.humanBytes(host.reserved().memoryBytes()) +
                (host.reserved().cpus().isEmpty() ? "" : ", processors " + CpuList.format(host.reserved().cpus())));
        }
        host.details().failed().forEach(device -> lines.add("FAILED " + device.id() + ": " + device.reason()));
        if (!host.details().offline().isEmpty())
        {
            lines.add("offline: processors " + CpuList.format(host.details().offline()));
        }
        host.details().notes().forEach(note -> lines.add("note: " + note));
        return lines;
    }

    private String summary()
    {
        final BitSet cpus = new BitSet();
        host.numa().forEach(node -> cpus.or(node.cpus()));
        final long memory = host.numa().stream().mapToLong(NumaNode::memoryBytes).sum();
        return "host: " + count(cpus.cardinality(), "processor") + " on " + count(host.cores().size(), "core") + ", " +
            Amounts.humanBytes(memory) + ", " + count(host.details().sockets().size(), "socket") + ", " +
            count(host.numa().size(), "node") + ", " + count(host.devices().size(), "device");
    }

    private void node(final NumaNode node, final String indent)
    {
        final long cores = host.cores().stream().filter(core -> core.intersects(node.cpus())).count();
        final StringBuilder line = new StringBuilder(indent).append("node ").append(node.id()).append(": ");
        line.append(node.cpus().isEmpty() ?
            "no processors" : "processors " + node.cpuList() + " on " + count((int)cores, "core"));
        line.append(", ").append(0 == node.memoryBytes() ? "no memory" : Amounts.humanBytes(node.memoryBytes()));
        for (final HugePages pages : node.hugePages())
        {
            line.append(", ").append(pages.count()).append(" pages of ")
                .append(Amounts.humanBytes(pages.sizeBytes())).append(" (").append(pages.free()).append(" free)");
        }
        lines.add(line.toString());
        final Map<String, Integer> caches = new LinkedHashMap<>();
        for (final Cache cache : host.details().caches())
        {
            if (cache.cpus().intersects(node.cpus()))
            {
                caches.merge("L" + cache.level() + ' ' + (Cache.Kind.unified == cache.kind() ? "" :
                    cache.kind().name() + ' ') + Amounts.humanBytes(cache.bytes()), 1, Integer::sum);
            }
        }
        if (!caches.isEmpty())
        {
            lines.add(indent + INDENT + "caches: " + String.join(", ", caches.entrySet().stream()
                .map(one -> one.getValue() + " x " + one.getKey()).toList()));
        }
        bus(node.id(), indent + INDENT);
    }

    /** What hangs on the bus near a node, with the bridges that lead to it. */
    private void bus(final int node, final String indent)
    {
        final Set<String> leading = new HashSet<>();
        for (final PciFunction function : host.details().pci())
        {
            if (namesByAddress.containsKey(function.address()))
            {
                leading.addAll(function.path());
                leading.add(function.address());
            }
        }
        String root = "";
        for (final PciFunction function : host.details().pci())
        {
            if (function.path().isEmpty() && function.numa() == node && leading.contains(function.address()))
            {
                if (!root.equals(function.root()))
                {
                    root = function.root();
                    lines.add(indent + root);
                }
                branch(function, leading, indent + (root.isEmpty() ? "" : INDENT));
            }
        }
    }

    private void branch(final PciFunction top, final Set<String> leading, final String indent)
    {
        final List<String> names = namesByAddress.getOrDefault(top.address(), List.of());
        shown.add(top.address());
        lines.add(indent + top.address() + ' ' +
            (names.isEmpty() ? top.kind().label() : String.join(", ", names)));
        for (final PciFunction function : host.details().pci())
        {
            final int depth = function.path().size();
            if (depth > 0 && function.path().get(depth - 1).equals(top.address()) &&
                leading.contains(function.address()))
            {
                branch(function, leading, indent + INDENT);
            }
        }
    }

    /** Devices of which the tree does not tell where they are. */
    private void placeless()
    {
        for (final HostDevice device : host.devices())
        {
            if (!shown.contains(device.pci()))
            {
                lines.add("device " + text(device) +
                    (HostDevice.NO_NODE == device.numa() ? "" : ", near node " + device.numa()) +
                    (device.pci().isEmpty() ? "" : ", " + device.pci()));
            }
        }
    }

    private void distances()
    {
        if (1 == host.numa().size())
        {
            return;
        }
        lines.add("distances:" + row("", host.numa().stream().mapToInt(NumaNode::id).toArray()));
        for (int i = 0; i < host.numa().size(); i++)
        {
            lines.add(row("node " + host.numa().get(i).id(), host.distances()[i]));
        }
    }

    private static String row(final String head, final int... cells)
    {
        final StringBuilder line = new StringBuilder(head.isEmpty() ? "" : String.format(Locale.ROOT, "%10s", head));
        for (final int cell : cells)
        {
            line.append(String.format(Locale.ROOT, " %4d", cell));
        }
        return line.toString();
    }

    private void name(final String address, final String name)
    {
        if (!address.isEmpty())
        {
            namesByAddress.computeIfAbsent(address, key -> new ArrayList<>()).add(name);
        }
    }

    private static String text(final HostDevice device)
    {
        final DeviceDetails details = device.details();
        return device.id() + " (" + device.slot() + ')' + (device.model().isEmpty() ? "" : ' ' + device.model()) +
            (0 == details.memoryBytes() ? "" : ' ' + Amounts.humanBytes(details.memoryBytes())) +
            (details.uuid().isEmpty() ? "" : ' ' + details.uuid());
    }

    private static String count(final int number, final String what)
    {
        return number + " " + what + (1 == number ? "" : "s");
    }

    private static boolean contains(final BitSet all, final BitSet some)
    {
        final BitSet rest = (BitSet)some.clone();
        rest.andNot(all);
        return rest.isEmpty();
    }
}
