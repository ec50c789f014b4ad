package io.plimsoll.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** One writer for each journal. The system drops the lock when the process ends, however it ends. */
final class DirectoryLock implements AutoCloseable
{
    private final FileChannel channel;

    DirectoryLock(final Path file)
    {
        try
        {
            channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (null == tryLock(channel))
            {
                final String owner = read();
                channel.close();
                throw new JournalLockedException("journal in use: " + file.getParent() + " is written by " +
                    (owner.isEmpty() ? "another process" : owner));
            }
            trySayWho(channel);
        }
        catch (final IOException ex)
        {
            throw IoFailure.of("cannot lock " + file, ex);
        }
    }

    @Override
    public void close()
    {
        try
        {
            channel.close();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private static void trySayWho(final FileChannel channel) throws IOException
    {
        try
        {
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(
                ("process " + ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.UTF_8)), 0);
        }
        catch (final IOException ex)
        {
            // The lock holds all the same, and on a full disk the journal must still open.
            if (!IoFailure.isFull(ex))
            {
                throw ex;
            }
        }
    }

    private static FileLock tryLock(final FileChannel channel) throws IOException
    {
        try
        {
            return channel.tryLock();
        }
        catch (final OverlappingFileLockException ex)
        {
            // Held by this very process.
            return null;
        }
    }

    private String read() throws IOException
    {
        final ByteBuffer content = ByteBuffer.allocate(64);
        channel.read(content, 0);
        return new String(content.array(), 0, content.position(), StandardCharsets.UTF_8).trim();
    }
}
