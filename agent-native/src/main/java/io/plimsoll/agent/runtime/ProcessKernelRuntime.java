package io.plimsoll.agent.runtime;

import io.plimsoll.agent.allocation.Seat;
import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.KernelDirectory;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.transport.sbe.ReportKind;
import io.plimsoll.transport.sbe.ReportReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kernels as processes of this host, each held by a supervisor of its own ({@code supervisor.sh}) that outlives this
 * process. The truth is in the kernels' directories; the FIFO only says where to look at once, and a scan looks
 * everywhere now and then. Called by the agent's thread only, which must be the one that made it: what that thread is
 * bound to is what kernels are born bound to.
 */
public final class ProcessKernelRuntime implements KernelRuntime
{
    private static final Logger LOG = LoggerFactory.getLogger(ProcessKernelRuntime.class);
    private static final int SCAN_LIMIT = 32;
    private static final int COMMAND_NOT_FOUND = 127;
    private static final long SUPERVISOR_START_NS = 10_000_000_000L;
    private static final long KILL_REPEAT_NS = 100_000_000L;
    private static final long LOOK_INTERVAL_NS = 20_000_000L;
    private static final long BACKSTOP_SECONDS = 5;
    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final String NONE = "-";

    private final ProcessRuntimeOptions options;
    private final SupervisorScript script;
    private final NotifyFifo fifo;
    private final ProcessSpawner spawner = new ProcessSpawner();
    private final CpuAffinity affinity = new CpuAffinity();
    private final MemoryPolicy memoryPolicy = new MemoryPolicy();
    private final Seating seating;
    private final KernelCgroups cgroups;
    private final ServicePorts ports;
    private final LaunchEnvironment environment = new LaunchEnvironment(System.getenv());
    private final LogTrimmer trimmer;
    private final DiskReserve reserve;
    private final ChildReaper reaper = new ChildReaper();
    private final List<String> notes = new ArrayList<>();

    private final Map<KernelKey, ProcessKernel> held = new HashMap<>();
    private final Map<String, ProcessKernel> heldByName = new HashMap<>();
    private final List<ProcessKernel> killing = new ArrayList<>();
    private final List<ProcessKernel> ending = new ArrayList<>();
    private final ArrayDeque<ProcessKernel> failed = new ArrayDeque<>();
    private final ArrayDeque<ProcessKernel> toScan = new ArrayDeque<>();
    private final NotifyFifo.Hints onHint = this::onHint;
    private KernelListener listener;
    private long nowNs;
    private long nextScanNs;
    /** Whether all kernels of earlier lives were adopted, as they are before the first poll. */
    private boolean isSettled;

    /**
     * Prepares the data directory.
     *
     * @param options where and how.
     * @throws IOException if that cannot be done.
     */
    public ProcessKernelRuntime(final ProcessRuntimeOptions options) throws IOException
    {
        this.options = options;
        TimerSlack.sharpen();
        Files.createDirectories(options.kernels());
        script = SupervisorScript.install(options.dataDirectory());
        reserve = new DiskReserve(options.dataDirectory());
        fifo = new NotifyFifo(options.dataDirectory().resolve("notify"));
        seating = new Seating(options.host(), affinity, options.pinning());
        cgroups = KernelCgroups.detect(options.cgroupName());
        ports = ServicePorts.of(options.ports(), options.kernels());
        trimmer = new LogTrimmer(options.logBytesMax());
        RuntimeReport.addCommon(notes, cgroups, affinity);
        if (!options.memoryLimits())
        {
            notes.add("no memory limits: switched off by configuration");
        }
        if (!options.pinning())
        {
            notes.add("kernels are not bound to cores: switched off by configuration");
        }
    }

    /** Seats, which all runtimes of an agent share. */
    Seating seating()
    {
        return seating;
    }

    /** Ports, which all runtimes of an agent share. */
    ServicePorts ports()
    {
        return ports;
    }

    LaunchEnvironment environment()
    {
        return environment;
    }

    long logBytesMax()
    {
        return options.logBytesMax();
    }

    /** What people should know of how kernels run here. */
    public List<String> notes()
    {
        return List.copyOf(notes);
    }

    /**
     * Waits until a supervisor has said something, or the time is over: the agent's way to idle.
     *
     * @param durationNs less than a second.
     */
    public void awaitHint(final long durationNs)
    {
        fifo.await(durationNs);
    }

    @Override
    public String name()
    {
        return "process";
    }

    @Override
    public void takeOut(final String device)
    {
        seating.takeOut(device);
    }

    @Override
    public int alive()
    {
        return held.size();
    }

    @Override
    public boolean tryLaunch(final KernelLaunch launch, final long now)
    {
        final Assignment assignment = launch.assignment();
        final Path directory = KernelDirectory.of(options.kernels(), assignment.key());
        ProcessKernel kernel = new ProcessKernel(assignment, directory, Seat.NONE, now);
        try
        {
            kernel = new ProcessKernel(assignment, directory, seating.take(assignment, directory), now);
            hold(kernel);
            final Map<Integer, Integer> published =
                ports.acquire(directory, launch.spec().container().ports(), now);
            if (null == published)
            {
                refuse(kernel, "this agent has no free port for the kernel now");
                return true;
            }
            kernel.ports = published;
            final Map<String, String> variables = environment.variables(launch, kernel.seat);
            variables.put("PLIMSOLL_PORTS", ServicePorts.text(published));
            final Path workDirectory = workDirectory(launch, directory);
            final String obstacle =
                LaunchEnvironment.obstacle(launch.spec().command(), variables.get("PATH"), workDirectory);
            if (null != obstacle)
            {
                refuse(kernel, obstacle);
                return true;
            }
            kernel.cgroup = cgroups.create(kernel.name, new CgroupLimits(
                options.memoryLimits() ? assignment.memoryBytes() : 0,
                options.process().pidsMax(),
                kernel.seat.cpus()));
            if (null != kernel.cgroup)
            {
                Files.writeString(directory.resolve(KernelDirectory.CGROUPS), kernel.cgroup.text());
            }
            trimmer.limit(kernel.directory, launch.spec().logBytesMax());
            spawn(kernel, arguments(kernel, launch, workDirectory), LaunchEnvironment.pairs(variables));
        }
        catch (final IOException e)
        {
            hold(kernel);
            refuse(kernel, "the agent cannot start it: " + e.getMessage());
        }
        return true;
    }

    private void spawn(final ProcessKernel kernel, final List<String> arguments, final List<String> variables)
        throws IOException
    {
        final boolean bound = affinity.bind(kernel.seat.cpus());
        if (bound)
        {
            memoryPolicy.prefer(kernel.seat.cpus());
        }
        TimerSlack.relax();
        try
        {
            kernel.supervisorPid = spawner.spawn(arguments, variables);
            kernel.child = true;
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

    private List<String> arguments(final ProcessKernel kernel, final KernelLaunch launch, final Path workDirectory)
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
        arguments.add(0 == assignment.walltimeNs() ? NONE : Long.toString(
            (assignment.walltimeNs() + assignment.graceNs()) / NS_PER_SECOND + BACKSTOP_SECONDS));
        arguments.add(workDirectory.toString());
        arguments.add("--");
        arguments.addAll(launch.spec().command());
        return arguments;
    }

    private static Path workDirectory(final KernelLaunch launch, final Path directory) throws IOException
    {
        if (null != launch.spec().cwd())
        {
            return Path.of(launch.spec().cwd());
        }
        final Path work = directory.resolve(KernelDirectory.WORK);
        try
        {
            Files.createDirectory(work);
        }
        catch (final FileAlreadyExistsException e)
        {
            // Of a launch whose agent ended before it could know.
            return work;
        }
        return work;
    }

    /** Told at the next poll, and to whoever reads the output of the kernel. */
    private void refuse(final ProcessKernel kernel, final String why)
    {
        if (!KernelFiles.forestall(kernel.directory) &&
            KernelFiles.exists(kernel.directory, KernelDirectory.STARTED))
        {
            // Somebody has started it before: an earlier life of this agent, at its very end.
            toScan.add(kernel);
            return;
        }
        try
        {
            Files.write(
                kernel.directory.resolve(KernelDirectory.STDERR),
                ("plimsoll: " + why + '\n').getBytes(StandardCharsets.UTF_8),
                StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
        catch (final IOException e)
        {
            LOG.warn("cannot write to {}: {}", kernel.directory, e.toString());
        }
        kernel.end = new KernelEnd(ReportKind.FAILED, ReportReason.LAUNCH_FAILED, COMMAND_NOT_FOUND, why);
        failed.add(kernel);
    }

    @Override
    public boolean adopt(final Assignment assignment, final long now)
    {
        final Path directory = KernelDirectory.of(options.kernels(), assignment.key());
        if (!KernelFiles.exists(directory, KernelDirectory.STARTED))
        {
            return false;
        }
        final int supervisorPid = KernelFiles.number(directory, KernelDirectory.STARTED);
        final int workloadPid = KernelFiles.number(directory, KernelDirectory.PID);
        final boolean supervised = ProcessTable.isSupervisor(supervisorPid, assignment.key().directoryName());
        final BitSet cpus = workloadPid > 0 && supervised ? ProcessTable.cpus(workloadPid) : new BitSet();
        if (cpus.cardinality() == affinity.allowed().cardinality())
        {
            cpus.clear();
        }
        final ProcessKernel kernel =
            new ProcessKernel(assignment, directory, seating.claim(assignment, directory, cpus), now);
        kernel.supervisorPid = Math.max(0, supervisorPid);
        kernel.ports = ports.claim(directory);
        kernel.cgroup = KernelCgroup.of(KernelFiles.text(directory.resolve(KernelDirectory.CGROUPS)));
        hold(kernel);
        toScan.add(kernel);
        return true;
    }

    @Override
    public boolean forestall(final KernelKey key)
    {
        final Path directory = KernelDirectory.of(options.kernels(), key);
        return KernelFiles.forestall(directory) ||
            KernelFiles.FORESTALLED == KernelFiles.number(directory, KernelDirectory.STARTED);
    }

    /** Cgroups of a kernel that is held, for who shares them with it; null: it has none. */
    KernelCgroup cgroup(final KernelKey key)
    {
        final ProcessKernel kernel = held.get(key);
        return null == kernel ? null : kernel.cgroup;
    }

    private void hold(final ProcessKernel kernel)
    {
        held.put(kernel.assignment.key(), kernel);
        heldByName.put(kernel.name, kernel);
    }

    @Override
    public void kill(final KernelKey key, final long graceNs, final long now)
    {
        final ProcessKernel kernel = held.get(key);
        if (null == kernel || null != kernel.end)
        {
            return;
        }
        if (!kernel.killing)
        {
            kernel.killing = true;
            kernel.graceNs = graceNs;
            killing.add(kernel);
            if (0 == kernel.workloadPid && kernel.child)
            {
                kernel.forestalled = KernelFiles.forestall(kernel.directory);
            }
        }
        else if (graceNs < kernel.graceNs)
        {
            kernel.killAtNs -= kernel.graceNs - graceNs;
            kernel.graceNs = graceNs;
        }
    }

    @Override
    public int poll(final KernelListener kernelListener, final long now)
    {
        listener = kernelListener;
        nowNs = now;
        if (!isSettled)
        {
            isSettled = true;
            ports.settle(now);
        }
        int workCount = 0;
        workCount += pollFailed();
        workCount += fifo.poll(onHint);
        workCount += pollKills();
        workCount += pollScan();
        workCount += pollEnding();
        workCount += reaper.poll(now);
        workCount += trimmer.poll(held.values(), now);
        workCount += reserve.poll(now);
        return workCount;
    }

    private int pollFailed()
    {
        int workCount = 0;
        while (!failed.isEmpty())
        {
            tell(failed.poll());
            workCount++;
        }
        return workCount;
    }

    private void onHint(final char what, final String kernelName)
    {
        final ProcessKernel kernel = heldByName.get(kernelName);
        if (null != kernel && null == kernel.end)
        {
            if ('+' == what)
            {
                lookForStart(kernel);
            }
            else
            {
                look(kernel);
            }
        }
    }

    private void lookForStart(final ProcessKernel kernel)
    {
        final int pid = 0 == kernel.workloadPid ? KernelFiles.number(kernel.directory, KernelDirectory.PID) : 0;
        if (pid > 0)
        {
            kernel.workloadPid = pid;
            final long startNs = kernel.child ? nowNs : ProcessTable.startNs(pid);
            listener.onStarted(
                kernel.assignment.key(),
                startNs < 0 ? nowNs : startNs,
                CpuList.format(kernel.seat.cpus()),
                Seating.devices(kernel.assignment, kernel.seat));
        }
    }

    /** Reads what the supervisor has written so far. */
    private boolean look(final ProcessKernel kernel)
    {
        // In this order: a kernel that has ended has said before that it started.
        final String[] exit = KernelFiles.exit(kernel.directory);
        lookForStart(kernel);
        if (null == exit)
        {
            return false;
        }
        ended(kernel, end(kernel, Integer.parseInt(exit[0]), exit[1]));
        return true;
    }

    private KernelEnd end(final ProcessKernel kernel, final int code, final String reason)
    {
        if (ended(reason) != ReportReason.NONE)
        {
            return 0 == kernel.workloadPid ?
                KernelEnd.failed(ended(reason), "ended before its start: " + reason) :
                KernelEnd.ended(ended(reason), code, "ended by its supervisor: " + reason);
        }
        if (0 == kernel.workloadPid)
        {
            return KernelEnd.failed(
                ReportReason.LAUNCH_FAILED,
                "its supervisor ended with code " + code + " before the command was started; it could not enter its " +
                    "cgroups or write to " + kernel.directory);
        }
        final String outOfMemory = 0 == code || null == kernel.cgroup ?
            null : kernel.cgroup.outOfMemory(kernel.assignment.memoryBytes());
        return null == outOfMemory ?
            KernelEnd.exited(code) : KernelEnd.ended(ReportReason.OUT_OF_MEMORY, code, outOfMemory);
    }

    private static ReportReason ended(final String reason)
    {
        return switch (reason)
        {
            case "lease-expired" -> ReportReason.LEASE_EXPIRED;
            case "walltime" -> ReportReason.WALLTIME;
            default -> ReportReason.NONE;
        };
    }

    private int pollKills()
    {
        int workCount = 0;
        for (int i = killing.size() - 1; i >= 0; i--)
        {
            final ProcessKernel kernel = killing.get(i);
            if (null != kernel.end)
            {
                killing.remove(i);
            }
            else if (0 != kernel.workloadPid)
            {
                workCount += pollKill(kernel);
            }
            else if (kernel.lookedAtNs + LOOK_INTERVAL_NS <= nowNs)
            {
                kernel.lookedAtNs = nowNs;
                scan(kernel);
            }
        }
        return workCount;
    }

    private int pollKill(final ProcessKernel kernel)
    {
        if (!kernel.termSent)
        {
            kernel.termSent = true;
            kernel.killAtNs = nowNs + kernel.graceNs;
            signal(kernel, Libc.SIGTERM);
            return 1;
        }
        if (nowNs >= kernel.killAtNs)
        {
            kernel.killAtNs = nowNs + KILL_REPEAT_NS;
            signal(kernel, Libc.SIGKILL);
            if (null != kernel.cgroup)
            {
                kernel.cgroup.killAll();
            }
            return 1;
        }
        return 0;
    }

    /** To all of it; before it leads its own group, that is one process. */
    private static void signal(final ProcessKernel kernel, final int signal)
    {
        if (0 != Libc.kill(-kernel.workloadPid, signal))
        {
            Libc.kill(kernel.workloadPid, signal);
        }
    }

    private int pollScan()
    {
        if (toScan.isEmpty())
        {
            if (nowNs < nextScanNs)
            {
                return 0;
            }
            nextScanNs = nowNs + options.scanIntervalNs();
            toScan.addAll(held.values());
        }
        int workCount = 0;
        while (workCount < SCAN_LIMIT && !toScan.isEmpty())
        {
            final ProcessKernel kernel = toScan.poll();
            workCount++;
            if (null == kernel.end && held.get(kernel.assignment.key()) == kernel)
            {
                scan(kernel);
            }
        }
        return workCount;
    }

    private void scan(final ProcessKernel kernel)
    {
        // In this order: what a supervisor writes before it goes is seen after it is gone.
        final boolean supervised = kernel.child ?
            !reaper.isGone(kernel.supervisorPid) :
            0 != kernel.supervisorPid && ProcessTable.isSupervisor(kernel.supervisorPid, kernel.name);
        if (!look(kernel) && !supervised)
        {
            onSupervisorGone(kernel);
        }
    }

    private void onSupervisorGone(final ProcessKernel kernel)
    {
        final int starter = KernelFiles.number(kernel.directory, KernelDirectory.STARTED);
        if (KernelFiles.FORESTALLED == starter)
        {
            ended(kernel, KernelEnd.failed(ReportReason.NEVER_STARTED, "killed before its start"));
        }
        else if (KernelFiles.ABSENT == starter)
        {
            if (nowNs - kernel.heldSinceNs > SUPERVISOR_START_NS || KernelFiles.forestall(kernel.directory))
            {
                ended(kernel, KernelEnd.failed(ReportReason.LAUNCH_FAILED, "its supervisor did not come up"));
            }
        }
        else if (starter != kernel.supervisorPid)
        {
            // Another one was faster: started by an earlier life of this agent, at its very end.
            kernel.supervisorPid = starter;
            kernel.child = false;
            kernel.heldSinceNs = nowNs;
        }
        else
        {
            final String killed = KernelFiles.line(kernel.directory, "killed");
            final ReportReason reason = null == killed ? ReportReason.NONE : ended(killed);
            ended(kernel, KernelEnd.failed(
                ReportReason.NONE == reason ? ReportReason.SUPERVISOR_DIED : reason,
                "its supervisor is gone and left no exit code"));
        }
    }

    private void ended(final ProcessKernel kernel, final KernelEnd end)
    {
        kernel.end = end;
        kernel.lookedAtNs = nowNs;
        if (isGone(kernel))
        {
            tell(kernel);
        }
        else
        {
            ending.add(kernel);
        }
    }

    private int pollEnding()
    {
        int workCount = 0;
        for (int i = ending.size() - 1; i >= 0; i--)
        {
            final ProcessKernel kernel = ending.get(i);
            if (isGone(kernel))
            {
                ending.remove(i);
                tell(kernel);
                workCount++;
            }
        }
        return workCount;
    }

    /** Whether nobody of it is left; kills who is. Zombies that nobody waits for do not count, but cost a look. */
    private boolean isGone(final ProcessKernel kernel)
    {
        if (null != kernel.cgroup && !kernel.cgroup.killAll())
        {
            return false;
        }
        if (0 == kernel.workloadPid || 0 != Libc.kill(-kernel.workloadPid, 0))
        {
            return true;
        }
        if (nowNs - kernel.lookedAtNs < LOOK_INTERVAL_NS)
        {
            return false;
        }
        kernel.lookedAtNs = nowNs;
        if (!ProcessTable.anyMember(kernel.workloadPid, kernel.assignment.key().kernelId()))
        {
            return true;
        }
        Libc.kill(-kernel.workloadPid, Libc.SIGKILL);
        return false;
    }

    private void tell(final ProcessKernel kernel)
    {
        held.remove(kernel.assignment.key());
        heldByName.remove(kernel.name);
        seating.leave(kernel.assignment.key());
        ports.release(kernel.ports.keySet(), nowNs);
        trimmer.ended(kernel.directory);
        if (null != kernel.cgroup)
        {
            kernel.cgroup.tryRemove();
        }
        if (kernel.child)
        {
            reaper.add(kernel.supervisorPid);
        }
        listener.onEnded(kernel.assignment.key(), kernel.end);
    }

    @Override
    public void discard(final KernelKey key)
    {
        final KernelCgroup cgroup = cgroups.find(key.directoryName());
        if (null != cgroup && !held.containsKey(key))
        {
            cgroup.tryRemove();
        }
    }

    @Override
    public void close()
    {
        fifo.close();
        cgroups.remove();
    }
}
