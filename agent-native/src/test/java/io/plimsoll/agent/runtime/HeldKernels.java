package io.plimsoll.agent.runtime;

import io.plimsoll.agent.Await;
import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.FileKernelStore;
import io.plimsoll.agent.kernel.KernelDirectory;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
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

/** A runtime on a directory of its own, and what it has told; as an agent's keeper would use it. */
abstract class HeldKernels implements AutoCloseable, KernelListener
{
    final BootClock clock = new BootClock();
    final Map<KernelKey, String> startedOn = new HashMap<>();
    final Map<KernelKey, KernelEnd> ends = new HashMap<>();
    final Set<KernelKey> held = new HashSet<>();
    final Path directory;
    final Path kernels;
    final FileKernelStore store;

    HeldKernels(final Path directory) throws IOException
    {
        this.directory = directory;
        kernels = directory.resolve("kernels");
        Files.createDirectories(kernels);
        store = new FileKernelStore(kernels);
    }

    /** The present one. */
    abstract KernelRuntime runtime();

    KernelKey launch(final Assignment assignment, final Path leaseFile)
    {
        store.tryStore(assignment);
        runtime().tryLaunch(
            new KernelLaunch(assignment, LaunchSpecCodec.decode(assignment.spec()), leaseFile), clock.nanoTime());
        held.add(assignment.key());
        return assignment.key();
    }

    void poll()
    {
        runtime().poll(this, clock.nanoTime());
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

    /** What is waited for does not come any more. */
    void expectNoEnd(final KernelKey key, final boolean isReached)
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

    void kill(final KernelKey key, final long graceNs)
    {
        runtime().kill(key, graceNs, clock.nanoTime());
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

    @Override
    public void onStarted(final KernelKey key, final long sinceNs, final String cpus, final String devices)
    {
        startedOn.put(key, cpus);
    }

    @Override
    public abstract void close();
}
