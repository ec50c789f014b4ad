package io.plimsoll.agent.runtime;

import io.plimsoll.agent.Await;
import io.plimsoll.agent.allocation.Affinity;
import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.KernelDirectory;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.agent.topology.HostTopology;
import io.plimsoll.agent.topology.SysfsTopology;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A process runtime on a directory of its own, and what it has told. Ends what it started. */
final class Processes extends HeldKernels
{
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
        super(directory);
        this.host = host;
        this.logBytesMax = logBytesMax;
        this.memoryLimits = memoryLimits;
        start();
    }

    private void start() throws IOException
    {
        runtime = new ProcessKernelRuntime(new ProcessRuntimeOptions(
            directory, kernels, "plimsoll-test-" + ProcessHandle.current().pid(), true, memoryLimits, logBytesMax,
            TimeUnit.MILLISECONDS.toNanos(50), host,
            portRange, options, Affinity.NEAREST));
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

    @Override
    KernelRuntime runtime()
    {
        return runtime;
    }

    KernelKey launch(final Assignment assignment)
    {
        return launch(assignment, null);
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
