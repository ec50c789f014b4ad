package io.plimsoll.agent;

import io.plimsoll.agent.runtime.CpuList;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What this host has for kernels, within the limits that the agent itself is under. */
final class Topology
{
    private static final long CORE_MILLIS = 1000;
    private static final long BYTES_PER_KIB = 1024;
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path MEMORY = Path.of("/proc/meminfo");
    private static final List<Path> MEMORY_LIMITS = List.of(
        Path.of("/sys/fs/cgroup/memory.max"),
        Path.of("/sys/fs/cgroup/memory/memory.limit_in_bytes"));

    private Topology()
    {
    }

    /**
     * What to offer.
     *
     * @param configured amounts by slot that replace or add to what was found.
     * @return capacities, cpu and mem among them.
     */
    static List<Capacity> capacities(final Map<String, Long> configured)
    {
        final Map<String, Long> amounts = new LinkedHashMap<>();
        amounts.put(Capacity.CPU, cores() * CORE_MILLIS);
        amounts.put(Capacity.MEM, memoryBytes());
        amounts.putAll(configured);
        final List<Capacity> capacities = new ArrayList<>();
        amounts.forEach((name, amount) -> capacities.add(new Capacity(name, Capacity.isDevice(name), amount)));
        return List.copyOf(capacities);
    }

    /** Architecture as the system names it. */
    static String arch()
    {
        final String arch = System.getProperty("os.arch");
        return "amd64".equals(arch) ? "x86_64" : arch;
    }

    /** A line of /proc/meminfo, in bytes. */
    static long memoryBytes(final Path file, final String label) throws IOException
    {
        final String text = Files.readString(file, StandardCharsets.US_ASCII);
        final int start = text.indexOf(label);
        if (start < 0)
        {
            return 0;
        }
        final String line = text.substring(start + label.length(), text.indexOf('\n', start));
        return Long.parseLong(line.replace("kB", "").strip()) * BYTES_PER_KIB;
    }

    /** How many processors this process may use. */
    static long cores()
    {
        try
        {
            final String label = "Cpus_allowed_list:";
            for (final String line : Files.readAllLines(STATUS))
            {
                if (line.startsWith(label))
                {
                    // A quota of processor time gives the run-time fewer processors than the process may use.
                    return Math.min(
                        CpuList.parse(line.substring(label.length())).cardinality(),
                        Runtime.getRuntime().availableProcessors());
                }
            }
        }
        catch (final IOException e)
        {
            return Runtime.getRuntime().availableProcessors();
        }
        return Runtime.getRuntime().availableProcessors();
    }

    /** What this process may use of what the system has. */
    static long memoryBytes()
    {
        long bytes = Runtime.getRuntime().maxMemory();
        try
        {
            bytes = memoryBytes(MEMORY, "MemTotal:");
            for (final Path limit : MEMORY_LIMITS)
            {
                if (Files.isReadable(limit))
                {
                    final String text = Files.readString(limit).strip();
                    bytes = "max".equals(text) ? bytes : Math.min(bytes, Long.parseLong(text));
                }
            }
        }
        catch (final IOException e)
        {
            return bytes;
        }
        return bytes;
    }
}
