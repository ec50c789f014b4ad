package io.plimsoll.agent.runtime;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes directories in the background: a kernel may have left millions of files, and leases cannot wait for them.
 * What is thrown away is out of sight at once, and what the end of the agent leaves is deleted by its next life.
 * Thread-safe.
 */
final class Trash implements AutoCloseable
{
    private static final Logger LOG = LoggerFactory.getLogger(Trash.class);

    /** Directories that wait to be deleted; more are left to the next life. */
    private static final int WAITING_MAX = 4096;

    private final Path directory;
    private final ExecutorService deleter;

    /**
     * Empties it.
     *
     * @param directory that is used for nothing else, on the file system of what is thrown away.
     * @throws IOException if it cannot be made or read.
     */
    Trash(final Path directory) throws IOException
    {
        this.directory = Files.createDirectories(directory);
        deleter = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING_MAX),
            task ->
            {
                final Thread thread = new Thread(task, "plimsoll-trash");
                thread.setDaemon(true);
                return thread;
            },
            (task, executor) -> LOG.warn("too much to delete in {}; the next start deletes the rest", directory));
        try (DirectoryStream<Path> left = Files.newDirectoryStream(directory))
        {
            left.forEach(this::delete);
        }
    }

    /** Throws a directory away; one that is not there is gone already. */
    void add(final Path unwanted, final String name)
    {
        final Path place = directory.resolve(name);
        try
        {
            Files.move(unwanted, place);
            delete(place);
        }
        catch (final IOException e)
        {
            if (Files.exists(unwanted))
            {
                LOG.debug("deleted where it is: {}", e.toString());
                delete(unwanted);
            }
        }
    }

    private void delete(final Path tree)
    {
        deleter.execute(() ->
        {
            try
            {
                Files.walkFileTree(tree, new Deleter());
            }
            catch (final IOException e)
            {
                LOG.warn("cannot delete {}: {}", tree, e.toString());
            }
        });
    }

    @Override
    public void close()
    {
        deleter.shutdownNow();
    }

    /** Deletes files before their directory; does not follow links, which kernels may have made. */
    private static final class Deleter extends SimpleFileVisitor<Path>
    {
        @Override
        public FileVisitResult visitFile(final Path file, final BasicFileAttributes attributes) throws IOException
        {
            Files.deleteIfExists(file);
            return Thread.currentThread().isInterrupted() ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(final Path tree, final IOException failure) throws IOException
        {
            if (null != failure)
            {
                throw failure;
            }
            Files.deleteIfExists(tree);
            return FileVisitResult.CONTINUE;
        }
    }
}
