package io.plimsoll.agent.topology;

import io.plimsoll.agent.runtime.CpuList;
import java.util.BitSet;
import java.util.List;

/**
 * A NUMA node.
 *
 * @param id          as the system numbers it.
 * @param cpus        logical processors; none for a node that is memory only.
 * @param memoryBytes of it, huge pages included; none for a node that is processors only.
 * @param hugePages   set aside on it.
 */
public record NumaNode(int id, BitSet cpus, long memoryBytes, List<HugePages> hugePages)
{
    /** The highest number of a node; Linux has at most 1024. */
    public static final int ID_MAX = 1023;

    /** A node without huge pages. */
    public NumaNode(final int id, final BitSet cpus, final long memoryBytes)
    {
        this(id, cpus, memoryBytes, List.of());
    }

    /** What kernels can have of its memory: nobody gets anything of huge pages who does not ask for these. */
    public long plainBytes()
    {
        long bytes = memoryBytes;
        for (final HugePages pages : hugePages)
        {
            bytes -= pages.count() > bytes / pages.sizeBytes() ? bytes : pages.sizeBytes() * pages.count();
        }
        return bytes;
    }

    /** Processors as {@code 0-3,8}. */
    public String cpuList()
    {
        return CpuList.format(cpus);
    }
}
