package io.plimsoll.agent.allocation;

import io.plimsoll.agent.runtime.CpuList;
import io.plimsoll.agent.topology.HostDevice;
import io.plimsoll.agent.topology.HostTopology;
import io.plimsoll.agent.topology.NumaNode;
import io.plimsoll.transport.Amounts;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Adds up what a list says to be taken of a host, and refuses more than there is. */
final class Taken
{
    private final HostTopology host;
    private final Map<String, Long> devices = new HashMap<>();
    private final Map<Integer, Long> memory = new HashMap<>();
    private final Map<Integer, Long> cpus = new HashMap<>();

    Taken(final HostTopology host)
    {
        this.host = host;
    }

    /**
     * Adds what one has.
     *
     * @param grant of the host's own devices, processors and nodes.
     * @param field in front of the names of its fields.
     * @throws IllegalArgumentException that names the field of which there is not as much.
     */
    void add(final Grant grant, final String field)
    {
        for (final HostDevice device : host.devices())
        {
            final long millis = devices.merge(
                device.id(), grant.devices().getOrDefault(device.id(), 0L), Long::sum);
            require(millis <= device.capacityMillis(), field + "granted." + device.id() + ": with what others have, " +
                Amounts.formatCpu(millis) + " of " + Amounts.formatCpu(device.capacityMillis()) + " are taken");
        }
        final long each = Math.min(grant.cpuMillis(), HostDevice.MILLIS);
        final BitSet twice = new BitSet();
        grant.cpus().stream().filter(cpu -> cpus.merge(cpu, each, Long::sum) > HostDevice.MILLIS).forEach(twice::set);
        require(twice.isEmpty(), field + "cpus: others have " + CpuList.format(twice) + " already");
        for (final NumaNode node : host.numa())
        {
            final long bytes = memory.merge(node.id(), grant.memory().getOrDefault(node.id(), 0L), Long::sum);
            require(bytes <= node.plainBytes(), field + "memory." + node.id() + ": with what others have, " +
                Amounts.formatBytes(bytes) + " of " + Amounts.formatBytes(node.plainBytes()) + " are taken");
        }
    }

    /**
     * As much on each node as can be.
     *
     * @param bytes of them all.
     * @param ids   of the nodes.
     * @return bytes of each; what they do not have is with the last.
     */
    Map<Integer, Long> spread(final long bytes, final BitSet ids)
    {
        final Map<Integer, Long> spread = new TreeMap<>();
        long left = bytes;
        int nodes = ids.cardinality();
        // The nodes with least first, so that the others have what these have not.
        for (final int id : ids.stream().boxed().sorted((one, other) -> Long.compare(free(one), free(other))).toList())
        {
            final long share = left / nodes + (0 == left % nodes ? 0 : 1);
            final long part = 1 == nodes ? left : Math.min(share, free(id));
            spread.put(id, part);
            left -= part;
            nodes--;
        }
        return spread;
    }

    private long free(final int id)
    {
        return host.numa().get(host.indexOf(id)).plainBytes() - memory.getOrDefault(id, 0L);
    }

    private static void require(final boolean holds, final String rule)
    {
        if (!holds)
        {
            throw new IllegalArgumentException(rule);
        }
    }
}
