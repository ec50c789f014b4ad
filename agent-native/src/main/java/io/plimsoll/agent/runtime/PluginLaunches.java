package io.plimsoll.agent.runtime;

import io.plimsoll.agent.allocation.Seat;
import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.KernelDirectory;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.agent.plugin.KernelState;
import io.plimsoll.agent.plugin.PluginKernel;
import io.plimsoll.agent.terminal.KernelTerminal;
import io.plimsoll.agent.terminal.TerminalException;
import io.plimsoll.agent.terminal.TerminalRequest;
import io.plimsoll.transport.LaunchSpec;
import io.plimsoll.transport.LaunchSpecCodec;
import io.plimsoll.transport.sbe.ReportReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What all kernels of plugins have in common with those of processes: seats, ports, cgroups, environment, and the
 * marker in their directories. Of the agent's thread, but for {@link #bound}.
 */
final class PluginLaunches
{
    private static final String CPUS = "cpus";
    private static final String SINCE = "since";

    private final ProcessKernelRuntime processes;
    private final Path kernels;
    private final PursuedKernels pursued;
    private final Function<KernelKey, Path> leaseFile;

    /**
     * Beside processes.
     *
     * @param processes runtime with which all that the host has is shared.
     * @param kernels   directory of the kernels' directories.
     * @param leaseFile of the cluster of a kernel.
     */
    PluginLaunches(
        final ProcessKernelRuntime processes, final Path kernels, final Function<KernelKey, Path> leaseFile)
    {
        this.processes = processes;
        this.kernels = kernels;
        this.leaseFile = leaseFile;
        pursued = new PursuedKernels(kernels.resolveSibling("pursued"));
    }

    long logBytesMax()
    {
        return processes.logBytesMax();
    }

    PursuedKernels pursued()
    {
        return pursued;
    }

    /** One that has nothing, and so is refused. */
    PluginRuntimeKernel bare(final Assignment assignment)
    {
        return new PluginRuntimeKernel(
            assignment, KernelDirectory.of(kernels, assignment.key()), Seat.NONE, Map.of());
    }

    PluginRuntimeKernel prepare(final KernelLaunch launch, final String runtime, final long nowNs) throws IOException
    {
        final Assignment assignment = launch.assignment();
        final Path directory = KernelDirectory.of(kernels, assignment.key());
        final Map<Integer, Integer> ports =
            processes.ports().acquire(directory, launch.spec().container().ports(), nowNs);
        if (null == ports)
        {
            throw new IOException("this agent has no free port for the kernel now");
        }
        try
        {
            return seated(assignment, directory, runtime, ports);
        }
        catch (final IOException e)
        {
            // Its seat is left by its key, as of any that is refused; of the ports nobody else knows.
            processes.ports().release(ports.keySet(), nowNs);
            throw e;
        }
    }

    private PluginRuntimeKernel seated(
        final Assignment assignment, final Path directory, final String runtime, final Map<Integer, Integer> ports)
        throws IOException
    {
        final Seat seat = processes.seating().take(assignment, directory);
        Files.writeString(directory.resolve(CPUS), CpuList.format(seat.cpus()) + "\n");
        Files.writeString(directory.resolve(KernelDirectory.RUNTIME), runtime + "\n");
        processes.scratch().create(directory);
        final PluginRuntimeKernel kernel = new PluginRuntimeKernel(assignment, directory, seat, ports);
        kernel.cgroup = processes.createCgroup(assignment, seat);
        kernel.told = describe(kernel);
        return kernel;
    }

    /** Gives whether this call made the marker, so that nobody else starts it. */
    boolean mark(final PluginRuntimeKernel kernel)
    {
        try
        {
            Files.writeString(
                kernel.directory.resolve(KernelDirectory.STARTED), ProcessHandle.current().pid() + "\n",
                StandardCharsets.US_ASCII, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            return true;
        }
        catch (final IOException e)
        {
            return false;
        }
    }

    boolean isForestalled(final PluginRuntimeKernel kernel)
    {
        return KernelFiles.FORESTALLED == KernelFiles.number(kernel.directory, KernelDirectory.STARTED);
    }

    boolean forestall(final KernelKey key)
    {
        return processes.forestall(key);
    }

    /** Null: it never started. */
    PluginRuntimeKernel adopt(final Assignment assignment)
    {
        final Path directory = KernelDirectory.of(kernels, assignment.key());
        if (!KernelFiles.exists(directory, KernelDirectory.STARTED))
        {
            return null;
        }
        final String cpus = KernelFiles.line(directory, CPUS);
        final Seat seat =
            processes.seating().claim(assignment, directory, CpuList.parse(null == cpus ? "" : cpus));
        final PluginRuntimeKernel kernel = new PluginRuntimeKernel(
            assignment, directory, seat, processes.ports().claim(directory));
        kernel.cgroup = KernelCgroup.of(KernelFiles.text(directory.resolve(KernelDirectory.CGROUPS)));
        kernel.told = describe(kernel);
        kernel.kept = kept(directory);
        return kernel;
    }

    PluginKernel describe(final PluginRuntimeKernel kernel)
    {
        final Assignment assignment = kernel.assignment;
        final LaunchSpec spec = LaunchSpecCodec.decode(assignment.spec());
        final LaunchEnvironment environment = processes.environment();
        final Path lease = assignment.restartOnLoss() ? leaseFile.apply(kernel.key) : null;
        final Map<String, String> variables = null == spec.image() ?
            environment.variables(new KernelLaunch(assignment, spec, lease), kernel.seat) :
            environment.ofContainer(assignment, spec, kernel.seat);
        final Path work = kernel.directory.resolve(KernelDirectory.WORK).toAbsolutePath();
        variables.put("PLIMSOLL_PORTS", ServicePorts.text(kernel.ports));
        variables.put("PLIMSOLL_SCRATCH", work.toString());
        return new PluginKernel(
            kernel.key.directoryName(),
            kernel.directory.toAbsolutePath(),
            kernel.directory.resolve(KernelDirectory.STDOUT).toAbsolutePath(),
            kernel.directory.resolve(KernelDirectory.STDERR).toAbsolutePath(),
            spec.command(),
            Map.copyOf(variables),
            null == spec.cwd() ? work : Path.of(spec.cwd()),
            spec.image(),
            new PluginKernel.Limits(
                assignment.cpuMillis(),
                CpuList.format(kernel.seat.cpus()),
                CpuList.format(kernel.seat.memoryNodes()),
                assignment.memoryBytes(),
                kernel.seat.deviceIds(),
                environment.access(kernel.seat),
                null == kernel.cgroup ? List.of() : kernel.cgroup.entrances().lines().map(Path::of).toList()),
            Map.copyOf(kernel.ports),
            lease);
    }

    /** Does something that starts processes, which are born on the kernel's cores and memory. Any thread. */
    void bound(final PluginRuntimeKernel kernel, final Start start) throws IOException
    {
        final CpuAffinity affinity = new CpuAffinity();
        final MemoryPolicy memoryPolicy = new MemoryPolicy();
        final boolean isBound = affinity.bind(kernel.seat.cpus());
        if (isBound)
        {
            memoryPolicy.prefer(kernel.seat);
        }
        try
        {
            start.run();
        }
        finally
        {
            if (isBound)
            {
                memoryPolicy.release();
                affinity.release();
            }
        }
    }

    /** When it was first seen to run, by whichever life of the agent. */
    long since(final PluginRuntimeKernel kernel, final long nowNs)
    {
        final long before = KernelFiles.number(kernel.directory, SINCE, 0);
        if (before >= 0)
        {
            return before;
        }
        try
        {
            Files.writeString(kernel.directory.resolve(SINCE), nowNs + "\n");
            return nowNs;
        }
        catch (final IOException e)
        {
            // A full disk costs the next life of the agent this, and nothing else.
            return nowNs;
        }
    }

    /** Keeps how it ended for the next life of the agent; false: that cannot be done now. */
    boolean keepEnd(final PluginRuntimeKernel kernel)
    {
        try
        {
            Files.writeString(
                kernel.directory.resolve(KernelDirectory.EXIT), kernel.state.exitCode() + " - .\n");
            return true;
        }
        catch (final IOException e)
        {
            return false;
        }
    }

    /** The end that an earlier life of the agent kept; null: none. */
    private static KernelState kept(final Path directory)
    {
        final String[] exit = KernelFiles.exit(directory);
        return null == exit ? null : KernelState.ended(Integer.parseInt(exit[0]), "");
    }

    KernelEnd end(final PluginRuntimeKernel kernel)
    {
        final KernelState state = kernel.state;
        final String outOfMemory = 0 == state.exitCode() || null == kernel.cgroup ?
            null : kernel.cgroup.outOfMemory(kernel.assignment.memoryBytes());
        if (KernelState.Phase.OUT_OF_MEMORY == state.phase() || null != outOfMemory)
        {
            return KernelEnd.ended(
                ReportReason.OUT_OF_MEMORY, state.exitCode(), null == outOfMemory ? state.detail() : outOfMemory);
        }
        final KernelEnd end = KernelEnd.exited(state.exitCode());
        return null == state.detail() || state.detail().isEmpty() ? end :
            KernelEnd.ended(end.reason(), state.exitCode(), state.detail());
    }

    void leave(final PluginRuntimeKernel kernel, final long nowNs)
    {
        processes.seating().leave(kernel.key);
        processes.ports().release(kernel.ports.keySet(), nowNs);
        processes.scratch().ended(kernel.directory, nowNs);
        if (null != kernel.cgroup)
        {
            kernel.cgroup.tryRemove();
        }
    }

    /** A command beside it, behind the words that its runtime wants. */
    KernelTerminal openTerminal(
        final PluginRuntimeKernel kernel, final TerminalRequest request, final long nowNs) throws TerminalException
    {
        final ProcessKernel beside = new ProcessKernel(kernel.assignment, kernel.directory, kernel.seat, nowNs);
        beside.workloadPid = kernel.state.pid();
        beside.cgroup = kernel.cgroup;
        final List<String> command = new ArrayList<>(kernel.state.entrance());
        command.addAll(request.command());
        return processes.openBeside(beside, new TerminalRequest(
            command, request.variables(), request.directory(), request.user(), request.tty(), request.input(),
            request.rows(), request.columns()));
    }

    /** Starts a kernel. */
    @FunctionalInterface
    interface Start
    {
        void run() throws IOException;
    }
}
