package io.plimsoll.agent.topology;

import java.util.List;

/**
 * A network interface that hangs on a bus.
 *
 * @param name such as {@code eth0}.
 * @param numa id of its NUMA node; {@link HostDevice#NO_NODE}: not known.
 * @param pci  address; empty: none.
 * @param path as of {@link HostDevice#path()}.
 */
public record Nic(String name, int numa, String pci, List<String> path)
{
}
