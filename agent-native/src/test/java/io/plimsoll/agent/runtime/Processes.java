package io.plimsoll.agent.runtime;

import io.plimsoll.agent.Await;
import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.FileKernelStore;
import io.plimsoll.agent.kernel.KernelDirectory;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.agent.topology.HostTopology;
import io.plimsoll.agent.topology.SysfsTopology;
import io.plimsoll.transport.LaunchSpecCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A process runtime on a directory of its own, and what it has told. Ends what it started. */
final class Processes implements AutoCloseable, KernelListener
{
    final BootClock clock = new BootClock();
    final Map<KernelKey, String> startedOn = new HashMap<>();
    final Map<KernelKey, KernelEnd> ends = new HashMap<>();
    final FileKernelStore store;
    final Path directory;
    final Path kernels;
    private final Set<KernelKey> held = new HashSet<>();
    private final long logBytesMax;
    private final boolean memoryLimits;
    private final HostTopology host;
    private String portRange = ServicePorts.RANGE_DEFAULT;
    private ProcessOptions options = ProcessOptions.defaults();
    ProcessKernelRuntime runtime;

    Processes(final Path directory) throws IOException
    {
        this(directory, 64 * 1024, false);
    }

    Processes(final Path directory, final long logBytesMax, final boolean memoryLimits) throws IOException
    {
        this(directory, logBytesMax, memoryLimits, SysfsTopology.live());
    }

    Processes(
        final Path directory, final long logBytesMax, final boolean memoryLimits, final HostTopology host)
        throws IOException
    {
        this.host = host;
        this.directory = directory;
        this.logBytesMax = logBytesMax;
        this.memoryLimits = memoryLimits;
        kernels = directory.resolve("kernels");
        Files.createDirectories(kernels);
        store = new FileKernelStore(kernels);
        start();
    }

    private void start() throws IOException
    {
        runtime = new ProcessKernelRuntime(new ProcessRuntimeOptions(
            directory, kernels, "plimsoll-test-" + ProcessHandle.current().pid(), true, memoryLimits, logBytesMax,
            TimeUnit.MILLISECONDS.toNanos(50), host,
            portRange, options));
    }

    /** As after the end of an agent: what it knew is gone, its kernels are not. */
    void restart() throws IOException
    {
        runtime.close();
        start();
        store.load((key, assignment, verdict, acknowledged) ->
        {
            if (!ends.containsKey(key) && runtime.adopt(assignment, clock.nanoTime()))
            {
                held.add(key);
            }
        });
    }

    /** With other ports from now on. */
    void restart(final String newPortRange) throws IOException
    {
        portRange = newPortRange;
        restart();
    }

    /** With other options from now on. */
    void restart(final ProcessOptions newOptions) throws IOException
    {
        options = newOptions;
        restart();
    }

    KernelKey launch(final Assignment assignment)
    {
        return launch(assignment, null);
    }

    KernelKey launch(final Assignment assignment, final Path leaseFile)
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
            return startedOn.containsKey(key);
        });
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

    void kill(final KernelKey key, final long graceNs)
    {
        runtime.kill(key, graceNs, clock.nanoTime());
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

    int number(final KernelKey key, final String name)
    {
        return KernelFiles.number(KernelDirectory.of(kernels, key), name);
    }

    /** What the kernel has written to a file of its working directory; awaited. */
    String awaitText(final KernelKey key, final String name)
    {
        Await.until(name, () ->
        {
            poll();
            return text(key, name).endsWith("\n");
        });
        return text(key, name).strip();
    }

    static boolean isAlive(final long pid)
    {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    @Override
    public void onStarted(final KernelKey key, final long sinceNs, final String cpus, final String devices)
    {
        startedOn.put(key, cpus);
    }

    @Override
    public void onEnded(final KernelKey key, final KernelEnd end)
    {
        ends.put(key, end);
        held.remove(key);
    }

    @Override
    public void close()
    {
        held.forEach(key -> kill(key, 0));
        Await.until(() -> "the end of " + held, () ->
        {
            poll();
            return held.isEmpty();
        });
        // One that was too late to start its kernel has told nobody of itself, and would write where files are removed.
        Await.until("the end of all supervisors", () -> ProcessHandle.allProcesses().noneMatch(
            process -> process.info().commandLine().orElse("").contains(directory.toString())));
        runtime.close();
    }
}
