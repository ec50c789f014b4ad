package io.plimsoll.agent.runtime;

import io.plimsoll.agent.allocation.Seat;
import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.SlotGrant;
import io.plimsoll.transport.ContainerSpec;
import io.plimsoll.transport.LaunchSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes of a kernel the container that it shall run in, and the directories that this takes. Looks at file systems that
 * may be slow, so it is not called on the agent's thread. Thread-safe.
 */
final class ContainerPlanner
{
    /** Where the kernel's own directory is seen in a container. */
    static final String SCRATCH = "/home/work";
    private static final Set<String> GPUS = Set.of("cuda.device", "cuda.shares");
    private static final Set<String> ROOT = Set.of("", "root", "0");
    private static final long CORE_MILLIS = 1000;
    /** Of each 100 ms, for each thousandth of a core. */
    private static final long QUOTA_US_PER_MILLI = 100;
    private static final long LOG_BYTES_MIN = 16L * 1024 * 1024;

    private final DockerOptions options;
    private final String agent;
    private final boolean pinning;
    private final long logBytesMax;
    private final LaunchEnvironment environment;
    private final ScratchDirectories scratch;

    ContainerPlanner(
        final DockerOptions options,
        final String agent,
        final boolean pinning,
        final long logBytesMax,
        final LaunchEnvironment environment,
        final ScratchDirectories scratch)
    {
        this.scratch = scratch;
        this.options = options;
        this.agent = agent;
        this.pinning = pinning;
        this.logBytesMax = logBytesMax;
        this.environment = environment;
    }

    /**
     * Plans it.
     *
     * @param kernel  to run.
     * @param network that it joins.
     * @param user    as whom it runs, by name or UID:GID; empty: root.
     * @return the container.
     * @throws IOException if it cannot be; the message is for people.
     */
    ContainerPlan plan(final DockerKernel kernel, final ContainerPlan.Network network, final String user)
        throws IOException
    {
        final LaunchSpec spec = kernel.spec;
        final String cpus = CpuList.format(kernel.seat.cpus());
        final Map<String, String> labels = ContainerLabels.of(kernel.assignment, agent, cpus);
        final String ports = ServicePorts.text(network.published());
        labels.put(ContainerLabels.PORTS, ports);
        final Map<String, String> variables = environment.ofContainer(kernel.assignment, spec, kernel.seat);
        variables.put("PLIMSOLL_PORTS", ports);
        variables.put("PLIMSOLL_SCRATCH", SCRATCH);
        final List<ContainerPlan.Bind> binds = binds(kernel, user);
        if (kernel.assignment.kernelCount() > 1)
        {
            variables.put("PLIMSOLL_PEERS", ContainerPeers.INSIDE + '/' + ContainerPeers.FILE);
            final Path told = ContainerPeers.prepare(kernel.directory, kernel.assignment, ports);
            binds.add(new ContainerPlan.Bind(told.toAbsolutePath().toString(), ContainerPeers.INSIDE, true));
        }
        return new ContainerPlan(
            kernel.containerName,
            spec.image(),
            spec.command(),
            LaunchEnvironment.pairs(variables),
            labels,
            null == spec.container().user() ? "" : spec.container().user(),
            null == spec.cwd() ? SCRATCH : spec.cwd(),
            LaunchEnvironment.role(kernel.assignment.kernelIndex()),
            limits(kernel.assignment, spec, kernel.seat),
            binds,
            network,
            environment.access(kernel.seat),
            spec.stdinOf(kernel.assignment.kernelIndex()),
            spec.ttyOf(kernel.assignment.kernelIndex()));
    }

    private ContainerPlan.Limits limits(final Assignment assignment, final LaunchSpec spec, final Seat seat)
    {
        final boolean whole = pinning && 0 == assignment.cpuMillis() % CORE_MILLIS;
        final long logBytes = 0 == spec.logBytesMax() ? logBytesMax : spec.logBytesMax();
        return new ContainerPlan.Limits(
            CpuList.format(seat.cpus()),
            0 == assignment.memoryBytes() ? "" : CpuList.format(seat.memoryNodes()),
            whole ? 0 : assignment.cpuMillis() * QUOTA_US_PER_MILLI,
            assignment.memoryBytes(),
            spec.container().shmBytes(),
            options.pidsMax(),
            options.ulimits(),
            gpus(assignment, seat),
            Math.max(LOG_BYTES_MIN, 2 * logBytes));
    }

    private List<String> gpus(final Assignment assignment, final Seat seat)
    {
        final BitSet numbers = new BitSet();
        for (final SlotGrant slot : assignment.slots())
        {
            if (GPUS.contains(slot.name()))
            {
                numbers.or(Seating.numbers(slot, seat));
            }
        }
        final List<String> gpus = new ArrayList<>(numbers.stream().mapToObj(Integer::toString).toList());
        gpus.addAll(environment.slices(assignment, seat));
        return gpus;
    }

    private List<ContainerPlan.Bind> binds(final DockerKernel kernel, final String user) throws IOException
    {
        final List<ContainerPlan.Bind> binds = new ArrayList<>();
        final Path work = scratch.create(kernel.directory);
        own(work, user);
        binds.add(new ContainerPlan.Bind(work.toAbsolutePath().toString(), SCRATCH, false));
        for (final ContainerSpec.Mount mount : kernel.spec.container().mounts())
        {
            binds.add(new ContainerPlan.Bind(source(mount).toString(), mount.target(), mount.readOnly()));
        }
        return binds;
    }

    /** Links resolved, so that what is checked is what is mounted. */
    private Path source(final ContainerSpec.Mount mount) throws IOException
    {
        final Path source;
        try
        {
            source = Path.of(mount.source()).toRealPath();
        }
        catch (final IOException e)
        {
            throw new IOException("the mount source " + mount.source() + " is not there, or cannot be entered", e);
        }
        if (isBelow(source, options.mountsReadWrite()) || mount.readOnly() && isBelow(source, options.mountsReadOnly()))
        {
            if (source.toString().indexOf(':') >= 0)
            {
                throw new IOException("the mount source " + source + " has a colon in its name");
            }
            return source;
        }
        throw new IOException(
            "the mount source " + mount.source() + " may not be " + (mount.readOnly() ? "read" : "written to") +
                ": this agent allows " + allowed(mount.readOnly()));
    }

    private String allowed(final boolean readOnly)
    {
        final List<Path> roots = new ArrayList<>(options.mountsReadWrite());
        if (readOnly)
        {
            roots.addAll(options.mountsReadOnly());
        }
        return roots.isEmpty() ? "no directory of its host" : "what is below " + roots;
    }

    private static boolean isBelow(final Path source, final List<Path> roots)
    {
        for (final Path root : roots)
        {
            try
            {
                if (source.startsWith(root.toRealPath()))
                {
                    return true;
                }
            }
            catch (final IOException e)
            {
                // A root that is not there allows nothing.
                continue;
            }
        }
        return false;
    }

    /** The scratch directory is the user's; by a name, whose number only the image knows, it is everybody's. */
    private static void own(final Path work, final String user) throws IOException
    {
        final String[] parts = user.split(":", 2);
        if (ROOT.contains(parts[0]))
        {
            return;
        }
        final boolean numbers = user.matches("[0-9]{1,9}(:[0-9]{1,9})?");
        if (numbers && 0 == Libc.geteuid())
        {
            Files.setAttribute(work, "unix:uid", Integer.parseInt(parts[0]));
            if (parts.length > 1)
            {
                Files.setAttribute(work, "unix:gid", Integer.parseInt(parts[1]));
            }
        }
        else
        {
            Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxrwxrwx"));
        }
    }
}
