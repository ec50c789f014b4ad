package io.plimsoll.ops.e2e;

import io.plimsoll.loadtest.proof.JournalProof;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
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
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * What one test has: a directory, a home directory, free ports, and its processes, which are stopped by their ids when
 * the test is over.
 */
final class Workspace implements AutoCloseable
{
    private static final int PORT_MIN = 12_000;
    private static final int PORT_MAX = 30_000;
    private static final int PORT_ATTEMPTS_MAX = 1_000;

    private final String name;
    private final Path directory;
    private final Path home;
    private final Path plugins;
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
            this.plugins = Files.createDirectories(directory.resolve("plugins"));
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

    /** Directory of jars with policies; empty, whatever the clone has. */
    Path plugins()
    {
        return plugins;
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

    /**
     * A port that was free a moment ago, as is the next one, which a manager uses for its agents. Below the range from
     * which the system takes ports for outgoing connections, or one of those could sit there in the next moment.
     */
    static int freePort()
    {
        for (int attempt = 0; attempt < PORT_ATTEMPTS_MAX; attempt++)
        {
            final int port = ThreadLocalRandom.current().nextInt(PORT_MIN, PORT_MAX);
            if (isFree(port) && isFree(port + 1))
            {
                return port;
            }
        }
        throw new IllegalStateException("no two free ports between " + PORT_MIN + " and " + PORT_MAX);
    }

    private static boolean isFree(final int port)
    {
        try (
            ServerSocket tcp = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
            DatagramSocket udp = new DatagramSocket(port, InetAddress.getLoopbackAddress()))
        {
            return tcp.isBound() && udp.isBound();
        }
        catch (final IOException taken)
        {
            return false;
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
