package io.plimsoll.agent.runtime;

import io.plimsoll.agent.Assignments;
import io.plimsoll.agent.Await;
import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.FileKernelStore;
import io.plimsoll.agent.kernel.KernelDirectory;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.agent.topology.SysfsTopology;
import io.plimsoll.transport.LaunchSpec;
import io.plimsoll.transport.LaunchSpecCodec;
import io.plimsoll.transport.sbe.ReportKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A Docker runtime on a directory of its own, and what it has told; as an agent's keeper would use it. */
final class Containers implements AutoCloseable, KernelListener
{
    static final String AGENT = "11111111-2222-3333-4444-555555555555";

    final BootClock clock = new BootClock();
    final Map<KernelKey, String> startedOn = new HashMap<>();
    final Map<KernelKey, Integer> startsTold = new HashMap<>();
    final Map<KernelKey, KernelEnd> ends = new HashMap<>();
    final Map<KernelKey, List<ReportKind>> steps = new HashMap<>();
    final Path directory;
    final Path kernels;
    final Path leaseFile;
    final FileKernelStore store;
    private final Set<KernelKey> held = new HashSet<>();
    private final DockerOptions options;
    ProcessKernelRuntime processes;
    CompositeKernelRuntime runtime;

    Containers(final Path directory, final DockerOptions options) throws IOException
    {
        this.directory = directory;
        this.options = options;
        kernels = directory.resolve("kernels");
        leaseFile = directory.resolve("lease");
        Files.createDirectories(kernels);
        store = new FileKernelStore(kernels);
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
            TimeUnit.MILLISECONDS.toNanos(50), SysfsTopology.live(), ServicePorts.RANGE_DEFAULT,
            ProcessOptions.defaults()));
        runtime = new CompositeKernelRuntime(processes, new DockerKernelRuntime(
            options, kernels, AGENT, directory, processes, key -> leaseFile));
    }

    /** As after the end of an agent: what it knew is gone, its kernels are not. */
    void restart() throws IOException
    {
        runtime.close();
        start();
        adoptAll();
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
        store.tryStore(assignment);
        runtime.tryLaunch(
            new KernelLaunch(assignment, LaunchSpecCodec.decode(assignment.spec()), leaseFile), clock.nanoTime());
        held.add(assignment.key());
        return assignment.key();
    }

    void poll()
    {
        runtime.poll(this, clock.nanoTime());
    }

    void awaitStarted(final KernelKey key)
    {
        Await.until(() -> "the start of " + key + ", ends=" + ends, () ->
        {
            poll();
            expectNoEnd(key, startedOn.containsKey(key));
            return startedOn.containsKey(key);
        });
    }

    private void expectNoEnd(final KernelKey key, final boolean isReached)
    {
        if (!isReached && ends.containsKey(key))
        {
            throw new AssertionError(key + " has ended: " + ends.get(key) + text(key, "stdout"));
        }
    }

    KernelEnd awaitEnd(final KernelKey key)
    {
        Await.until("the end of " + key, () ->
        {
            poll();
            return ends.containsKey(key);
        });
        return ends.get(key);
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

    void kill(final KernelKey key, final long graceNs)
    {
        runtime.kill(key, graceNs, clock.nanoTime());
    }

    /** Until a number of seconds from now; negative: it has run out. */
    void lease(final long seconds) throws IOException
    {
        final long until = TimeUnit.NANOSECONDS.toSeconds(clock.nanoTime()) + seconds;
        final Path fresh = directory.resolve("lease.new");
        Files.writeString(fresh, until + "\n");
        Files.move(fresh, leaseFile, StandardCopyOption.ATOMIC_MOVE);
    }

    Path file(final KernelKey key, final String name)
    {
        return KernelDirectory.of(kernels, key).resolve(name);
    }

    String text(final KernelKey key, final String name)
    {
        try
        {
            final Path file = file(key, name);
            return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
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
        startedOn.put(key, cpus);
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
