package io.plimsoll.agent.topology;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * What a host is made of and how far its parts are from each other; immutable. The document that agents send and that
 * {@code plimsoll agent topology} prints holds at least this.
 *
 * @param numa      nodes; at least one.
 * @param distances as ACPI SLIT has them, rows and columns in the order of {@code numa}: 10 is local, 20 twice as far.
 * @param cores     logical processors of each physical core.
 * @param devices   that kernels can be given.
 * @param nics      network interfaces.
 * @param links     between devices.
 * @param exclusive pairs of slots that may not be asked for together; {@code *} stands for anything.
 * @param reserved  for the host itself.
 * @param details   beyond what choosing needs.
 */
public record HostTopology(
    List<NumaNode> numa,
    int[][] distances,
    List<BitSet> cores,
    List<HostDevice> devices,
    List<Nic> nics,
    List<DeviceLink> links,
    List<List<String>> exclusive,
    Reserve reserved,
    HostDetails details)
{
    /** Distance of a node to itself, by the ACPI specification. */
    public static final int LOCAL = 10;
    /** Distance of nodes that say nothing of it, as Linux assumes. */
    public static final int REMOTE = 20;

    /** A host without details. */
    public HostTopology(
        final List<NumaNode> numa,
        final int[][] distances,
        final List<BitSet> cores,
        final List<HostDevice> devices,
        final List<Nic> nics,
        final List<DeviceLink> links,
        final List<List<String>> exclusive,
        final Reserve reserved)
    {
        this(numa, distances, cores, devices, nics, links, exclusive, reserved, HostDetails.NONE);
    }

    /** Distances of nodes that say nothing of them. */
    static int[][] plainDistances(final int nodes)
    {
        final int[][] distances = new int[nodes][nodes];
        for (int i = 0; i < nodes; i++)
        {
            Arrays.fill(distances[i], REMOTE);
            distances[i][i] = LOCAL;
        }
        return distances;
    }

    /** The same with other devices. */
    public HostTopology with(final List<HostDevice> other)
    {
        return new HostTopology(numa, distances, cores, other, nics, links, exclusive, reserved, details);
    }

    /** The same with another reserve. */
    public HostTopology with(final Reserve other)
    {
        return new HostTopology(numa, distances, cores, devices, nics, links, exclusive, other, details);
    }

    /**
     * What kernels do not get.
     *
     * @param cpus        logical processors.
     * @param memoryBytes from each node in proportion to what it has.
     */
    public record Reserve(BitSet cpus, long memoryBytes)
    {
        /** Nothing. */
        public static final Reserve NONE = new Reserve(new BitSet(), 0);
    }

    /** The same with something that people should know. */
    public HostTopology withNote(final String note)
    {
        final List<String> notes = new ArrayList<>(details.notes());
        notes.add(note);
        return new HostTopology(
            numa, distances, cores, devices, nics, links, exclusive, reserved, new HostDetails(
                details.sockets(),
                details.caches(),
                details.pci(),
                details.levels(),
                details.failed(),
                details.offline(),
                List.copyOf(notes)));
    }

    /** The same with devices that were taken out. */
    public HostTopology withFailed(final List<FailedDevice> failed)
    {
        return new HostTopology(
            numa, distances, cores, devices, nics, links, exclusive, reserved, new HostDetails(
                details.sockets(),
                details.caches(),
                details.pci(),
                details.levels(),
                List.copyOf(failed),
                details.offline(),
                details.notes()));
    }

    /** Index of a node in {@link #numa}; -1: there is none of that id. */
    public int indexOf(final int numaId)
    {
        for (int i = 0; i < numa.size(); i++)
        {
            if (numa.get(i).id() == numaId)
            {
                return i;
            }
        }
        return -1;
    }
}
