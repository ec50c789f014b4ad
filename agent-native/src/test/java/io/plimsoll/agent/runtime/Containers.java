package io.plimsoll.agent.runtime;

import io.plimsoll.agent.Assignments;
import io.plimsoll.agent.Await;
import io.plimsoll.agent.allocation.Affinity;
import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.agent.topology.SysfsTopology;
import io.plimsoll.transport.LaunchSpec;
import io.plimsoll.transport.LaunchSpecCodec;
import io.plimsoll.transport.sbe.ReportKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A Docker runtime on a directory of its own, and what it has told; as an agent's keeper would use it. */
final class Containers extends HeldKernels
{
    static final String AGENT = "11111111-2222-3333-4444-555555555555";

    final Map<KernelKey, Integer> startsTold = new HashMap<>();
    final Map<KernelKey, List<ReportKind>> steps = new HashMap<>();
    final Path leaseFile;
    private final DockerOptions options;
    private ProcessOptions processOptions = ProcessOptions.defaults();
    ProcessKernelRuntime processes;
    CompositeKernelRuntime runtime;
    DockerKernelRuntime docker;

    Containers(final Path directory, final DockerOptions options) throws IOException
    {
        super(directory);
        this.options = options;
        leaseFile = directory.resolve("lease");
        start();
    }

    /** Options for a test's engine: quick to notice things. */
    static DockerOptions options(final DockerDaemon daemon)
    {
        return DockerOptions.defaults().withHost(daemon.host()).withTimes(
            TimeUnit.SECONDS.toNanos(10), TimeUnit.MILLISECONDS.toNanos(250), TimeUnit.SECONDS.toNanos(5));
    }

    private void start() throws IOException
    {
        processes = new ProcessKernelRuntime(new ProcessRuntimeOptions(
            directory, kernels, "plimsoll-test-" + ProcessHandle.current().pid(), true, false, 1024 * 1024,
            TimeUnit.MILLISECONDS.toNanos(50), SysfsTopology.live(), ServicePorts.RANGE_DEFAULT, processOptions,
            Affinity.NEAREST));
        docker = new DockerKernelRuntime(options, kernels, AGENT, directory, processes, key -> leaseFile);
        runtime = new CompositeKernelRuntime(processes, docker);
    }

    /** As after the end of an agent: what it knew is gone, its kernels are not. */
    void restart() throws IOException
    {
        runtime.close();
        start();
        adoptAll();
    }

    /** With other options from now on. */
    void restart(final ProcessOptions newOptions) throws IOException
    {
        processOptions = newOptions;
        restart();
    }

    private void adoptAll()
    {
        store.load((key, assignment, verdict, acknowledged) ->
        {
            if (!ends.containsKey(key))
            {
                if (null != verdict)
                {
                    ends.put(key, verdict);
                }
                else if (!runtime.adopt(assignment, clock.nanoTime()))
                {
                    runtime.tryLaunch(new KernelLaunch(
                        assignment, LaunchSpecCodec.decode(assignment.spec()), leaseFile), clock.nanoTime());
                }
                held.add(key);
            }
        });
    }

    static LaunchSpec shell(final String script)
    {
        return new LaunchSpec(List.of("sh", "-c", script), Map.of(), null, DockerDaemon.IMAGE, 0, 0);
    }

    KernelKey launch(final long kernelId, final String script)
    {
        return launch(Assignments.of(kernelId).spec(shell(script)).make());
    }

    KernelKey launch(final Assignment assignment)
    {
        return launch(assignment, leaseFile);
    }

    @Override
    KernelRuntime runtime()
    {
        return runtime;
    }

    /** Goes on until there is no container of this agent. */
    void awaitRemoval(final DockerDaemon daemon)
    {
        Await.until(() -> "removal of " + daemon.ask("ps -a"), () ->
        {
            poll();
            return count(daemon) == 0;
        });
    }

    static long count(final DockerDaemon daemon)
    {
        return daemon.ask("ps -aq --filter label=" + ContainerLabels.AGENT + "=" + AGENT).lines().count();
    }

    /** Until a number of seconds from now; negative: it has run out. */
    void lease(final long seconds) throws IOException
    {
        final long until = TimeUnit.NANOSECONDS.toSeconds(clock.nanoTime()) + seconds;
        final Path fresh = directory.resolve("lease.new");
        Files.writeString(fresh, until + "\n");
        Files.move(fresh, leaseFile, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Waits for output. */
    void awaitText(final KernelKey key, final String name, final String wanted)
    {
        Await.until(() -> wanted + " in " + text(key, name) + ends, () ->
        {
            poll();
            expectNoEnd(key, text(key, name).contains(wanted));
            return text(key, name).contains(wanted);
        });
    }

    @Override
    public void onStep(final KernelKey key, final ReportKind step)
    {
        steps.computeIfAbsent(key, k -> new ArrayList<>()).add(step);
    }

    @Override
    public void onStarted(final KernelKey key, final long sinceNs, final String cpus, final String devices)
    {
        super.onStarted(key, sinceNs, cpus, devices);
        startsTold.merge(key, 1, Integer::sum);
    }

    @Override
    public void onEnded(final KernelKey key, final KernelEnd end)
    {
        if (null != ends.put(key, end))
        {
            throw new IllegalStateException("told twice: " + key);
        }
        if (!end.equals(KernelEnd.exited(end.exitCode())))
        {
            store.verdict(key, end);
        }
        held.remove(key);
    }

    @Override
    public void close()
    {
        runtime.close();
    }
}
