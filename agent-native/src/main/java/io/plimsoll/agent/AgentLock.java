package io.plimsoll.agent;

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
 * One agent at a time for each data directory: {@code agent.lock}, which names its holder. The system gives it up when
 * the holder ends, in whatever way.
 */
final class AgentLock implements AutoCloseable
{
    private final FileChannel channel;

    private AgentLock(final FileChannel channel)
    {
        this.channel = channel;
    }

    /**
     * Takes it.
     *
     * @param directory of the data.
     * @return the lock.
     * @throws DirectoryInUseException if another agent has it.
     * @throws IOException             if the file cannot be written.
     */
    static AgentLock acquire(final Path directory) throws IOException
    {
        final Path file = directory.resolve("agent.lock");
        final FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try
        {
            if (holds(channel))
            {
                channel.truncate(0);
                channel.write(ByteBuffer.wrap(
                    (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
                return new AgentLock(channel);
            }
        }
        catch (final IOException e)
        {
            channel.close();
            throw e;
        }
        channel.close();
        throw new DirectoryInUseException(
            "the data directory " + directory + " is in use by another agent (process " +
            Files.readString(file).strip() + "): stop that one, or give this one a directory of its own");
    }

    private static boolean holds(final FileChannel channel) throws IOException
    {
        try
        {
            final FileLock lock = channel.tryLock();
            return null != lock;
        }
        catch (final OverlappingFileLockException e)
        {
            return false;
        }
    }

    @Override
    public void close() throws IOException
    {
        channel.close();
    }
}
