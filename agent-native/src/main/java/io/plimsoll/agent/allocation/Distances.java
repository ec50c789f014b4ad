package io.plimsoll.agent.allocation;

import io.plimsoll.agent.topology.DeviceLink;
import io.plimsoll.agent.topology.HostDevice;
import io.plimsoll.agent.topology.HostTopology;
import io.plimsoll.agent.topology.Nic;
import java.util.List;

/**
 * Distances between the parts of a host in thousandths of ACPI SLIT's unit. Between nodes they are the host's own; on
 * one node, devices are the nearer the less of the PCI tree lies between them. What does not say where it is is
 * equally near to all.
 */
final class Distances
{
    static final long UNIT = 1000;
    /** Direct link: one hop, no bridge. */
    private static final long LINKED = 2 * UNIT;
    /** Behind one switch. */
    private static final long SAME_SWITCH = 4 * UNIT;
    /** Below one root port. */
    private static final long SAME_ROOT = 7 * UNIT;

    private final long[][] devices;
    private final long[] toNic;
    private final long[][] nodes;
    private final int[] nodeOf;

    Distances(final HostTopology host)
    {
        final int count = host.devices().size();
        nodes = new long[host.numa().size()][host.numa().size()];
        for (int i = 0; i < nodes.length; i++)
        {
            for (int j = 0; j < nodes.length; j++)
            {
                nodes[i][j] = (host.distances()[i][j] + host.distances()[j][i]) * UNIT / 2;
            }
        }
        nodeOf = new int[count];
        toNic = new long[count];
        devices = new long[count][count];
        for (int i = 0; i < count; i++)
        {
            nodeOf[i] = host.indexOf(host.devices().get(i).numa());
        }
        for (int i = 0; i < count; i++)
        {
            final HostDevice device = host.devices().get(i);
            toNic[i] = toNearest(host, device);
            for (int j = 0; j < count; j++)
            {
                final HostDevice other = host.devices().get(j);
                devices[i][j] = Math.min(
                    linked(host.links(), device.id(), other.id()),
                    between(nodeOf[i], device.path(), nodeOf[j], other.path()));
            }
        }
    }

    private long toNearest(final HostTopology host, final HostDevice device)
    {
        long nearest = host.nics().isEmpty() ? 0 : Long.MAX_VALUE;
        for (final Nic nic : host.nics())
        {
            nearest = Math.min(nearest, between(
                host.indexOf(device.numa()), device.path(), host.indexOf(nic.numa()), nic.path()));
        }
        return nearest;
    }

    private static long linked(final List<DeviceLink> links, final String one, final String other)
    {
        for (final DeviceLink link : links)
        {
            if (link.from().equals(one) && link.to().equals(other) ||
                link.from().equals(other) && link.to().equals(one))
            {
                return LINKED;
            }
        }
        return Long.MAX_VALUE;
    }

    private long between(final int node, final List<String> path, final int otherNode, final List<String> otherPath)
    {
        if (!path.isEmpty() && !otherPath.isEmpty() && path.get(0).equals(otherPath.get(0)))
        {
            return path.get(path.size() - 1).equals(otherPath.get(otherPath.size() - 1)) ? SAME_SWITCH : SAME_ROOT;
        }
        return node < 0 || otherNode < 0 ? HostTopology.LOCAL * UNIT : nodes[node][otherNode];
    }

    /** Index of the node that a device is on; negative: not known. */
    int nodeOf(final int device)
    {
        return nodeOf[device];
    }

    /** Between two devices. */
    long devices(final int one, final int other)
    {
        return devices[one][other];
    }

    /** How many nodes there are. */
    int nodes()
    {
        return nodes.length;
    }

    /** Between two nodes. */
    long nodes(final int one, final int other)
    {
        return nodes[one][other];
    }

    /** From a device to the network interface that is nearest to it; 0: there is none. */
    long toNic(final int device)
    {
        return toNic[device];
    }
}
