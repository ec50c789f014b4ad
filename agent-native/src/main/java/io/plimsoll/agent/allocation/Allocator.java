package io.plimsoll.agent.allocation;

import io.plimsoll.agent.topology.HostDevice;
import io.plimsoll.agent.topology.HostTopology;
import io.plimsoll.agent.topology.NumaNode;
import io.plimsoll.transport.Amounts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A host's cores, memory and devices, and who gets which of them. A request is granted whole or not at all. Not for
 * several threads at once.
 *
 * <p>What is chosen has the least total distance: the sum over pairs of devices, plus for each device its distance to
 * the nearest network interface and what {@link NodeSearch} counts for cores and memory. Among equals goes what leaves
 * least behind on nodes that it breaks into; then the lowest numbers.
 */
public final class Allocator
{
    private final HostTopology host;
    private final Distances distances;
    private final long[] deviceFree;
    private final long[] memoryFree;
    private final CpuPool cpus;

    /**
     * An idle host.
     *
     * @param host described.
     */
    public Allocator(final HostTopology host)
    {
        this.host = host;
        distances = new Distances(host);
        cpus = new CpuPool(host);
        deviceFree = host.devices().stream().mapToLong(HostDevice::capacityMillis).toArray();
        memoryFree = host.numa().stream().mapToLong(NumaNode::plainBytes).toArray();
        final long[] reserved = NodeSearch.dealt(
            Math.min(host.reserved().memoryBytes(), Arrays.stream(memoryFree).sum()), memoryFree.clone());
        Arrays.setAll(memoryFree, node -> memoryFree[node] - reserved[node]);
    }

    /** The host. */
    public HostTopology host()
    {
        return host;
    }

    /**
     * Chooses and takes.
     *
     * @param request to meet.
     * @param options how.
     * @return what it got.
     * @throws AllocationException if it cannot be met; nothing has changed.
     */
    public Grant allocate(final ResourceRequest request, final AllocationOptions options) throws AllocationException
    {
        return allocate(request, options, List.of());
    }

    /**
     * Chooses and takes what is to be near to devices that somebody has already.
     *
     * @param request to meet.
     * @param options how.
     * @param given   ids of those devices; nothing more is taken of them.
     * @return what it got beside them.
     * @throws AllocationException if it cannot be met; nothing has changed.
     */
    public Grant allocate(final ResourceRequest request, final AllocationOptions options, final List<String> given)
        throws AllocationException
    {
        final boolean cpuIsDevice = isDevice(ResourceRequest.CPU);
        final boolean memIsDevice = isDevice(ResourceRequest.MEM);
        final Map<String, Long> wanted = new LinkedHashMap<>();
        for (final Map.Entry<String, Long> amount : request.amounts().entrySet())
        {
            final boolean ofNodes = ResourceRequest.CPU.equals(amount.getKey()) && !cpuIsDevice ||
                ResourceRequest.MEM.equals(amount.getKey()) && !memIsDevice;
            check(amount.getKey(), amount.getValue(), ofNodes);
            if (!ofNodes && amount.getValue() > 0)
            {
                wanted.put(amount.getKey(), amount.getValue());
            }
        }
        checkExclusive(request);
        final long cpuMillis = cpuIsDevice ? 0 : request.amount(ResourceRequest.CPU);
        final long memory = memIsDevice ? 0 : request.amount(ResourceRequest.MEM);
        final PlacementSearch search = new PlacementSearch(
            distances, options, nodes(options, cpuMillis, memory), given.stream().mapToInt(this::indexOf).toArray());
        for (final boolean ofWhole : new boolean[]{false, true})
        {
            for (final Map.Entry<String, Long> slot : wanted.entrySet())
            {
                if (ofWhole == isShareOfDevice(slot.getKey()))
                {
                    search.add(use(slot.getKey()), slot.getValue());
                }
            }
        }
        final Grant grant = grant(search.best(), cpuMillis);
        take(grant, 1);
        return grant;
    }

    private NodeSearch nodes(final AllocationOptions options, final long cpuMillis, final long memory)
        throws AllocationException
    {
        final long each = Math.min(cpuMillis, HostDevice.MILLIS);
        final long cores = (cpuMillis + HostDevice.MILLIS - 1) / HostDevice.MILLIS;
        final long[] coresFree = cpus.free(Math.max(1, each));
        if (cores > Arrays.stream(coresFree).sum())
        {
            throw new AllocationException(AllocationException.Kind.INSUFFICIENT, "cpu: " +
                Amounts.formatCpu(cpuMillis) + " requested, " + Arrays.stream(coresFree).sum() +
                (each < HostDevice.MILLIS ? " with as much free" : " free"));
        }
        final long bytes = Arrays.stream(memoryFree).filter(free -> free > 0).sum();
        if (memory > bytes)
        {
            throw new AllocationException(AllocationException.Kind.INSUFFICIENT, "mem: " +
                Amounts.formatBytes(memory) + " requested, " + Amounts.formatBytes(bytes) + " free");
        }
        return new NodeSearch(
            distances, options.affinity(), cores, memory, coresFree,
            Arrays.stream(memoryFree).map(free -> Math.max(0, free)).toArray(),
            0 < each && each < HostDevice.MILLIS ? cpus.room(each) : coresFree);
    }

    private boolean isDevice(final String slot)
    {
        return host.devices().stream().anyMatch(device -> device.slot().equals(pool(slot)));
    }

    /** Slot of the devices that it is had of: shares without devices of their own are shares of whole ones. */
    private String pool(final String slot)
    {
        return !slot.endsWith(HostDevice.SHARES) || isOfHost(slot) ?
            slot : slot.substring(0, slot.length() - HostDevice.SHARES.length()) + HostDevice.DEVICES;
    }

    private boolean isShareOfDevice(final String slot)
    {
        return !pool(slot).equals(slot);
    }

    private boolean isOfHost(final String slot)
    {
        return host.devices().stream().anyMatch(device -> device.slot().equals(slot));
    }

    private void check(final String slot, final long amount, final boolean ofNodes) throws AllocationException
    {
        if (!ofNodes && !isDevice(slot))
        {
            final List<String> slots = new ArrayList<>(List.of(ResourceRequest.CPU, ResourceRequest.MEM));
            host.devices().stream().map(HostDevice::slot).distinct().filter(one -> !slots.contains(one))
                .forEach(slots::add);
            throw new AllocationException(
                AllocationException.Kind.CONFIGURATION, "slot " + slot + " is not one of " + String.join(", ", slots));
        }
        if (amount < 0)
        {
            throw new AllocationException(AllocationException.Kind.ARGUMENT, slot + ": cannot be negative");
        }
        final boolean unique = host.devices().stream().anyMatch(one -> one.slot().equals(slot) && one.unique());
        if (unique && amount > 0 && HostDevice.MILLIS != amount)
        {
            throw new AllocationException(AllocationException.Kind.ARGUMENT, slot + ": " + SlotSplit.text(amount) +
                " requested; it is unique, of which exactly 1 can be had");
        }
    }

    private void checkExclusive(final ResourceRequest request) throws AllocationException
    {
        for (final List<String> pair : host.exclusive())
        {
            for (final String one : request.amounts().keySet())
            {
                for (final String other : request.amounts().keySet())
                {
                    if (!one.equals(other) && request.amount(one) > 0 && request.amount(other) > 0 &&
                        matches(pair.get(0), one) && matches(pair.get(1), other))
                    {
                        throw new AllocationException(
                            AllocationException.Kind.COMBINATION, one + " and " + other + " exclude each other");
                    }
                }
            }
        }
    }

    private static boolean matches(final String pattern, final String slot)
    {
        return slot.matches("\\Q" + pattern.replace("*", "\\E.*\\Q") + "\\E");
    }

    private DeviceUse use(final String slot)
    {
        final List<Integer> of = new ArrayList<>();
        final boolean ofWhole = isShareOfDevice(slot);
        long capacity = 1;
        long quantum = ofWhole ? 1 : 0;
        for (int i = 0; i < host.devices().size(); i++)
        {
            final HostDevice device = host.devices().get(i);
            if (device.slot().equals(pool(slot)))
            {
                of.add(i);
                capacity = Math.max(capacity, device.capacityMillis());
                quantum = Math.max(quantum, device.quantumMillis());
            }
        }
        final int[] ids = of.stream().mapToInt(Integer::intValue).toArray();
        return new DeviceUse(
            slot, ids, Arrays.stream(ids).mapToLong(i -> deviceFree[i]).toArray(), capacity, quantum, ofWhole);
    }

    private Grant grant(final Placement placement, final long cpuMillis)
    {
        final Map<String, Long> devices = new LinkedHashMap<>();
        for (int i = 0; i < placement.devices().length; i++)
        {
            devices.put(host.devices().get(placement.devices()[i]).id(), placement.parts()[i]);
        }
        final NodeChoice nodes = placement.nodes();
        final BitSet picked = new BitSet();
        final Map<Integer, Long> memory = new TreeMap<>();
        final BitSet memoryNodes = new BitSet();
        for (int node = 0; node < memoryFree.length; node++)
        {
            if (nodes.cores()[node] > 0)
            {
                picked.or(cpuMillis < HostDevice.MILLIS ?
                    cpus.pickShare(node, cpuMillis) : cpus.pick(node, nodes.cores()[node]));
            }
            if (nodes.memory()[node] > 0)
            {
                memory.put(host.numa().get(node).id(), nodes.memory()[node]);
                memoryNodes.set(host.numa().get(node).id());
            }
        }
        if (memoryNodes.isEmpty())
        {
            nearestMemory(placement, picked).stream().map(node -> host.numa().get(node).id()).forEach(memoryNodes::set);
        }
        return new Grant(devices, picked, cpuMillis, memory, memoryNodes);
    }

    /** Nodes with memory that are nearest to the cores, or else to the devices; those themselves where none has any. */
    private BitSet nearestMemory(final Placement placement, final BitSet picked)
    {
        final BitSet at = new BitSet();
        picked.stream().map(cpus::nodeOf).forEach(at::set);
        if (at.isEmpty())
        {
            Arrays.stream(placement.devices()).map(distances::nodeOf).filter(node -> node >= 0).forEach(at::set);
        }
        final BitSet nearest = new BitSet();
        at.stream().forEach(node ->
        {
            int best = -1;
            for (int other = 0; other < memoryFree.length; other++)
            {
                final boolean hasSome = host.numa().get(other).plainBytes() > 0;
                if (hasSome && (best < 0 || distances.nodes(node, other) < distances.nodes(node, best)))
                {
                    best = other;
                }
            }
            nearest.set(best < 0 ? node : best);
        });
        return nearest;
    }

    /** Gives back what {@link #allocate} or {@link #claim} took. */
    public void release(final Grant grant)
    {
        take(grant, -1);
    }

    /** Takes what somebody is known to have; more than there is counts as all of it. */
    public void claim(final Grant grant)
    {
        take(grant, 1);
    }

    private void take(final Grant grant, final int sign)
    {
        for (int i = 0; i < deviceFree.length; i++)
        {
            deviceFree[i] -= sign * grant.devices().getOrDefault(host.devices().get(i).id(), 0L);
        }
        grant.memory().forEach((node, bytes) -> memoryFree[host.indexOf(node)] -= sign * bytes);
        cpus.use(grant.cpus(), sign * grant.cpuMillis());
    }

    private int indexOf(final String device)
    {
        for (int i = 0; i < deviceFree.length; i++)
        {
            if (host.devices().get(i).id().equals(device))
            {
                return i;
            }
        }
        throw new IllegalArgumentException("there is no device " + device);
    }

    /** Thousandths left of a device; negative where more was claimed than it has. */
    public long freeMillis(final String device)
    {
        return deviceFree[indexOf(device)];
    }

    /** The processors that most is left of, however little; for those who have to run whatever is left. */
    public BitSet leastUsed(final int count)
    {
        return cpus.leastUsed(count);
    }

    /** Among equals of the chosen node goes this processor, which who starts a kernel is on; negative: the lowest. */
    public void startFrom(final int cpu)
    {
        cpus.startFrom(cpu);
    }
}
