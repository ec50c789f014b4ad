package io.plimsoll.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** A snapshot in a file, which bears another name until all of it is on the disk. */
final class DirectorySnapshotFile implements SnapshotFile
{
    static final String UNFINISHED_SUFFIX = ".new";

    /** Larger writes and reads would be copied in one go to memory of their own. */
    private static final int TRANSFER_MAX = 1 << 24;

    private final Path file;
    private final Path written;
    private final FileChannel channel;
    private boolean unfinished;

    private DirectorySnapshotFile(final Path file, final Path written, final FileChannel channel)
    {
        this.file = file;
        this.written = written;
        this.channel = channel;
        unfinished = !file.equals(written);
    }

    /** A new one, for which all the space is there. */
    static DirectorySnapshotFile create(final Path file, final long length)
    {
        final Path written = file.resolveSibling(file.getFileName() + UNFINISHED_SUFFIX);
        try
        {
            final DirectorySnapshotFile result = new DirectorySnapshotFile(file, written, FileChannel.open(
                written, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE));
            if (!Posix.tryAllocate(written, 0, length))
            {
                result.close();
                throw new JournalFullException("no space left for a snapshot of " + length + " bytes in " + file);
            }
            return result;
        }
        catch (final IOException ex)
        {
            throw IoFailure.of("cannot create " + written, ex);
        }
    }

    static DirectorySnapshotFile open(final Path file)
    {
        try
        {
            return new DirectorySnapshotFile(file, file, FileChannel.open(file, StandardOpenOption.READ));
        }
        catch (final IOException ex)
        {
            throw new JournalDamagedException(file.toString(), "snapshot of the manifest is missing");
        }
    }

    @Override
    public void write(final DirectBuffer buffer, final int offset, final int length)
    {
        try
        {
            int done = 0;
            while (done < length)
            {
                final int start = offset + done;
                done += channel.write(slice(buffer, start, Math.min(TRANSFER_MAX, length - done)));
            }
        }
        catch (final IOException ex)
        {
            throw IoFailure.of("cannot write " + written, ex);
        }
    }

    private static ByteBuffer slice(final DirectBuffer buffer, final int offset, final int length)
    {
        final int start = offset + buffer.wrapAdjustment();
        final ByteBuffer bytes = null == buffer.byteBuffer() ?
            ByteBuffer.wrap(buffer.byteArray()) : buffer.byteBuffer().duplicate();
        return bytes.limit(start + length).position(start);
    }

    @Override
    public void finish()
    {
        try
        {
            channel.truncate(channel.position());
            channel.force(true);
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
            unfinished = false;
            DirectoryStorage.force(file.getParent());
        }
        catch (final IOException ex)
        {
            throw IoFailure.of("cannot finish " + file, ex);
        }
    }

    @Override
    public long length()
    {
        try
        {
            return channel.size();
        }
        catch (final IOException ex)
        {
            throw IoFailure.of("cannot read " + file, ex);
        }
    }

    @Override
    public void read(final long position, final MutableDirectBuffer target, final int offset, final int length)
    {
        try
        {
            int done = 0;
            while (done < length)
            {
                final ByteBuffer bytes = slice(target, offset + done, Math.min(TRANSFER_MAX, length - done));
                final int read = channel.read(bytes, position + done);
                if (read < 0)
                {
                    throw new JournalDamagedException(file.toString(), "snapshot ends early");
                }
                done += read;
            }
        }
        catch (final IOException ex)
        {
            throw IoFailure.of("cannot read " + file, ex);
        }
    }

    @Override
    public void close()
    {
        try
        {
            channel.close();
            if (unfinished)
            {
                Files.deleteIfExists(written);
            }
        }
        catch (final IOException ex)
        {
            throw IoFailure.of("cannot close " + written, ex);
        }
    }
}
