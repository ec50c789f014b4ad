package io.plimsoll.agent.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Memory limits of kernels: one cgroup each, below one of this agent's, below the one that the agent itself is in.
 * Version 2 where its memory controller can be handed down, else version 1. Where neither is permitted there are no
 * limits, and {@link #note()} says why. One thread.
 */
final class MemoryCgroups
{
    private static final String MEMORY = "memory";
    private static final String PROCS = "cgroup.procs";
    private static final String SUBTREE = "cgroup.subtree_control";

    private final Path parent;
    private final boolean version2;
    private final String note;

    private MemoryCgroups(final Path parent, final boolean version2, final String note)
    {
        this.parent = parent;
        this.version2 = version2;
        this.note = note;
    }

    /**
     * Looks what the host allows.
     *
     * @param name of the agent's own cgroup, unlike that of any other agent of this host.
     * @return limits, or none with the reason.
     */
    static MemoryCgroups detect(final String name)
    {
        try
        {
            return detect(
                Files.readAllLines(Path.of("/proc/self/mountinfo")),
                Files.readAllLines(Path.of("/proc/self/cgroup")),
                name);
        }
        catch (final IOException e)
        {
            return none("no memory limits: " + e);
        }
    }

    /** The same, told what {@code /proc/self} says. */
    static MemoryCgroups detect(final List<String> mounts, final List<String> memberships, final String name)
    {
        String why = "no memory limits: this host has no memory controller";
        for (final boolean version2 : new boolean[]{true, false})
        {
            final Path own = own(mounts, memberships, version2);
            if (null == own || version2 && !controllers(own).contains(MEMORY))
            {
                continue;
            }
            try
            {
                final MemoryCgroups cgroups = new MemoryCgroups(
                    version2 ? delegate(own, name) : Files.createDirectories(own.resolve(name)), version2, null);
                cgroups.handDown(cgroups.parent);
                return cgroups;
            }
            catch (final IOException e)
            {
                why = "no memory limits: the agent may not make cgroups below " + own + " (" + e + ")";
            }
        }
        return none(why);
    }

    static MemoryCgroups none(final String note)
    {
        return new MemoryCgroups(null, false, note);
    }

    /** Why there are no limits; null: there are. */
    String note()
    {
        return note;
    }

    /**
     * Makes a limit.
     *
     * @param kernelName of the kernel.
     * @param bytes      limit.
     * @return cgroup for it.
     * @throws IOException if it cannot be made.
     */
    Path create(final String kernelName, final long bytes) throws IOException
    {
        final Path cgroup = parent.resolve(kernelName);
        if (!Files.isDirectory(parent))
        {
            // Tidied away by somebody.
            Files.createDirectory(parent);
            handDown(parent);
        }
        if (!Files.isDirectory(cgroup))
        {
            Files.createDirectory(cgroup);
        }
        write(cgroup.resolve(version2 ? "memory.max" : "memory.limit_in_bytes"), Long.toString(bytes));
        final Path swap = cgroup.resolve(version2 ? "memory.swap.max" : "memory.memsw.limit_in_bytes");
        if (Files.exists(swap))
        {
            write(swap, version2 ? "0" : Long.toString(bytes));
        }
        return cgroup;
    }

    /** Cgroup that an earlier life of the agent made; null: none. */
    Path find(final String kernelName)
    {
        final Path cgroup = null == parent ? null : parent.resolve(kernelName);
        return null != cgroup && Files.isDirectory(cgroup) ? cgroup : null;
    }

    /** Where a process enters. */
    static Path entrance(final Path cgroup)
    {
        return cgroup.resolve(PROCS);
    }

    /** Whether the system had to kill in it for want of memory. */
    boolean ranOut(final Path cgroup)
    {
        for (final String line : lines(cgroup.resolve(version2 ? "memory.events" : "memory.oom_control")))
        {
            if (line.startsWith("oom_kill "))
            {
                return !line.endsWith(" 0");
            }
        }
        return false;
    }

    /** Kills whoever is in it. Gives whether nobody was. */
    static boolean killAll(final Path cgroup)
    {
        final List<String> pids = lines(entrance(cgroup));
        for (final String pid : pids)
        {
            Libc.kill(Integer.parseInt(pid), Libc.SIGKILL);
        }
        return pids.isEmpty();
    }

    /** Removes it, if it is empty. */
    static boolean tryRemove(final Path cgroup)
    {
        try
        {
            Files.deleteIfExists(cgroup);
            return true;
        }
        catch (final IOException e)
        {
            return false;
        }
    }

    /**
     * Hands the controller down. A cgroup that has processes may not have children with controllers, so the agent moves
     * to a leaf beside them.
     */
    private static Path delegate(final Path own, final String name) throws IOException
    {
        final Path parent = own.resolve(name);
        if (!Files.readString(own.resolve(SUBTREE)).contains(MEMORY))
        {
            final Path leaf = Files.createDirectories(own.resolve("plimsoll-agent"));
            write(leaf.resolve(PROCS), "0");
            write(own.resolve(SUBTREE), "+memory");
        }
        Files.createDirectories(parent);
        return parent;
    }

    private void handDown(final Path cgroup) throws IOException
    {
        if (version2)
        {
            write(cgroup.resolve(SUBTREE), "+memory");
        }
    }

    private static String controllers(final Path own)
    {
        return String.join(" ", lines(own.resolve("cgroup.controllers")));
    }

    /** Where the hierarchy is mounted, and this process's place in it; null: it is not mounted. */
    private static Path own(final List<String> mounts, final List<String> memberships, final boolean version2)
    {
        for (final String mount : mounts)
        {
            // id parent major:minor root mountpoint options ... - type source superoptions
            final String[] fields = mount.split(" ");
            final int dash = mount.indexOf(" - ");
            final String[] kind = mount.substring(dash + 3).split(" ");
            final boolean fits = version2 ? "cgroup2".equals(kind[0]) :
                "cgroup".equals(kind[0]) && List.of(kind[kind.length - 1].split(",")).contains(MEMORY);
            if (fits)
            {
                final String membership = membership(memberships, version2);
                if (null != membership)
                {
                    return place(Path.of(fields[4]), fields[3], membership);
                }
            }
        }
        return null;
    }

    private static String membership(final List<String> memberships, final boolean version2)
    {
        for (final String line : memberships)
        {
            final String[] fields = line.split(":", 3);
            if (version2 ? fields[1].isEmpty() : List.of(fields[1].split(",")).contains(MEMORY))
            {
                return fields[2];
            }
        }
        return null;
    }

    /** In a container the membership may be told from the host's root, or from the mount's. */
    private static Path place(final Path mountPoint, final String root, final String membership)
    {
        final String below = !"/".equals(root) && membership.startsWith(root) ?
            membership.substring(root.length()) : membership;
        final Path place = mountPoint.resolve(below.startsWith("/") ? below.substring(1) : below);
        return Files.isDirectory(place) ? place : mountPoint;
    }

    private static List<String> lines(final Path file)
    {
        try
        {
            return Files.readAllLines(file);
        }
        catch (final IOException e)
        {
            return List.of();
        }
    }

    private static void write(final Path file, final String value) throws IOException
    {
        Files.write(file, value.getBytes(StandardCharsets.US_ASCII));
    }

    /** Removes the agent's own cgroup, if nothing is in it. */
    void remove()
    {
        if (null != parent)
        {
            tryRemove(parent);
        }
    }

    /** Removes what earlier lives left empty; kernels that live on keep theirs. */
    void sweep()
    {
        if (null != parent)
        {
            try (DirectoryStream<Path> cgroups = Files.newDirectoryStream(parent, Files::isDirectory))
            {
                for (final Path cgroup : cgroups)
                {
                    tryRemove(cgroup);
                }
            }
            catch (final IOException e)
            {
                throw new IllegalStateException("cannot read " + parent, e);
            }
        }
    }
}
