package io.plimsoll.agent.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads {@code /proc}. Numbers of processes are used again, so each question names something that is not. */
final class ProcessTable
{
    /** Fields of stat after the name of the program, which may hold anything. */
    private static final int STATE = 0;
    private static final int GROUP = 2;
    private static final int SESSION = 3;
    private static final int START_TICKS = 19;
    private static final long NS_PER_TICK = 10_000_000L;
    private static final Path PROC = Path.of("/proc");

    private ProcessTable()
    {
    }

    /** Whether that process is the supervisor of that kernel, and not a zombie. */
    static boolean isSupervisor(final int pid, final String kernelName)
    {
        final String commandLine = text(process(pid).resolve("cmdline"));
        return null != commandLine && commandLine.contains('\0' + kernelName + '\0');
    }

    /**
     * Whether a process of a kernel, and not just any that got the same number, lives in its group or session.
     *
     * @param kernel  whose processes are looked for.
     * @param trusted whether the group is known to be the kernel's; else each of its processes has to show that it is,
     *                by its environment or its cgroup.
     */
    static boolean anyMember(final ProcessKernel kernel, final boolean trusted)
    {
        final String mark = "PLIMSOLL_KERNEL_ID=" + kernel.assignment.key().kernelId() + '\0';
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[1-9]*"))
        {
            for (final Path process : processes)
            {
                if (isMember(process, kernel.workloadPid) && (carries(process, mark, trusted) ||
                    isIn(process, kernel.name)))
                {
                    return true;
                }
            }
        }
        catch (final IOException e)
        {
            // Unreadable: nothing is proven gone.
            return trusted;
        }
        return false;
    }

    /** Processes that carry a variable of the environment they were started with; zombies do not. */
    static List<Integer> carrying(final String variable)
    {
        final List<Integer> pids = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[1-9]*"))
        {
            for (final Path process : processes)
            {
                final String environment = text(process.resolve("environ"));
                if (null != environment && ('\0' + environment).contains('\0' + variable))
                {
                    pids.add(Integer.parseInt(process.getFileName().toString()));
                }
            }
        }
        catch (final IOException | DirectoryIteratorException e)
        {
            // The next look finds the others.
            return pids;
        }
        return pids;
    }

    /** Variables that a process was started with; empty if that cannot be read. */
    static List<String> environment(final int pid)
    {
        final Path file = process(pid).resolve("environ");
        try
        {
            final String text = Files.readString(file, StandardCharsets.UTF_8);
            return text.isEmpty() ? List.of() : List.of(text.split("\0"));
        }
        catch (final IOException e)
        {
            return List.of();
        }
    }

    /** When a process started, in ticks since the machine did; -1: it is gone. */
    static long born(final int pid)
    {
        final String[] fields = stat(process(pid));
        return null == fields ? -1 : Long.parseLong(fields[START_TICKS]);
    }

    /** The same in nanoseconds. */
    static long nanoseconds(final long ticks)
    {
        return ticks < 0 ? -1 : ticks * NS_PER_TICK;
    }

    /** Supervisors that run a script, by process id: names of their kernels. */
    static Map<Integer, String> supervisors(final String script)
    {
        final Map<Integer, String> found = new TreeMap<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[1-9]*"))
        {
            for (final Path process : processes)
            {
                final String commandLine = text(process.resolve("cmdline"));
                final String[] words = null == commandLine ? new String[0] : commandLine.split("\0");
                if (words.length > 2 && script.equals(words[1]))
                {
                    found.put(Integer.parseInt(process.getFileName().toString()), words[2]);
                }
            }
        }
        catch (final IOException e)
        {
            return found;
        }
        return found;
    }

    /** Cores that a process is bound to; empty if it is gone. */
    static BitSet cpus(final int pid)
    {
        final String status = text(process(pid).resolve("status"));
        final String label = "Cpus_allowed_list:";
        final int start = null == status ? -1 : status.indexOf(label);
        return start < 0 ? new BitSet() :
            CpuList.parse(status.substring(start + label.length(), status.indexOf('\n', start)));
    }

    private static boolean isMember(final Path process, final int leader)
    {
        final String[] fields = stat(process);
        if (null == fields || "Z".equals(fields[STATE]) || "X".equals(fields[STATE]))
        {
            return false;
        }
        return leader == Integer.parseInt(fields[GROUP]) || leader == Integer.parseInt(fields[SESSION]);
    }

    /** A process may have cleared its environment, or hide it: then the number of its group has to do. */
    private static boolean carries(final Path process, final String mark, final boolean trusted)
    {
        final String environment = text(process.resolve("environ"));
        return null == environment || !environment.contains("PLIMSOLL_KERNEL_ID=") ?
            trusted : environment.contains(mark);
    }

    private static boolean isIn(final Path process, final String kernelName)
    {
        final String cgroups = text(process.resolve("cgroup"));
        return null != cgroups &&
            (cgroups.contains('/' + kernelName + '\n') || cgroups.contains('/' + kernelName + '/'));
    }

    private static String[] stat(final Path process)
    {
        final String stat = text(process.resolve("stat"));
        return null == stat || stat.isEmpty() ? null : stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    }

    private static Path process(final int pid)
    {
        return PROC.resolve(Integer.toString(pid));
    }

    private static String text(final Path file)
    {
        try
        {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        }
        catch (final IOException e)
        {
            return null;
        }
    }
}
