package io.plimsoll.manager.database;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The processes of one server, told from all others by the directory that they work in, which is the one of its data: a
 * number in a file may be that of another process by now, and no other process is ever touched.
 */
final class PostgresProcesses
{
    private static final Path PROC = Path.of("/proc");
    private static final String ASK_TO_END = "-INT";
    private static final String END_AT_ONCE = "-QUIT";
    private static final String KILL = "-KILL";
    private static final long ASKED_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long TOLD_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private final Path data;

    PostgresProcesses(final Path data) throws IOException
    {
        this.data = data.toRealPath();
    }

    /** Of all that work in the directory. */
    List<Long> ids()
    {
        final List<Long> ids = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*"))
        {
            for (final Path process : processes)
            {
                if (worksHere(process))
                {
                    ids.add(Long.parseLong(process.getFileName().toString()));
                }
            }
        }
        catch (final IOException ex)
        {
            return List.of();
        }
        return ids;
    }

    private boolean worksHere(final Path process)
    {
        try
        {
            return data.equals(Files.readSymbolicLink(process.resolve("cwd"))) &&
                Files.readString(process.resolve("comm")).startsWith("postgres");
        }
        catch (final IOException ex)
        {
            // Ended meanwhile, or somebody else's.
            return false;
        }
    }

    /** Of the one that all others are children of; 0 if none runs. */
    long server()
    {
        final List<Long> ids = ids();
        for (final long id : ids)
        {
            final Optional<ProcessHandle> parent = ProcessHandle.of(id).flatMap(ProcessHandle::parent);
            if (parent.isEmpty() || !ids.contains(parent.get().pid()))
            {
                return id;
            }
        }
        return 0;
    }

    /**
     * Ends whatever of it is left over: asks first, and insists at last.
     *
     * @return whether anything was there.
     * @throws IOException if it cannot be ended.
     */
    boolean end() throws IOException
    {
        if (ids().isEmpty())
        {
            return false;
        }
        signal(ASK_TO_END, server());
        if (awaitEnd(ASKED_NS))
        {
            return true;
        }
        signal(END_AT_ONCE, server());
        if (awaitEnd(TOLD_NS))
        {
            return true;
        }
        for (final long id : ids())
        {
            signal(KILL, id);
        }
        if (!awaitEnd(TOLD_NS))
        {
            throw new IOException("a PostgreSQL that works in " + data + " cannot be ended: process " + server());
        }
        return true;
    }

    /** Whether none is left within this time. */
    boolean awaitEnd(final long timeoutNs)
    {
        final long deadlineNs = System.nanoTime() + timeoutNs;
        while (!ids().isEmpty())
        {
            if (System.nanoTime() - deadlineNs >= 0)
            {
                return false;
            }
            LockSupport.parkNanos(POLL_NS);
        }
        return true;
    }

    private static void signal(final String signal, final long id) throws IOException
    {
        if (0 == id)
        {
            return;
        }
        try
        {
            new ProcessBuilder("kill", signal, Long.toString(id))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor(1, TimeUnit.SECONDS);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while ending process " + id, ex);
        }
    }
}
