package io.plimsoll.agent.runtime;

import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.KernelDirectory;
import io.plimsoll.transport.StdinMode;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts supervisors: makes what a kernel needs of this host, and sets on the calling thread what the kernel is to be
 * born with. Of the thread that made it.
 */
final class ProcessLauncher
{
    private static final Logger LOG = LoggerFactory.getLogger(ProcessLauncher.class);
    private static final long CORE_MILLIS = 1000;
    private static final String NONE = "-";

    private final ProcessRuntimeOptions options;
    private final SupervisorScript script;
    private final ServicePorts ports;
    private final KernelCgroups cgroups;
    private final ScratchDirectories scratch;
    private final CpuAffinity affinity;
    private final LaunchEnvironment environment;
    private final ProcessSpawner spawner = new ProcessSpawner();
    private final MemoryPolicy memoryPolicy = new MemoryPolicy();
    private Scheduling scheduling;

    ProcessLauncher(
        final ProcessRuntimeOptions options,
        final SupervisorScript script,
        final ServicePorts ports,
        final KernelCgroups cgroups,
        final ScratchDirectories scratch,
        final CpuAffinity affinity,
        final LaunchEnvironment environment)
    {
        this.options = options;
        this.script = script;
        this.ports = ports;
        this.cgroups = cgroups;
        this.scratch = scratch;
        this.affinity = affinity;
        this.environment = environment;
        scheduling = options.process().scheduling();
    }

    /** Path of the supervisor's script, by which processes are known for this agent's. */
    String script()
    {
        return script.path();
    }

    /**
     * Starts a kernel that has its seat.
     *
     * @param kernel that is started.
     * @param launch what to start.
     * @param nowNs  now.
     * @return null if it was done, else why it cannot be.
     * @throws IOException if the host does not let it.
     */
    String launch(final ProcessKernel kernel, final KernelLaunch launch, final long nowNs) throws IOException
    {
        final Map<Integer, Integer> published =
            ports.acquire(kernel.directory, launch.spec().container().ports(), nowNs);
        if (null == published)
        {
            return "this agent has no free port for the kernel now";
        }
        kernel.ports = published;
        final Path own = scratch.create(kernel.directory);
        final Path cwd = null == launch.spec().cwd() ? own : Path.of(launch.spec().cwd());
        final Map<String, String> variables = environment.variables(launch, kernel.seat);
        variables.put("PLIMSOLL_PORTS", ServicePorts.text(published));
        variables.put("PLIMSOLL_SCRATCH", own.toAbsolutePath().toString());
        final String obstacle =
            LaunchEnvironment.obstacle(launch.spec().command(), variables.get("PATH"), cwd);
        String missing = null == obstacle ? ProcessDevices.obstacle(environment.access(kernel.seat)) : obstacle;
        if (null == missing && launch.spec().tty())
        {
            missing = TerminalHolder.prepare(variables);
        }
        if (null == missing)
        {
            limit(kernel);
            if (StdinMode.NONE != stdin(launch))
            {
                ProcessInput.prepare(kernel.directory);
            }
            spawn(kernel, arguments(kernel, launch, cwd), LaunchEnvironment.pairs(variables));
        }
        return missing;
    }

    private static StdinMode stdin(final KernelLaunch launch)
    {
        return launch.spec().stdinOf(launch.assignment().kernelIndex());
    }

    /** Makes its cgroups, where the host has some. */
    void limit(final ProcessKernel kernel) throws IOException
    {
        kernel.cgroup = cgroups.create(kernel.name, new CgroupLimits(
            options.memoryLimits() ? kernel.assignment.memoryBytes() : 0,
            options.process().pidsMax(),
            kernel.seat.cpus()));
        if (null != kernel.cgroup)
        {
            Files.writeString(kernel.directory.resolve(KernelDirectory.CGROUPS), kernel.cgroup.text());
        }
    }

    private void spawn(final ProcessKernel kernel, final List<String> arguments, final List<String> variables)
        throws IOException
    {
        kernel.supervisorPid = atHome(kernel, () -> spawn(kernel.assignment, arguments, variables));
        kernel.child = true;
    }

    /** Starts what runs beside a kernel. */
    int spawnBeside(
        final ProcessKernel kernel,
        final List<String> arguments,
        final List<String> variables,
        final ProcessSpawner.ChildStreams streams) throws IOException
    {
        return atHome(kernel, () -> spawner.spawn(arguments, variables, streams));
    }

    /** Whoever is started by this thread meanwhile is born on the kernel's cores and memory. */
    private int atHome(final ProcessKernel kernel, final Spawn spawn) throws IOException
    {
        final boolean bound = affinity.bind(kernel.seat.cpus());
        if (bound)
        {
            memoryPolicy.prefer(kernel.seat);
        }
        TimerSlack.relax();
        try
        {
            return spawn.run();
        }
        finally
        {
            TimerSlack.sharpen();
            if (bound)
            {
                memoryPolicy.release();
                affinity.release();
            }
        }
    }

    /** Who shares a core with others goes before nobody. */
    private int spawn(final Assignment assignment, final List<String> arguments, final List<String> variables)
        throws IOException
    {
        final boolean wholeCores = assignment.cpuMillis() > 0 && 0 == assignment.cpuMillis() % CORE_MILLIS;
        if (!wholeCores || scheduling.equals(Scheduling.OTHER))
        {
            return spawner.spawn(arguments, variables);
        }
        spawner.schedule(scheduling);
        try
        {
            return spawner.spawn(arguments, variables);
        }
        catch (final AccessDeniedException e)
        {
            LOG.warn("kernels are not scheduled as {}: the host does not allow it", scheduling);
            scheduling = Scheduling.OTHER;
        }
        finally
        {
            spawner.schedule(Scheduling.OTHER);
        }
        return spawner.spawn(arguments, variables);
    }

    private List<String> arguments(final ProcessKernel kernel, final KernelLaunch launch, final Path cwd)
    {
        final Assignment assignment = kernel.assignment;
        final List<String> arguments = new ArrayList<>();
        arguments.add(script.shell());
        arguments.add(script.path());
        arguments.add(kernel.name);
        arguments.add(kernel.directory.toString());
        arguments.add(options.dataDirectory().resolve("notify").toString());
        arguments.add(script.setsid());
        arguments.add(null == kernel.cgroup ? NONE : kernel.cgroup.entrances());
        arguments.add(null == launch.leaseFile() ? NONE : launch.leaseFile().toString());
        arguments.add(0 == assignment.walltimeNs() ? NONE : Long.toString(assignment.backstopSeconds()));
        arguments.add(cwd.toString());
        arguments.add(StdinMode.NONE == stdin(launch) ? NONE : KernelDirectory.STDIN);
        arguments.add("--");
        arguments.addAll(scratch.prefix());
        arguments.addAll(launch.spec().tty() && StdinMode.NONE != stdin(launch) ?
            TerminalHolder.command(launch.spec().command()) : launch.spec().command());
        return arguments;
    }

    /** Starts a process and gives its id. */
    @FunctionalInterface
    private interface Spawn
    {
        int run() throws IOException;
    }
}
