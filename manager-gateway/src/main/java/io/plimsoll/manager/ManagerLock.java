package io.plimsoll.manager;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The lock on a data directory. The system lets go of it when the process ends, however it ends; the file stays and
 * tells the process id of the last holder.
 */
final class ManagerLock implements AutoCloseable
{
    private final FileChannel channel;

    private ManagerLock(final FileChannel channel)
    {
        this.channel = channel;
    }

    static ManagerLock acquire(final Path file) throws IOException
    {
        final FileChannel channel =
            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try
        {
            final FileLock lock = channel.tryLock();
            if (null == lock)
            {
                throw inUse(file);
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.UTF_8)), 0);
            return new ManagerLock(channel);
        }
        catch (final OverlappingFileLockException e)
        {
            channel.close();
            throw inUse(file);
        }
        catch (final IOException | RuntimeException e)
        {
            channel.close();
            throw e;
        }
    }

    private static DataDirectoryInUseException inUse(final Path file) throws IOException
    {
        final String pid = Files.readString(file).strip();
        return new DataDirectoryInUseException(
            "data directory " + file.toAbsolutePath().getParent() + " is in use by another manager" +
                (pid.isEmpty() ? "" : ", process " + pid) + ": stop it, or choose another directory with --data");
    }

    @Override
    public void close() throws IOException
    {
        channel.close();
    }
}
