package io.plimsoll.agent.topology;

import io.plimsoll.agent.runtime.CpuList;
import java.util.BitSet;

/**
 * A NUMA node.
 *
 * @param id          as the system numbers it.
 * @param cpus        logical processors; none for a node that is memory only.
 * @param memoryBytes of it.
 */
public record NumaNode(int id, BitSet cpus, long memoryBytes)
{
    /** Processors as {@code 0-3,8}. */
    public String cpuList()
    {
        return CpuList.format(cpus);
    }
}
