package io.plimsoll.ops.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Ends the demo's manager, agent and whatever kernel still runs, by its process id, and removes the directory. Runs
 * once, from the demo or from a shutdown hook.
 */
final class DemoCleanup
{
    private static final long KERNEL_END_TIMEOUT_MS = 5_000;

    private final Path directory;
    private final boolean keep;
    private Node node;
    private boolean done;
    private boolean clean;

    DemoCleanup(final Path directory, final boolean keep)
    {
        this.directory = directory;
        this.keep = keep;
    }

    synchronized void node(final Node started)
    {
        node = started;
    }

    /** Answers whether nothing was left behind. */
    synchronized boolean run()
    {
        if (!done)
        {
            done = true;
            clean = stop();
        }
        return clean;
    }

    private boolean stop()
    {
        try
        {
            if (null != node)
            {
                node.close();
            }
            endKernels();
            if (!keep)
            {
                removeAll();
            }
            return true;
        }
        catch (final IOException ex)
        {
            System.err.println("plimsoll: could not remove " + directory + ": " + ex.getMessage());
            return false;
        }
    }

    /** Kernels outlive their agent; those of a demo that was broken off must not. */
    private void endKernels() throws IOException
    {
        final List<ProcessHandle> kernels = new ArrayList<>();
        try (Stream<Path> files = Files.walk(directory, 3))
        {
            for (final Path file : files.filter(path -> path.endsWith("pid") || path.endsWith("started")).toList())
            {
                handle(file).ifPresent(kernels::add);
            }
        }
        for (final ProcessHandle kernel : kernels)
        {
            kernel.descendants().forEach(ProcessHandle::destroyForcibly);
            kernel.destroyForcibly();
        }
        for (final ProcessHandle kernel : kernels)
        {
            kernel.onExit().completeOnTimeout(kernel, KERNEL_END_TIMEOUT_MS, TimeUnit.MILLISECONDS).join();
        }
    }

    /** The process of the file, if it is still the one that was started under our directory. */
    private Optional<ProcessHandle> handle(final Path file) throws IOException
    {
        final String text = Files.readString(file).strip();
        if (!text.matches("[1-9]\\d{0,9}"))
        {
            return Optional.empty();
        }
        final long pid = Long.parseLong(text);
        return ProcessHandle.of(pid).filter(process -> isOurs(pid));
    }

    private boolean isOurs(final long pid)
    {
        final String needle = directory.toString();
        for (final String name : new String[]{"cmdline", "environ"})
        {
            try
            {
                final byte[] content = Files.readAllBytes(Path.of("/proc", Long.toString(pid), name));
                if (new String(content, StandardCharsets.UTF_8).contains(needle))
                {
                    return true;
                }
            }
            catch (final IOException gone)
            {
                return false;
            }
        }
        return false;
    }

    private void removeAll() throws IOException
    {
        try (Stream<Path> files = Files.walk(directory))
        {
            for (final Path file : files.sorted(Comparator.reverseOrder()).toList())
            {
                Files.deleteIfExists(file);
            }
        }
    }
}
