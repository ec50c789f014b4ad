package io.plimsoll.ops.e2e;

import io.plimsoll.loadtest.proof.JournalProof;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What one test has: a directory, a home directory, free ports, and its processes, which are stopped by their ids when
 * the test is over.
 */
final class Workspace implements AutoCloseable
{
    private final String name;
    private final Path directory;
    private final Path home;
    private final List<ClusterProcess> processes = new ArrayList<>();

    /**
     * A workspace.
     *
     * @param name      of the test.
     * @param directory empty, and removed by the caller.
     */
    Workspace(final String name, final Path directory)
    {
        this.name = name;
        this.directory = directory;
        try
        {
            this.home = Files.createDirectories(directory.resolve("home"));
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    Path directory()
    {
        return directory;
    }

    /** Home directory of the processes, so that nobody's own installation is touched. */
    Path home()
    {
        return home;
    }

    Path path(final String relative)
    {
        return directory.resolve(relative);
    }

    /** Starts a server command that is stopped with the workspace. */
    ClusterProcess start(final String processName, final String... args) throws IOException
    {
        return start(processName, List.of(), args);
    }

    ClusterProcess start(final String processName, final List<String> prefix, final String... args) throws IOException
    {
        final ClusterProcess process = ClusterProcess.start(this, processName, prefix, args);
        processes.add(process);
        return process;
    }

    /** A TCP port that was free a moment ago. */
    static int freePort()
    {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress()))
        {
            return socket.getLocalPort();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /**
     * Keeps the journal of a data directory whose manager has stopped, and proves it: applied twice, decided again, and
     * fed in random batches, it gives the same events and the same state.
     */
    void proveJournal(final Path data, final String label)
    {
        final Path kept = Distribution.root().resolve("ops/target/e2e-journals").resolve(name + "-" + label);
        try
        {
            deleteTree(kept);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        copy(data.resolve("journal"), kept);
        JournalProof.prove(kept);
    }

    /** Removes a tree, if it is there. */
    static void deleteTree(final Path tree) throws IOException
    {
        if (Files.exists(tree))
        {
            try (Stream<Path> files = Files.walk(tree))
            {
                for (final Path file : files.sorted(Comparator.reverseOrder()).toList())
                {
                    Files.delete(file);
                }
            }
        }
    }

    static void copy(final Path source, final Path target)
    {
        try
        {
            Files.walkFileTree(source, new SimpleFileVisitor<>()
            {
                @Override
                public FileVisitResult preVisitDirectory(final Path visited, final BasicFileAttributes attributes)
                    throws IOException
                {
                    Files.createDirectories(target.resolve(source.relativize(visited).toString()));
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(final Path visited, final BasicFileAttributes attributes)
                    throws IOException
                {
                    Files.copy(
                        visited,
                        target.resolve(source.relativize(visited).toString()),
                        StandardCopyOption.REPLACE_EXISTING,
                        StandardCopyOption.COPY_ATTRIBUTES);
                    return FileVisitResult.CONTINUE;
                }
            });
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    @Override
    public void close()
    {
        for (int i = processes.size() - 1; i >= 0; i--)
        {
            processes.get(i).close();
        }
        Leftovers.endAllUnder(directory);
    }
}
