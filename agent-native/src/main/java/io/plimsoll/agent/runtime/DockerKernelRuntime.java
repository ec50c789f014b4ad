package io.plimsoll.agent.runtime;

import io.plimsoll.agent.allocation.Seat;
import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.KernelDirectory;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.agent.terminal.KernelTerminal;
import io.plimsoll.agent.terminal.TerminalException;
import io.plimsoll.agent.terminal.TerminalRequest;
import io.plimsoll.agent.usage.UsageSubject;
import io.plimsoll.transport.ContainerSpec;
import io.plimsoll.transport.LaunchSpec;
import io.plimsoll.transport.LaunchSpecCodec;
import io.plimsoll.transport.StdinMode;
import io.plimsoll.transport.sbe.ReportKind;
import io.plimsoll.transport.sbe.ReportReason;
import io.plimsoll.transport.sbe.TerminalCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kernels as containers of a Docker Engine. The engine holds them, so that they outlive this process; labels say whose
 * they are, and the files of the kernels' directories say how far each was: {@code started} before the engine is told
 * to start, {@code exit} before the container is removed. Called by the agent's thread only, which never waits for the
 * engine: calls go through {@link EngineCalls}, and what is missed is found by looking at all containers now and then.
 * Start reading at {@link #poll}, then at {@link DockerStarts}.
 */
public final class DockerKernelRuntime implements KernelRuntime
{
    private static final Logger LOG = LoggerFactory.getLogger(DockerKernelRuntime.class);

    /** Within which an engine answers that is there at all, on a busy host too. */
    private static final long ANSWER_NS = TimeUnit.SECONDS.toNanos(4);

    /** File of an agent whose engine has answered once, so that one that is down later is known to be missing. */
    private static final String ENGINE = "engine";

    /** File of a kernel with the cores it was given, for the next life of the agent. */
    private static final String CPUS = "cpus";

    private final DockerCycle cycle;
    private final Seating seating;
    private final Function<KernelKey, Path> leaseFiles;
    private final EngineWatch watch;
    private final String terminalMark;
    private final ContainerSweep sweep;
    private final DockerEnds ends;
    private final DockerKills kills;
    private final DockerStarts starts;
    private final OutputHolds holds;
    private final ImagePulls pulls;
    private final ServicePorts ports;
    private final ScratchDirectories scratch;
    private final LogTrimmer trimmer;
    private final SessionNetworks networks;
    private final SharedNetwork shared;
    private final ContainerMemory memory;

    /**
     * Begins to look for the engine.
     *
     * @param options       where and how.
     * @param kernels       directory of the kernels' directories.
     * @param agent         unlike any other agent.
     * @param dataDirectory of the agent, for the watchdog's script.
     * @param processes     whose seats, ports and scratch directories are shared.
     * @param leaseFiles    of kernels that need a lease.
     * @throws IOException if the script cannot be written.
     */
    public DockerKernelRuntime(
        final DockerOptions options,
        final Path kernels,
        final String agent,
        final Path dataDirectory,
        final ProcessKernelRuntime processes,
        final Function<KernelKey, Path> leaseFiles) throws IOException
    {
        this.leaseFiles = leaseFiles;
        terminalMark = processes.terminalMark();
        seating = processes.seating();
        cycle = new DockerCycle(
            options, kernels, () -> new DockerEngine(options.host(), options.callTimeoutNs()));
        ports = processes.ports();
        scratch = processes.scratch();
        trimmer = new LogTrimmer(processes.logBytesMax());
        pulls = new ImagePulls(cycle, new ImageCollector(cycle, dataDirectory.resolve("images")));
        sweep = new ContainerSweep(cycle, agent);
        shared = new SharedNetwork(options.network());
        networks = new SessionNetworks(cycle, agent, shared);
        ends = new DockerEnds(cycle, sweep);
        memory = new ContainerMemory(cycle);
        kills = new DockerKills(cycle, ends, sweep);
        watch = new EngineWatch(
            options.socket(),
            options.isExpected() || Files.exists(dataDirectory.resolve(ENGINE)),
            () -> new DockerEngine(options.host(), options.callTimeoutNs()),
            options.watchIntervalNs(),
            Math.min(options.callTimeoutNs(), ANSWER_NS),
            notes ->
            {
                cycle.prepare();
                look(cycle.engine());
                noteEngine(dataDirectory.resolve(ENGINE), options.host());
                notes.forEach(note -> LOG.info("{}", note));
            });
        final ContainerPlanner planner = new ContainerPlanner(
            options, agent, seating.pins(), processes.logBytesMax(), processes.environment(), scratch);
        final ContainerWatchdog watchdog =
            new ContainerWatchdog(SupervisorScript.install(dataDirectory, "watchdog.sh"));
        holds = new OutputHolds(cycle, SupervisorScript.install(dataDirectory, "hold.sh"));
        starts = new DockerStarts(
            cycle, watch, new ContainerStarter(cycle, planner, watchdog, networks), sweep, ends, pulls, ports,
            networks);
    }

    /** On the thread of the watch, before anybody is told that there is an engine. */
    private void look(final Engine engine)
    {
        try
        {
            shared.look(engine);
        }
        catch (final EngineException e)
        {
            LOG.debug("asked again later: {}", e.getMessage());
        }
    }

    /** On the thread of the watch. */
    private static void noteEngine(final Path file, final String host)
    {
        try
        {
            Files.writeString(file, host + "\n");
        }
        catch (final IOException e)
        {
            LOG.warn("cannot write {}: {}", file, e.toString());
        }
    }

    @Override
    public String name()
    {
        return "docker";
    }

    /** Waits until it is known for the first time whether there is an engine, but not for longer than that. */
    public void awaitEngine(final long timeoutNs)
    {
        watch.awaitAsked(timeoutNs);
    }

    /**
     * Labels that say whether this agent takes containers, and whether it does so now. An engine that is restarted is
     * waited for: nobody need know. Any thread.
     */
    public Map<String, String> labels()
    {
        final EngineWatch.Health health = watch.health();
        final boolean isShort = System.nanoTime() - health.upUntilNs() < cycle.options.comeBackNs();
        final Map<String, String> there = shared.isUsable() ?
            Map.of(ContainerSpec.ENGINE_LABEL, name(), ContainerSpec.NETWORK_LABEL, shared.name()) :
            Map.of(ContainerSpec.ENGINE_LABEL, name());
        return health.up() || health.wasUp() && isShort ? there :
            health.wasThere() ? Map.of(
                ContainerSpec.ENGINE_LABEL, name(), ContainerSpec.DEGRADED_LABEL, ContainerSpec.ENGINE_LABEL) :
            Map.of();
    }

    @Override
    public void subjects(final Consumer<UsageSubject> to)
    {
        for (final DockerKernel kernel : cycle.held.values())
        {
            if (DockerKernel.Step.RUNNING == kernel.step && null != kernel.container)
            {
                to.accept(new UsageSubject(
                    kernel.assignment.key(), kernel.container, 0, kernel.seat.deviceIds()));
            }
        }
    }

    @Override
    public int alive()
    {
        return cycle.held.size();
    }

    @Override
    public boolean tryLaunch(final KernelLaunch launch, final long nowNs)
    {
        cycle.nowNs = nowNs;
        final Assignment assignment = launch.assignment();
        final Path directory = cycle.directory(assignment.key());
        final Seat seat;
        final Map<Integer, Integer> published;
        try
        {
            seat = seating.take(assignment, directory);
            Files.writeString(directory.resolve(CPUS), CpuList.format(seat.cpus()) + "\n");
            // Last, since one that fails behind it would not know its ports, and could not give them back.
            final boolean isApart = assignment.hosts().stream().distinct().count() > 1;
            published = ports.acquire(directory, launch.spec().container().ports(), isApart, nowNs);
        }
        catch (final IOException e)
        {
            cycle.fail(
                hold(assignment, launch.spec(), Seat.NONE, nowNs),
                ReportReason.LAUNCH_FAILED,
                "the agent cannot start it: " + e.getMessage());
            return true;
        }
        final DockerKernel kernel = hold(assignment, launch.spec(), seat, nowNs);
        kernel.containerName = "plimsoll-" + assignment.key().directoryName();
        if (null == published)
        {
            cycle.fail(kernel, ReportReason.LAUNCH_FAILED, "this agent has no free port for the container now");
            return true;
        }
        kernel.network = networks.of(assignment, published);
        starts.add(kernel);
        return true;
    }

    private DockerKernel hold(
        final Assignment assignment, final LaunchSpec spec, final Seat seat, final long nowNs)
    {
        final Path directory = cycle.directory(assignment.key());
        final Path leaseFile = assignment.restartOnLoss() ? leaseFiles.apply(assignment.key()) : null;
        final DockerKernel kernel = new DockerKernel(assignment, spec, directory, leaseFile, seat, nowNs);
        kernel.network = networks.of(assignment, Map.of());
        networks.join(kernel.network.name());
        cycle.held.put(assignment.key(), kernel);
        trimmer.limit(directory, spec.logBytesMax());
        return kernel;
    }

    @Override
    public KernelTerminal openTerminal(final KernelKey key, final TerminalRequest request, final long nowNs)
        throws TerminalException
    {
        final DockerKernel kernel = cycle.held.get(key);
        if (null == kernel)
        {
            return null;
        }
        checkRunning(kernel);
        return DockerTerminal.open(
            cycle.engine(),
            kernel.container,
            request,
            ProcessTerminals.mark(terminalMark),
            nowNs,
            cycle.options.callTimeoutNs());
    }

    private void checkRunning(final DockerKernel kernel) throws TerminalException
    {
        if (DockerKernel.Step.RUNNING != kernel.step || null == kernel.container || kernel.killing)
        {
            throw TerminalException.notRunning();
        }
        if (!cycle.up)
        {
            throw new TerminalException(TerminalCode.FAILED, "the Docker Engine does not answer; the kernel goes on");
        }
    }

    @Override
    public KernelTerminal openInput(final KernelKey key, final long nowNs) throws TerminalException
    {
        final DockerKernel kernel = cycle.held.get(key);
        if (null == kernel)
        {
            return null;
        }
        final StdinMode mode = kernel.spec.stdinOf(kernel.assignment.kernelIndex());
        if (StdinMode.NONE == mode)
        {
            throw TerminalException.noInput();
        }
        checkRunning(kernel);
        return DockerInput.open(
            cycle.engine(),
            kernel.container,
            StdinMode.ONCE == mode,
            kernel.spec.ttyOf(kernel.assignment.kernelIndex()) ? kernel.log : null,
            nowNs + cycle.options.callTimeoutNs());
    }

    @Override
    public boolean adopt(final Assignment assignment, final long nowNs)
    {
        cycle.nowNs = nowNs;
        final Path directory = cycle.directory(assignment.key());
        if (!KernelFiles.exists(directory, KernelDirectory.STARTED))
        {
            return false;
        }
        final String cpus = KernelFiles.line(directory, CPUS);
        final Seat seat = seating.claim(assignment, directory, CpuList.parse(null == cpus ? "" : cpus));
        final DockerKernel kernel = hold(assignment, LaunchSpecCodec.decode(assignment.spec()), seat, nowNs);
        final String[] exit = KernelFiles.exit(directory);
        if (null != exit)
        {
            cycle.end(kernel, DockerEnds.end(kernel, Integer.parseInt(exit[0]), exit[1]));
        }
        else if (KernelFiles.FORESTALLED == KernelFiles.number(directory, KernelDirectory.STARTED))
        {
            cycle.end(kernel, KernelEnd.failed(ReportReason.NEVER_STARTED, "killed before its start"));
        }
        else
        {
            kernel.network = networks.of(assignment, ports.claim(directory));
            kernel.wasAlone = true;
            kernel.made = ContainerStarter.marked(directory);
            kernel.step(DockerKernel.Step.UNCERTAIN, nowNs);
            starts.remember(kernel);
            sweep.want();
        }
        return true;
    }

    @Override
    public boolean forestall(final KernelKey key)
    {
        return cycle.forestall(key);
    }

    @Override
    public void kill(final KernelKey key, final long graceNs, final long nowNs)
    {
        final DockerKernel kernel = cycle.held.get(key);
        if (null != kernel && null == kernel.end && null == kernel.exit)
        {
            kills.kill(kernel, graceNs);
        }
    }

    @Override
    public int poll(final KernelListener listener, final long nowNs)
    {
        cycle.listener = listener;
        cycle.nowNs = nowNs;
        int workCount = 0;
        workCount += pollHealth();
        workCount += cycle.calls.poll();
        workCount += memory.poll();
        workCount += kills.poll();
        workCount += starts.poll();
        workCount += holds.poll();
        workCount += ends.poll();
        workCount += tellEnds();
        workCount += sweep.poll(this::onListed, this::onDied);
        workCount += networks.poll();
        workCount += pulls.collector().poll();
        workCount += trimmer.poll(cycle.held.values(), nowNs);
        return workCount;
    }

    private int pollHealth()
    {
        final EngineWatch.Health health = watch.health();
        final boolean up = health.up();
        if (up == cycle.up)
        {
            return 0;
        }
        cycle.up = up;
        if (!up)
        {
            cycle.held.values().forEach(kernel -> kernel.wasAlone = true);
            cycle.calls.abandonAll(health.askedNs());
        }
        return 1;
    }

    /** What the engine lists for a kernel that is held; null: nothing. */
    private void onListed(final DockerKernel kernel, final ContainerState found)
    {
        if (DockerKernel.Step.UNCERTAIN == kernel.step && !kernel.isAsked)
        {
            starts.resolve(kernel, found);
        }
        else if (DockerKernel.Step.RUNNING == kernel.step)
        {
            if (null == found || !found.isRunning())
            {
                ends.examine(kernel);
            }
            else
            {
                cycle.follow(kernel);
            }
        }
    }

    private void onDied(final DockerKernel kernel)
    {
        if (DockerKernel.Step.RUNNING == kernel.step)
        {
            ends.examine(kernel);
        }
    }

    private int tellEnds()
    {
        int workCount = 0;
        while (!cycle.ended.isEmpty())
        {
            tell(cycle.ended.poll());
            workCount++;
        }
        return workCount;
    }

    private void tell(final DockerKernel kernel)
    {
        final KernelKey key = kernel.assignment.key();
        cycle.held.remove(key);
        seating.leave(key);
        kernel.log.hide();
        ports.release(kernel.network.published().keySet(), cycle.nowNs);
        networks.leave(kernel.network.name());
        pulls.collector().onUsed(kernel.spec.image());
        trimmer.ended(kernel.directory);
        scratch.ended(kernel.directory, cycle.nowNs);
        if (!kernel.told && ReportKind.EXITED == kernel.end.kind())
        {
            cycle.listener.onStarted(key, cycle.nowNs, CpuList.format(kernel.seat.cpus()), "");
        }
        cycle.listener.onEnded(key, kernel.end);
        if (null != kernel.container)
        {
            cycle.byContainer.remove(kernel.container);
            sweep.remove(kernel.container);
        }
    }

    @Override
    public void tellPorts(final KernelKey key, final Map<Integer, String> ports)
    {
        final DockerKernel kernel = cycle.held.get(key);
        if (null != kernel)
        {
            try
            {
                ContainerPeers.tell(kernel.directory, ports);
            }
            catch (final IOException e)
            {
                LOG.warn("cannot tell {} where ports of others are: {}", key, e.toString());
            }
        }
    }

    @Override
    public void discard(final KernelKey key)
    {
        // Its container went when its end was told.
    }

    @Override
    public void close()
    {
        watch.close();
        pulls.close();
        sweep.close();
        cycle.close();
    }
}
