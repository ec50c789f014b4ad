package io.plimsoll.agent.runtime;

import io.plimsoll.agent.allocation.Affinity;
import io.plimsoll.agent.topology.HostTopology;
import java.nio.file.Path;

/**
 * Where and how kernels run as processes.
 *
 * @param dataDirectory  of the agent, for the script and the FIFO.
 * @param kernels        directory of the kernels' directories.
 * @param cgroupName     unlike that of any other agent of this host.
 * @param pinning        whether kernels are bound to cores.
 * @param memoryLimits   whether the memory of kernels is limited.
 * @param logBytesMax    kept of each stream unless the launch spec says otherwise.
 * @param scanIntervalNs between two looks at each kernel; what was hinted at is looked at at once.
 * @param host           that they run on.
 * @param ports          of this host for those of kernels, as {@code 30000-30999}.
 * @param process        what people choose.
 * @param placement      where on the host kernels are.
 */
public record ProcessRuntimeOptions(
    Path dataDirectory,
    Path kernels,
    String cgroupName,
    boolean pinning,
    boolean memoryLimits,
    long logBytesMax,
    long scanIntervalNs,
    HostTopology host,
    String ports,
    ProcessOptions process,
    Affinity placement)
{
}
