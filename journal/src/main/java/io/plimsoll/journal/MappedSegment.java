package io.plimsoll.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/** The file of a segment in a directory, mapped into memory. */
final class MappedSegment implements SegmentBytes
{
    private final FileChannel channel;
    private MappedByteBuffer mapped;

    MappedSegment(final Path file)
    {
        try
        {
            channel = FileChannel.open(file, StandardOpenOption.READ);
        }
        catch (final IOException ex)
        {
            throw IoFailure.of("cannot read " + file, ex);
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
            throw new UncheckedIOException(ex);
        }
    }

    @Override
    public int view(final UnsafeBuffer target)
    {
        final int length = (int)Math.min(Integer.MAX_VALUE, length());
        try
        {
            BufferUtil.free(mapped);
            mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, length);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        target.wrap(mapped);
        return length;
    }

    @Override
    public void close()
    {
        BufferUtil.free(mapped);
        try
        {
            channel.close();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }
}
