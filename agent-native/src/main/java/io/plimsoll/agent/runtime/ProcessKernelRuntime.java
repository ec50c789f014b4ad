package io.plimsoll.agent.runtime;

import io.plimsoll.agent.allocation.Seat;
import io.plimsoll.agent.device.DeviceAccess;
import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.KernelDirectory;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.agent.terminal.KernelTerminal;
import io.plimsoll.agent.terminal.TerminalException;
import io.plimsoll.agent.terminal.TerminalRequest;
import io.plimsoll.agent.usage.UsageSubject;
import io.plimsoll.transport.sbe.ReportKind;
import io.plimsoll.transport.sbe.ReportReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
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
    private static final long LOOK_INTERVAL_NS = 20_000_000L;

    private final ProcessRuntimeOptions options;
    private final NotifyFifo fifo;
    private final CpuAffinity affinity = new CpuAffinity();
    private final Seating seating;
    private final KernelCgroups cgroups;
    private final Trash trash;
    private final ScratchDirectories scratch;
    private final ProcessLauncher launcher;
    private final Leftovers leftovers;
    private final ServicePorts ports;
    private final LaunchEnvironment environment;
    private final LogTrimmer trimmer;
    private final DiskReserve reserve;
    private final ChildReaper reaper = new ChildReaper();
    private final ProcessTerminals terminals;
    private final List<String> notes = new ArrayList<>();

    private final Map<KernelKey, ProcessKernel> held = new HashMap<>();
    private final Map<String, ProcessKernel> heldByName = new HashMap<>();
    private final ProcessKills kills = new ProcessKills(this::scan);
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
        environment = new LaunchEnvironment(System.getenv(), options.host());
        TimerSlack.sharpen();
        Files.createDirectories(options.kernels());
        reserve = new DiskReserve(options.dataDirectory());
        fifo = new NotifyFifo(options.dataDirectory().resolve("notify"));
        seating = new Seating(options.host(), affinity, options.pinning(), options.placement());
        cgroups = KernelCgroups.detect(
            options.cgroupName(), options.process().scheduling().isRealTime());
        ports = ServicePorts.of(options.ports(), options.kernels(), PortLocks.ofHost());
        trash = new Trash(options.dataDirectory().resolve("trash"));
        scratch = new ScratchDirectories(
            options.kernels(), trash, options.process().scratchMax(), options.process().scratchKeepNs(),
            new BootClock().nanoTime());
        launcher = new ProcessLauncher(
            options, SupervisorScript.install(options.dataDirectory()), ports, cgroups, scratch, affinity,
            environment);
        leftovers = new Leftovers(options, trash, launcher.script(), cgroups, this::isAccountedFor);
        trimmer = new LogTrimmer(options.logBytesMax());
        terminals = new ProcessTerminals(launcher, environment, options.cgroupName());
        terminals.sweep(new BootClock().nanoTime());
        RuntimeReport.addCommon(notes, cgroups, affinity);
        if (null != scratch.note())
        {
            notes.add(scratch.note());
        }
        if (!options.memoryLimits())
        {
            notes.add("no memory limits: switched off by configuration");
        }
        if (!options.pinning())
        {
            notes.add("kernels are not bound to cores: switched off by configuration");
        }
    }

    private boolean isAccountedFor(final String kernelName)
    {
        return heldByName.containsKey(kernelName) ||
            KernelFiles.exists(options.kernels().resolve(kernelName), KernelDirectory.RUNTIME);
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

    /** Scratch directories, which all runtimes of an agent share. */
    ScratchDirectories scratch()
    {
        return scratch;
    }

    /** Gives what kernels get with the devices of these ids; before anything is started. */
    public void deviceAccess(final Function<Collection<String>, DeviceAccess> access)
    {
        environment.deviceAccess(access);
    }

    /** Cgroups of a kernel that others run, kept in its directory; null: there are none. */
    KernelCgroup createCgroup(final Assignment assignment, final Seat seat) throws IOException
    {
        final ProcessKernel kernel = new ProcessKernel(
            assignment, KernelDirectory.of(options.kernels(), assignment.key()), seat, 0);
        launcher.limit(kernel);
        return kernel.cgroup;
    }

    /** Starts a command beside a kernel that somebody else runs, but as a process of this host. */
    KernelTerminal openBeside(final ProcessKernel kernel, final TerminalRequest request) throws TerminalException
    {
        return terminals.open(kernel, request);
    }

    /** What tells terminals of this agent from those of others. */
    String terminalMark()
    {
        return terminals.owner();
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
    public KernelTerminal openTerminal(final KernelKey key, final TerminalRequest request, final long now)
        throws TerminalException
    {
        final ProcessKernel kernel = held.get(key);
        return null == kernel ? null : terminals.open(kernel, request);
    }

    @Override
    public KernelTerminal openInput(final KernelKey key, final long now) throws TerminalException
    {
        final ProcessKernel kernel = held.get(key);
        return null == kernel ? null : ProcessTerminals.openInput(kernel);
    }

    @Override
    public void takeOut(final String device)
    {
        seating.takeOut(device);
    }

    @Override
    public void subjects(final Consumer<UsageSubject> to)
    {
        for (final ProcessKernel kernel : held.values())
        {
            if (kernel.workloadPid > 0)
            {
                to.accept(new UsageSubject(
                    kernel.assignment.key(), kernel.name, kernel.workloadPid, kernel.seat.deviceIds()));
            }
        }
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
            trimmer.limit(kernel.directory, launch.spec().logBytesMax());
            final String obstacle = launcher.launch(kernel, launch, now);
            if (null != obstacle)
            {
                refuse(kernel, obstacle);
            }
        }
        catch (final IOException e)
        {
            hold(kernel);
            refuse(kernel, "the agent cannot start it: " + e.getMessage());
        }
        return true;
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
        KernelFiles.tellWhy(kernel.directory, why);
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
        if (null != kernel && null == kernel.end)
        {
            kills.kill(kernel, graceNs);
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
        workCount += kills.poll(now);
        workCount += pollScan();
        workCount += pollEnding();
        workCount += reaper.poll(now);
        workCount += trimmer.poll(held.values(), now);
        workCount += scratch.poll(now);
        workCount += leftovers.poll(now);
        workCount += reserve.poll(now);
        workCount += terminals.sweep(now);
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
        if (0 != kernel.workloadPid)
        {
            return;
        }
        ProcessEnds.read(kernel);
        if (0 != kernel.workloadPid)
        {
            final long startNs = kernel.child ? nowNs : ProcessTable.nanoseconds(kernel.workloadBorn);
            listener.onPublished(kernel.assignment.key(), ServicePorts.text(kernel.ports));
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
        ended(kernel, ProcessEnds.written(kernel, Integer.parseInt(exit[0]), exit[1]));
        return true;
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
            ended(kernel, ProcessEnds.unwritten(kernel));
        }
    }

    private void ended(final ProcessKernel kernel, final KernelEnd end)
    {
        kernel.end = end;
        kernel.lookedAtNs = nowNs;
        if (ProcessEnds.isGone(kernel, nowNs, LOOK_INTERVAL_NS))
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
            if (ProcessEnds.isGone(kernel, nowNs, LOOK_INTERVAL_NS))
            {
                ending.remove(i);
                tell(kernel);
                workCount++;
            }
        }
        return workCount;
    }

    private void tell(final ProcessKernel kernel)
    {
        held.remove(kernel.assignment.key());
        heldByName.remove(kernel.name);
        seating.leave(kernel.assignment.key());
        ports.release(kernel.ports.keySet(), nowNs);
        trimmer.ended(kernel.directory);
        scratch.ended(kernel.directory, nowNs);
        ProcessInput.end(kernel.directory);
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
        scratch.remove(KernelDirectory.of(options.kernels(), key));
    }

    @Override
    public void close()
    {
        trash.close();
        fifo.close();
        ports.close();
        cgroups.remove();
    }
}
