package io.plimsoll.agent.runtime;

import io.plimsoll.agent.kernel.KernelDirectory;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what earlier lives of this agent left and no kernel accounts for: supervisors that run this agent's script,
 * processes in cgroups of its kernels, directories of kernels that were started but whose assignment cannot be read. It
 * looks twice, some seconds apart, since what is just about to end is none. Of the agent's thread.
 */
final class Leftovers
{
    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);
    private static final long SECOND_LOOK_NS = TimeUnit.SECONDS.toNanos(5);

    private final Path kernels;
    private final Trash trash;
    private final String script;
    private final KernelCgroups cgroups;
    private final boolean removes;
    private final Predicate<String> isHeld;
    private Set<String> firstLook;
    private long dueNs = Long.MIN_VALUE;

    /**
     * Prepares the looks.
     *
     * @param options of the runtime.
     * @param trash   for directories.
     * @param script  of this agent's supervisors.
     * @param cgroups of its kernels.
     * @param isHeld  whether a kernel of that name is accounted for.
     */
    Leftovers(
        final ProcessRuntimeOptions options,
        final Trash trash,
        final String script,
        final KernelCgroups cgroups,
        final Predicate<String> isHeld)
    {
        this.kernels = options.kernels();
        this.trash = trash;
        this.script = script;
        this.cgroups = cgroups;
        this.isHeld = isHeld;
        removes = DockerOptions.LeftoverPolicy.REMOVE == options.process().leftovers();
    }

    /** After the kernels of earlier lives were adopted. */
    int poll(final long nowNs)
    {
        if (nowNs < dueNs)
        {
            return 0;
        }
        final Map<Integer, String> supervisors = ProcessTable.supervisors(script);
        final Set<String> found = find(supervisors);
        if (null == firstLook)
        {
            firstLook = found;
            dueNs = found.isEmpty() ? Long.MAX_VALUE : nowNs + SECOND_LOOK_NS;
            return 1;
        }
        dueNs = Long.MAX_VALUE;
        found.retainAll(firstLook);
        for (final String name : found)
        {
            LOG.warn("{} is of this agent, but of no kernel that it knows{}",
                describe(name, supervisors), removes ? "; removing it" : "; it is left alone");
            if (removes)
            {
                remove(name, supervisors);
            }
        }
        return 1;
    }

    private Set<String> find(final Map<Integer, String> supervisors)
    {
        final Set<String> found = new TreeSet<>(supervisors.values());
        for (final String name : cgroups.kernels())
        {
            if (!isHeld.test(name))
            {
                final KernelCgroup cgroup = cgroups.find(name);
                if (null != cgroup && cgroup.isInhabited())
                {
                    found.add(name);
                }
                else if (null != cgroup)
                {
                    cgroup.tryRemove();
                }
            }
        }
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(kernels, Leftovers::isUnreadable))
        {
            directories.forEach(directory -> found.add(directory.getFileName().toString()));
        }
        catch (final IOException e)
        {
            LOG.warn("cannot read {}: {}", kernels, e.toString());
        }
        found.removeIf(isHeld);
        return found;
    }

    /** The store has left it, because it was started, and could not make an assignment of it. */
    private static boolean isUnreadable(final Path directory)
    {
        return Files.exists(directory.resolve(KernelDirectory.UNREADABLE));
    }

    private String describe(final String name, final Map<Integer, String> supervisors)
    {
        final Map<Integer, String> own = new TreeMap<>(supervisors);
        own.values().removeIf(other -> !other.equals(name));
        return "kernel " + name + " (supervisors " + own.keySet() +
            (Files.isDirectory(kernels.resolve(name)) ? ", directory " + kernels.resolve(name) : "") + ")";
    }

    private void remove(final String name, final Map<Integer, String> supervisors)
    {
        final Path directory = kernels.resolve(name);
        final int pid = KernelFiles.number(directory, KernelDirectory.PID);
        final long born = KernelFiles.number(directory, KernelDirectory.PID, 1);
        // First those who would tell of its end.
        supervisors.forEach((supervisor, kernel) ->
        {
            if (kernel.equals(name) && ProcessTable.isSupervisor(supervisor, name))
            {
                Libc.kill(supervisor, Libc.SIGKILL);
            }
        });
        if (pid > 0 && born >= 0 && born == ProcessTable.born(pid))
        {
            Libc.kill(-pid, Libc.SIGKILL);
        }
        final KernelCgroup cgroup = cgroups.find(name);
        if (null != cgroup)
        {
            cgroup.killAll();
        }
        if (Files.isDirectory(directory) && isUnreadable(directory))
        {
            trash.add(directory, name);
        }
    }
}
