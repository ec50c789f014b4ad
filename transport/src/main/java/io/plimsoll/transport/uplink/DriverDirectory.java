package io.plimsoll.transport.uplink;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.agrona.IoUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory for one media driver, and the removal of those that killed processes left behind. Beside each directory
 * lies a lock file that its process holds locked: the kernel lets go of it with the process, whatever happened, and
 * across the boundaries of containers that share the memory file system. Process ids would not tell.
 */
final class DriverDirectory implements AutoCloseable
{
    private static final Logger LOG = LoggerFactory.getLogger(DriverDirectory.class);
    private static final String PREFIX = "plimsoll-driver-";
    private static final String LOCK_SUFFIX = ".lock";
    private static final int ATTEMPTS = 5;
    /** A process loses its locks on a file when it closes any handle of it, so we never open our own again. */
    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final Path lockFile;
    private final FileChannel channel;

    private DriverDirectory(final Path path, final Path lockFile, final FileChannel channel)
    {
        this.path = path;
        this.lockFile = lockFile;
        this.channel = channel;
    }

    static DriverDirectory create(final Path parent) throws IOException
    {
        IOException failure = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++)
        {
            removeAbandoned(parent);
            try
            {
                return tryCreate(parent.resolve(PREFIX + UUID.randomUUID()));
            }
            catch (final IOException ex)
            {
                failure = ex;
            }
        }
        throw new IOException("cannot make a directory for the media driver in " + parent + ": " + failure, failure);
    }

    /** The driver's own: it deletes and makes it as it likes, within ours that nobody else may enter. */
    Path path()
    {
        return path.resolve("aeron");
    }

    @Override
    public void close()
    {
        IoUtil.delete(path.toFile(), true);
        try
        {
            Files.deleteIfExists(lockFile);
            channel.close();
        }
        catch (final IOException ex)
        {
            LOG.warn("Cannot remove {}: {}", lockFile, ex.toString());
        }
        OURS.remove(lockFile);
    }

    private static DriverDirectory tryCreate(final Path path) throws IOException
    {
        final Path lockFile = lockFileOf(path);
        OURS.add(lockFile);
        FileChannel channel = null;
        try
        {
            channel = FileChannel.open(
                lockFile, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            // Between these two lines another process may have taken the new file for an abandoned one.
            if (null == channel.tryLock() || !Files.exists(lockFile))
            {
                throw new IOException("lock file was taken away");
            }
            Files.createDirectory(
                path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            return new DriverDirectory(path, lockFile, channel);
        }
        catch (final IOException ex)
        {
            if (null != channel)
            {
                channel.close();
            }
            OURS.remove(lockFile);
            throw ex;
        }
    }

    private static void removeAbandoned(final Path parent) throws IOException
    {
        try (DirectoryStream<Path> locks = Files.newDirectoryStream(parent, PREFIX + "*" + LOCK_SUFFIX))
        {
            for (final Path lockFile : locks)
            {
                if (!OURS.contains(lockFile) && Files.isWritable(lockFile))
                {
                    removeIfAbandoned(lockFile);
                }
            }
        }
    }

    private static void removeIfAbandoned(final Path lockFile)
    {
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock())
        {
            if (null != lock)
            {
                final String name = lockFile.getFileName().toString();
                final Path path = lockFile.resolveSibling(name.substring(0, name.length() - LOCK_SUFFIX.length()));
                LOG.info("Removing {}, left behind by a process that was killed", path);
                IoUtil.delete(path.toFile(), true);
                Files.deleteIfExists(lockFile);
            }
        }
        catch (final IOException ex)
        {
            LOG.warn("Cannot remove {}: {}", lockFile, ex.toString());
        }
    }

    private static Path lockFileOf(final Path path)
    {
        return path.resolveSibling(path.getFileName() + LOCK_SUFFIX);
    }
}
