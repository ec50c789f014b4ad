package io.plimsoll.agent.topology;

import java.util.BitSet;
import java.util.List;

/**
 * What is told of a host beyond what choosing cores, memory and devices needs.
 *
 * @param sockets processor packages.
 * @param caches  of processors, nearest to the core first.
 * @param pci     every device and bridge on the bus.
 * @param levels  between GPUs, as their driver tells.
 * @param failed  devices that were taken out.
 * @param offline logical processors that are there but switched off.
 * @param notes   what people should know of how it was found.
 */
public record HostDetails(
    List<Socket> sockets,
    List<Cache> caches,
    List<PciFunction> pci,
    List<DeviceLevel> levels,
    List<FailedDevice> failed,
    BitSet offline,
    List<String> notes)
{
    /** Nothing. */
    public static final HostDetails NONE =
        new HostDetails(List.of(), List.of(), List.of(), List.of(), List.of(), new BitSet(), List.of());
}
