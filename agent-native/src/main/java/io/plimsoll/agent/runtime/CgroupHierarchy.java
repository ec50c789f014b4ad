package io.plimsoll.agent.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part of a mounted hierarchy of cgroups that this agent may use: one cgroup, below which each kernel has its own.
 * Version 2 has all its controllers in one hierarchy, version 1 usually one in each. One thread.
 *
 * @param parent      of the kernels' cgroups.
 * @param version2    whether it is of version 2.
 * @param controllers that it has, of those that were wanted.
 */
record CgroupHierarchy(Path parent, boolean version2, Set<String> controllers)
{
    private static final Logger LOG = LoggerFactory.getLogger(CgroupHierarchy.class);
    static final String PROCS = "cgroup.procs";
    private static final String SUBTREE = "cgroup.subtree_control";
    /** Beside the kernels: a cgroup that has processes may not have children with controllers. */
    private static final String AGENT = "plimsoll-agent";
    private static final String CPUS = "cpuset.cpus";
    private static final String MEMS = "cpuset.mems";

    /** Where a hierarchy is mounted, and which cgroup of it this process is in. */
    record Place(Path own, Path root, boolean version2)
    {
    }

    /**
     * Takes what it is permitted of a hierarchy.
     *
     * @param place  of this process.
     * @param name   of the agent's own cgroup, unlike that of any other agent of this host.
     * @param wanted controllers that are there.
     * @return with at least one controller.
     * @throws IOException if none can be had.
     */
    static CgroupHierarchy open(final Place place, final String name, final Set<String> wanted) throws IOException
    {
        if (!place.version2())
        {
            final Path parent = Files.createDirectories(place.own().resolve(name));
            final CgroupHierarchy hierarchy = new CgroupHierarchy(parent, false, wanted);
            hierarchy.inherit(parent);
            return hierarchy;
        }
        // An agent that is in the leaf already was started by one that is, or put there by the init system.
        final Path own = place.own().endsWith(AGENT) ? place.own().getParent() : place.own();
        try
        {
            return delegate(own, name, wanted);
        }
        catch (final IOException e)
        {
            // Somebody else lives in that cgroup; in that of the root everybody may, if this is the host's own.
            if (own.equals(place.root()))
            {
                throw e;
            }
            return delegate(place.root(), name, wanted);
        }
    }

    private static CgroupHierarchy delegate(final Path own, final String name, final Set<String> wanted)
        throws IOException
    {
        final Set<String> granted = new LinkedHashSet<>(words(own.resolve(SUBTREE)));
        granted.retainAll(wanted);
        if (!granted.containsAll(wanted))
        {
            enable(own, wanted, granted);
        }
        final CgroupHierarchy hierarchy =
            new CgroupHierarchy(Files.createDirectories(own.resolve(name)), true, granted);
        hierarchy.handDown();
        return hierarchy;
    }

    private static void enable(final Path own, final Set<String> wanted, final Set<String> granted) throws IOException
    {
        final Path leaf = Files.createDirectories(own.resolve(AGENT));
        write(leaf.resolve(PROCS), "0");
        IOException failure = null;
        for (final String controller : wanted)
        {
            try
            {
                write(own.resolve(SUBTREE), "+" + controller);
                granted.add(controller);
            }
            catch (final IOException e)
            {
                failure = e;
            }
        }
        if (granted.isEmpty() && null != failure)
        {
            write(own.resolve(PROCS), "0");
            Files.deleteIfExists(leaf);
            throw failure;
        }
    }

    /** So that the kernels' cgroups have the controllers; again if somebody tidied the parent away. */
    private void handDown() throws IOException
    {
        for (final String controller : version2 ? controllers : Set.<String>of())
        {
            write(parent.resolve(SUBTREE), "+" + controller);
        }
    }

    /** In version 1 a new cpuset has no cores and no memory nodes, and nobody can enter it. */
    private void inherit(final Path cgroup) throws IOException
    {
        if (!version2 && controllers.contains("cpuset"))
        {
            for (final String file : List.of(CPUS, MEMS))
            {
                write(cgroup.resolve(file), Files.readString(cgroup.resolveSibling(file)).strip());
            }
        }
    }

    /** Makes the cgroup of a kernel, without limits. */
    Path create(final String kernelName) throws IOException
    {
        if (!Files.isDirectory(parent))
        {
            Files.createDirectory(parent);
            inherit(parent);
            handDown();
        }
        final Path cgroup = parent.resolve(kernelName);
        if (!Files.isDirectory(cgroup))
        {
            Files.createDirectory(cgroup);
            inherit(cgroup);
        }
        return cgroup;
    }

    /** Limits a kernel as far as the controllers here can. */
    void limit(final Path cgroup, final CgroupLimits limits) throws IOException
    {
        if (controllers.contains("memory") && limits.memoryBytes() > 0)
        {
            final String bytes = Long.toString(limits.memoryBytes());
            write(cgroup.resolve(version2 ? "memory.max" : "memory.limit_in_bytes"), bytes);
            final Path swap = cgroup.resolve(version2 ? "memory.swap.max" : "memory.memsw.limit_in_bytes");
            if (Files.exists(swap))
            {
                write(swap, version2 ? "0" : bytes);
            }
        }
        if (controllers.contains("pids") && limits.pidsMax() > 0)
        {
            write(cgroup.resolve(KernelCgroup.PIDS_MAX), Long.toString(limits.pidsMax()));
        }
        if (controllers.contains("cpuset") && !limits.cpus().isEmpty())
        {
            confine(cgroup, limits.cpus());
        }
    }

    /** A core that was taken from the agent meanwhile costs no kernel: it is bound as far as it can be. */
    private static void confine(final Path cgroup, final BitSet cpus)
    {
        try
        {
            write(cgroup.resolve(CPUS), CpuList.format(cpus));
        }
        catch (final IOException e)
        {
            LOG.warn("{} cannot be confined to the cores {}: {}", cgroup, CpuList.format(cpus), e.toString());
        }
    }

    static List<String> lines(final Path file)
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

    static List<String> words(final Path file)
    {
        final List<String> words = new ArrayList<>();
        lines(file).forEach(line -> words.addAll(List.of(line.strip().split(" "))));
        return words;
    }

    static void write(final Path file, final String value) throws IOException
    {
        Files.write(file, value.getBytes(StandardCharsets.US_ASCII));
    }
}
