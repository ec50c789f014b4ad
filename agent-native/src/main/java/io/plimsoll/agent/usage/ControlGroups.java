package io.plimsoll.agent.usage;

import io.plimsoll.transport.usage.Usage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Control groups that belong to one kernel alone, of version 2 or 1, whichever has them. Found by the name, through the
 * membership of a process, so that it does not matter who made them or where.
 */
public final class ControlGroups
{
    private static final String UNIFIED = "";
    private static final String MEMORY = "memory";
    private static final String CPU_TIME = "cpuacct";
    private static final String BLOCKS = "blkio";
    private static final List<String> CONTROLLERS = List.of(MEMORY, CPU_TIME, BLOCKS);
    private static final long NS_PER_MICRO = 1000;

    private final Path proc;
    private final Map<String, Mount> mounts = new HashMap<>();

    private record Mount(Path point, String root)
    {
    }

    ControlGroups(final Path proc)
    {
        this.proc = proc;
        for (final String line : SystemFiles.lines(proc.resolve("self/mountinfo")))
        {
            // id parent major:minor root mountpoint options ... - type source superoptions
            final int dash = line.indexOf(" - ");
            final String[] fields = line.split(" ");
            final String[] kind = dash < 0 ? new String[0] : line.substring(dash + 3).split(" ");
            if (kind.length > 2 && "cgroup2".equals(kind[0]))
            {
                mounts.putIfAbsent(UNIFIED, new Mount(Path.of(fields[4]), fields[3]));
            }
            else if (kind.length > 2 && "cgroup".equals(kind[0]))
            {
                for (final String option : kind[2].split(","))
                {
                    if (CONTROLLERS.contains(option))
                    {
                        mounts.putIfAbsent(option, new Mount(Path.of(fields[4]), fields[3]));
                    }
                }
            }
        }
    }

    /** Those of this host, as this process sees them. */
    public static ControlGroups ofHost()
    {
        return new ControlGroups(Path.of("/proc"));
    }

    /**
     * Finds where the memory of a process is counted together with that of all others of its kernel.
     *
     * @param pid  of the process.
     * @param mark that the name of the group has, and of no other.
     * @return the directory of the group; null: it is gone, or not to be seen from here.
     */
    public Path ofMemory(final int pid, final String mark)
    {
        Path found = null;
        for (final String line : memberships(pid))
        {
            final String[] fields = line.split(":", 3);
            final boolean isOfMemory = 3 == fields.length && List.of(fields[1].split(",")).contains(MEMORY);
            if (isOfMemory || 3 == fields.length && null == found && fields[1].isEmpty())
            {
                final Path group = group(isOfMemory ? MEMORY : UNIFIED, fields[2], mark);
                final boolean counts = null != group &&
                    Files.exists(group.resolve(isOfMemory ? "memory.oom_control" : "memory.events"));
                found = counts ? group : found;
            }
        }
        return found;
    }

    /** The membership of a process, as the system tells it; empty: it is gone. */
    List<String> memberships(final int pid)
    {
        return SystemFiles.lines(proc.resolve(Integer.toString(pid)).resolve("cgroup"));
    }

    /** What the groups with that mark have counted. */
    Totals totals(final int pid, final String mark)
    {
        Totals totals = Totals.NONE;
        for (final String line : memberships(pid))
        {
            final String[] fields = line.split(":", 3);
            if (3 == fields.length)
            {
                for (final String controller : fields[1].split(","))
                {
                    final Path group = group(controller, fields[2], mark);
                    totals = null == group ? totals : totals.or(read(controller, group));
                }
            }
        }
        return totals;
    }

    /** Where the part of a path that ends with the mark is; null: it has none, or is not to be seen from here. */
    private Path group(final String controller, final String path, final String mark)
    {
        final Mount mount = mounts.get(controller);
        final int at = path.indexOf(mark);
        if (null == mount || at < 0)
        {
            return null;
        }
        final int end = path.indexOf('/', at);
        final String own = end < 0 ? path : path.substring(0, end);
        final String below =
            !"/".equals(mount.root()) && own.startsWith(mount.root()) ? own.substring(mount.root().length()) : own;
        final Path group = mount.point().resolve(below.startsWith("/") ? below.substring(1) : below);
        return Files.isDirectory(group) ? group : null;
    }

    private static Totals read(final String controller, final Path group)
    {
        return switch (controller)
        {
            case UNIFIED -> unified(group);
            case MEMORY -> memory(
                SystemFiles.number(group.resolve("memory.usage_in_bytes")),
                SystemFiles.field(SystemFiles.lines(group.resolve("memory.stat")), "total_inactive_file "),
                SystemFiles.number(group.resolve("memory.max_usage_in_bytes")));
            case CPU_TIME -> cpu(SystemFiles.number(group.resolve("cpuacct.usage")));
            case BLOCKS -> blocks(group);
            default -> Totals.NONE;
        };
    }

    private static Totals unified(final Path group)
    {
        final long micros = SystemFiles.field(SystemFiles.lines(group.resolve("cpu.stat")), "usage_usec ");
        long read = Usage.UNKNOWN;
        long written = Usage.UNKNOWN;
        for (final String line : SystemFiles.lines(group.resolve("io.stat")))
        {
            for (final String word : line.split(" "))
            {
                read = plus(read, word, "rbytes=");
                written = plus(written, word, "wbytes=");
            }
        }
        return cpu(micros < 0 ? Usage.UNKNOWN : micros * NS_PER_MICRO)
            .or(memory(
                SystemFiles.number(group.resolve("memory.current")),
                SystemFiles.field(SystemFiles.lines(group.resolve("memory.stat")), "inactive_file "),
                SystemFiles.number(group.resolve("memory.peak"))))
            .or(io(read, written));
    }

    private static long plus(final long sum, final String word, final String label)
    {
        return word.startsWith(label) ?
            Math.max(0, sum) + Math.max(0, SystemFiles.number(word.substring(label.length()))) : sum;
    }

    private static Totals blocks(final Path group)
    {
        List<String> lines = SystemFiles.lines(group.resolve("blkio.throttle.io_service_bytes_recursive"));
        lines = lines.isEmpty() ? SystemFiles.lines(group.resolve("blkio.throttle.io_service_bytes")) : lines;
        long read = Usage.UNKNOWN;
        long written = Usage.UNKNOWN;
        for (final String line : lines)
        {
            // major:minor Read 4096
            final String[] words = line.split(" ");
            final long bytes = 3 == words.length ? SystemFiles.number(words[2]) : Usage.UNKNOWN;
            read = bytes >= 0 && "Read".equals(words[1]) ? Math.max(0, read) + bytes : read;
            written = bytes >= 0 && "Write".equals(words[1]) ? Math.max(0, written) + bytes : written;
        }
        return io(read, written);
    }

    private static Totals cpu(final long ns)
    {
        return new Totals(ns, Usage.UNKNOWN, Usage.UNKNOWN, Usage.UNKNOWN, Usage.UNKNOWN, Usage.UNKNOWN, Usage.UNKNOWN,
            Usage.UNKNOWN);
    }

    /** Files that were read and are not in use may be had back at once: they count for the peak only. */
    private static Totals memory(final long bytes, final long unusedFileBytes, final long peakBytes)
    {
        return new Totals(
            Usage.UNKNOWN,
            bytes < 0 ? Usage.UNKNOWN : Math.max(0, bytes - Math.max(0, unusedFileBytes)),
            peakBytes,
            Usage.UNKNOWN, Usage.UNKNOWN, Usage.UNKNOWN, Usage.UNKNOWN, Usage.UNKNOWN);
    }

    private static Totals io(final long read, final long written)
    {
        return new Totals(
            Usage.UNKNOWN, Usage.UNKNOWN, Usage.UNKNOWN, read, written, Usage.UNKNOWN, Usage.UNKNOWN, Usage.UNKNOWN);
    }
}
