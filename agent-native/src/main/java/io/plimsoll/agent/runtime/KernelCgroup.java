package io.plimsoll.agent.runtime;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The cgroups of one kernel: one of version 2, or one for each controller of version 1. One thread. */
final class KernelCgroup
{
    static final String PIDS_MAX = "pids.max";
    private static final String PIDS = "pids";
    static final String MEMORY = "memory";
    private static final String KILL = "cgroup.kill";
    /** Version 1 does not say whose limit it was, and its counter of failures is not kept by all kernels. */
    private static final long NEAR_BYTES = 2 << 20;
    private static final String SEPARATOR = "\n";

    private final Map<String, Path> byController;
    private final List<Path> directories;

    /**
     * Names it.
     *
     * @param byController directories; at least one.
     */
    KernelCgroup(final Map<String, Path> byController)
    {
        this.byController = byController;
        directories = byController.values().stream().distinct().toList();
    }

    /** Takes up what {@link #text()} says; null: nothing, or nothing of it is there any more. */
    static KernelCgroup of(final String text)
    {
        final Map<String, Path> byController = new LinkedHashMap<>();
        if (null != text)
        {
            for (final String line : text.split(SEPARATOR))
            {
                final int space = line.indexOf(' ');
                final Path directory = Path.of(line.substring(space + 1));
                if (space > 0 && Files.isDirectory(directory))
                {
                    byController.put(line.substring(0, space), directory);
                }
            }
        }
        return byController.isEmpty() ? null : new KernelCgroup(byController);
    }

    /** For the next life of the agent, which may be in other cgroups itself: a controller and its directory a line. */
    String text()
    {
        final StringBuilder text = new StringBuilder();
        byController.forEach((controller, directory) ->
            text.append(controller).append(' ').append(directory).append(SEPARATOR));
        return text.toString();
    }

    /**
     * Directory in which a controller tells of the kernel, {@code memory} for example; null: there is none. On version
     * 2 all controllers have the same.
     */
    Path directory(final String controller)
    {
        return byController.get(controller);
    }

    /** Files that a process writes 0 to in order to enter, one a line. */
    String entrances()
    {
        final List<String> files = new ArrayList<>(directories.size());
        directories.forEach(directory -> files.add(directory.resolve(CgroupHierarchy.PROCS).toString()));
        return String.join(SEPARATOR, files);
    }

    /**
     * Puts a process into them, with all its threads.
     *
     * @param pid of it; 0: the calling one.
     * @throws IOException if it cannot be; it may be in some then.
     */
    void join(final int pid) throws IOException
    {
        for (final Path directory : directories)
        {
            CgroupHierarchy.write(directory.resolve(CgroupHierarchy.PROCS), Integer.toString(pid));
        }
    }

    /** What people should know if the system had to kill in it for want of memory; null: it had not. */
    String outOfMemory(final long limitBytes)
    {
        final Path directory = directory(MEMORY);
        if (null == directory)
        {
            return null;
        }
        final boolean version2 = Files.exists(directory.resolve("memory.events"));
        if (0 == count(directory.resolve(version2 ? "memory.events" : "memory.oom_control"), "oom_kill "))
        {
            return null;
        }
        final boolean own = limitBytes > 0 && (version2 ?
            0 != count(directory.resolve("memory.events"), "oom ") :
            count(directory.resolve("memory.max_usage_in_bytes"), "") + NEAR_BYTES >= limitBytes);
        return own ?
            "needed more memory than " + limitBytes + " bytes" :
            "was killed because its host, or what the agent may use of it, had no more memory";
    }

    private static long count(final Path file, final String name)
    {
        for (final String line : CgroupHierarchy.lines(file))
        {
            if (line.startsWith(name))
            {
                return Long.parseLong(line.substring(name.length()));
            }
        }
        return 0;
    }

    /** Whether anybody is in it. */
    boolean isInhabited()
    {
        return !members().isEmpty();
    }

    private List<String> members()
    {
        return CgroupHierarchy.lines(directories.get(0).resolve(CgroupHierarchy.PROCS));
    }

    /** Kills whoever is in it, faster than it can fork. Gives whether nobody was. */
    boolean killAll()
    {
        final List<String> members = members();
        if (members.isEmpty())
        {
            return true;
        }
        final Path pids = directory(PIDS);
        final Path kill = directories.get(0).resolve(KILL);
        try
        {
            if (null != pids)
            {
                CgroupHierarchy.write(pids.resolve(PIDS_MAX), "0");
            }
            if (Files.exists(kill))
            {
                CgroupHierarchy.write(kill, "1");
                return false;
            }
        }
        catch (final IOException e)
        {
            // One by one then.
            killEach(members);
            return false;
        }
        killEach(members);
        return false;
    }

    private static void killEach(final List<String> pids)
    {
        for (final String pid : pids)
        {
            Libc.kill(Integer.parseInt(pid), Libc.SIGKILL);
        }
    }

    /** Removes it, if it is empty. */
    boolean tryRemove()
    {
        boolean removed = true;
        for (final Path directory : directories)
        {
            removed &= tryRemove(directory) || tryRemoveTree(directory);
        }
        return removed;
    }

    static boolean tryRemove(final Path directory)
    {
        try
        {
            Files.deleteIfExists(directory);
            return true;
        }
        catch (final IOException e)
        {
            return false;
        }
    }

    /** With cgroups that the kernel has made below its own. */
    private static boolean tryRemoveTree(final Path directory)
    {
        try (DirectoryStream<Path> children = Files.newDirectoryStream(directory, Files::isDirectory))
        {
            for (final Path child : children)
            {
                killEach(CgroupHierarchy.lines(child.resolve(CgroupHierarchy.PROCS)));
                tryRemoveTree(child);
            }
        }
        catch (final IOException e)
        {
            return false;
        }
        return tryRemove(directory);
    }
}
