package io.plimsoll.agent.runtime;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits of kernels: cgroups below one of this agent's, below the one that the agent itself is in. Each controller is
 * taken where it is, in version 2 or in a hierarchy of version 1. What is not permitted is left out, and
 * {@link #notes()} says so. One thread.
 */
final class KernelCgroups
{
    private static final Logger LOG = LoggerFactory.getLogger(KernelCgroups.class);

    /** By importance; what is not delegated of the last ones is nothing that people have to know. */
    private static final Map<String, String> WANTED = new LinkedHashMap<>();
    /** What only counts; where it is mounted together with the controller cpu, it keeps off real-time processes. */
    private static final String COUNTING = "";

    static
    {
        WANTED.put("pids", "no limit of processes");
        WANTED.put("memory", "no memory limits");
        WANTED.put("cpuset", "kernels are able to leave their cores");
        WANTED.put("cpuacct", COUNTING);
    }

    private final List<CgroupHierarchy> hierarchies;
    private final List<String> notes;

    private KernelCgroups(final List<CgroupHierarchy> hierarchies, final List<String> notes)
    {
        this.hierarchies = hierarchies;
        this.notes = notes;
    }

    /**
     * Looks what the host allows.
     *
     * @param name     of the agent's own cgroup, unlike that of any other agent of this host.
     * @param realTime whether kernels may be in real-time classes.
     * @return what there is.
     */
    static KernelCgroups detect(final String name, final boolean realTime)
    {
        try
        {
            return detect(
                Files.readAllLines(Path.of("/proc/self/mountinfo")),
                Files.readAllLines(Path.of("/proc/self/cgroup")),
                name,
                realTime);
        }
        catch (final IOException e)
        {
            return new KernelCgroups(List.of(), List.of("no memory limits, no limit of processes: " + e));
        }
    }

    /** The same, told what {@code /proc/self} says. */
    static KernelCgroups detect(
        final List<String> mounts, final List<String> memberships, final String name, final boolean realTime)
    {
        final Map<CgroupHierarchy.Place, Set<String>> places = new LinkedHashMap<>();
        final List<String> notes = new ArrayList<>();
        for (final String controller : WANTED.keySet())
        {
            final boolean unwanted = realTime && COUNTING.equals(WANTED.get(controller));
            final CgroupHierarchy.Place place = unwanted ? null : place(mounts, memberships, controller);
            if (null != place)
            {
                places.computeIfAbsent(place, key -> new LinkedHashSet<>()).add(controller);
            }
            else
            {
                note(notes, controller, "this host has no controller for it");
            }
        }
        final List<CgroupHierarchy> hierarchies = new ArrayList<>();
        places.forEach((place, wanted) ->
        {
            String why = "not delegated below " + place.own();
            final Set<String> missing = new LinkedHashSet<>(wanted);
            try
            {
                final CgroupHierarchy hierarchy = CgroupHierarchy.open(place, name, wanted);
                missing.removeAll(hierarchy.controllers());
                hierarchies.add(hierarchy);
            }
            catch (final IOException e)
            {
                why = "the agent may not make cgroups below " + place.own() + " (" + e + ")";
            }
            for (final String controller : missing)
            {
                note(notes, controller, why);
            }
        });
        return new KernelCgroups(hierarchies, notes);
    }

    private static void note(final List<String> notes, final String controller, final String why)
    {
        final String what = WANTED.get(controller);
        if (!COUNTING.equals(what))
        {
            notes.add(what + ": " + why);
        }
    }

    /** What cannot be limited here, and why. */
    List<String> notes()
    {
        return notes;
    }

    /**
     * Makes the cgroups of a kernel.
     *
     * @param kernelName of the kernel.
     * @param limits     of it; what cannot be limited here is not.
     * @return to enter; null: there are none here.
     * @throws IOException if they cannot be made.
     */
    KernelCgroup create(final String kernelName, final CgroupLimits limits) throws IOException
    {
        final Map<String, Path> byController = new LinkedHashMap<>();
        for (final CgroupHierarchy hierarchy : hierarchies)
        {
            final Path cgroup = hierarchy.create(kernelName);
            hierarchy.limit(cgroup, limits);
            hierarchy.controllers().forEach(controller -> byController.put(controller, cgroup));
        }
        return byController.isEmpty() ? null : new KernelCgroup(byController);
    }

    /** Cgroups that an earlier life of the agent made; null: none. */
    KernelCgroup find(final String kernelName)
    {
        final Map<String, Path> byController = new LinkedHashMap<>();
        for (final CgroupHierarchy hierarchy : hierarchies)
        {
            final Path cgroup = hierarchy.parent().resolve(kernelName);
            if (Files.isDirectory(cgroup))
            {
                hierarchy.controllers().forEach(controller -> byController.put(controller, cgroup));
            }
        }
        return byController.isEmpty() ? null : new KernelCgroup(byController);
    }

    /** Names of all kernels that have cgroups. */
    Set<String> kernels()
    {
        final Set<String> names = new TreeSet<>();
        for (final CgroupHierarchy hierarchy : hierarchies)
        {
            try (DirectoryStream<Path> cgroups = Files.newDirectoryStream(hierarchy.parent(), Files::isDirectory))
            {
                cgroups.forEach(cgroup -> names.add(cgroup.getFileName().toString()));
            }
            catch (final IOException e)
            {
                LOG.debug("none below {}: {}", hierarchy.parent(), e.toString());
            }
        }
        return names;
    }

    /** Removes the agent's own cgroups, if nothing is in them. */
    void remove()
    {
        hierarchies.forEach(hierarchy -> KernelCgroup.tryRemove(hierarchy.parent()));
    }

    /** Where a controller is; of version 2 if it is there. Null: nowhere. */
    private static CgroupHierarchy.Place place(
        final List<String> mounts, final List<String> memberships, final String controller)
    {
        final CgroupHierarchy.Place unified = find(mounts, memberships, controller, true);
        if (null != unified && controllers(unified.own()).contains(controller))
        {
            return unified;
        }
        return find(mounts, memberships, controller, false);
    }

    private static CgroupHierarchy.Place find(
        final List<String> mounts, final List<String> memberships, final String controller, final boolean version2)
    {
        for (final String mount : mounts)
        {
            // id parent major:minor root mountpoint options ... - type source superoptions
            final String[] fields = mount.split(" ");
            final String[] kind = mount.substring(mount.indexOf(" - ") + 3).split(" ");
            final boolean fits = version2 ? "cgroup2".equals(kind[0]) :
                "cgroup".equals(kind[0]) && List.of(kind[kind.length - 1].split(",")).contains(controller);
            final String membership = fits ? membership(memberships, controller, version2) : null;
            if (null != membership)
            {
                final Path root = Path.of(fields[4]);
                final Path own = own(root, fields[3], membership);
                // A process is in one cgroup of version 2: all controllers come from there, or all from the root.
                final boolean usable = !version2 || !controllers(own).isEmpty();
                return new CgroupHierarchy.Place(usable ? own : root, root, version2);
            }
        }
        return null;
    }

    private static Set<String> controllers(final Path cgroup)
    {
        final Set<String> controllers =
            new LinkedHashSet<>(CgroupHierarchy.words(cgroup.resolve("cgroup.controllers")));
        controllers.retainAll(WANTED.keySet());
        return controllers;
    }

    private static String membership(
        final List<String> memberships, final String controller, final boolean version2)
    {
        for (final String line : memberships)
        {
            final String[] fields = line.split(":", 3);
            if (version2 ? fields[1].isEmpty() : List.of(fields[1].split(",")).contains(controller))
            {
                return fields[2];
            }
        }
        return null;
    }

    /** In a container the membership may be told from the host's root, or from the mount's. */
    private static Path own(final Path mountPoint, final String root, final String membership)
    {
        final String below = !"/".equals(root) && membership.startsWith(root) ?
            membership.substring(root.length()) : membership;
        final Path place = mountPoint.resolve(below.startsWith("/") ? below.substring(1) : below);
        return Files.isDirectory(place) ? place : mountPoint;
    }
}
