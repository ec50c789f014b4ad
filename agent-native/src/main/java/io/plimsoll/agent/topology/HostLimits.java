package io.plimsoll.agent.topology;

import io.plimsoll.agent.runtime.CpuList;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;

/**
 * What a process, and so all that it starts, may use of its host.
 *
 * @param cpus        logical processors; null: all.
 * @param nodes       whose memory it may have; null: all.
 * @param memoryBytes at most; {@link Long#MAX_VALUE}: no limit.
 */
public record HostLimits(BitSet cpus, BitSet nodes, long memoryBytes)
{
    /** None. */
    public static final HostLimits NONE = new HostLimits(null, null, Long.MAX_VALUE);

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final List<Path> MEMORY_LIMITS = List.of(
        Path.of("/sys/fs/cgroup/memory.max"),
        Path.of("/sys/fs/cgroup/memory/memory.limit_in_bytes"));

    /** Those of this process: its affinity, the memory nodes of its cpuset, the memory limit of its cgroup. */
    public static HostLimits ofProcess()
    {
        BitSet cpus = null;
        BitSet nodes = null;
        try
        {
            for (final String line : Files.readAllLines(STATUS, StandardCharsets.ISO_8859_1))
            {
                cpus = line.startsWith("Cpus_allowed_list:") ? list(line) : cpus;
                nodes = line.startsWith("Mems_allowed_list:") ? list(line) : nodes;
            }
        }
        catch (final IOException e)
        {
            return new HostLimits(null, null, memoryLimit());
        }
        return new HostLimits(cpus, nodes, memoryLimit());
    }

    private static BitSet list(final String line)
    {
        return CpuList.parse(line.substring(line.indexOf(':') + 1));
    }

    private static long memoryLimit()
    {
        long bytes = Long.MAX_VALUE;
        for (final Path limit : MEMORY_LIMITS)
        {
            try
            {
                final String text = Files.isReadable(limit) ? Files.readString(limit).strip() : "max";
                bytes = "max".equals(text) ? bytes : Math.min(bytes, Long.parseLong(text));
            }
            catch (final IOException e)
            {
                continue;
            }
        }
        return bytes;
    }
}
