package io.plimsoll.bench.pipeline;

import io.plimsoll.journal.JournalDefaults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import net.openhft.chronicle.bytes.PointerBytesStore;
import net.openhft.chronicle.bytes.SyncMode;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.queue.rollcycles.LegacyRollCycles;
import org.agrona.DirectBuffer;

/** Nothing but Chronicle: what appends and group commits cost on this disk without a journal of ours around them. */
final class RawChronicle implements AutoCloseable
{
    private final SingleChronicleQueue queue;
    private final ExcerptAppender appender;
    private final PointerBytesStore pointer = new PointerBytesStore();
    private final Path directory;
    private FileChannel channel;

    RawChronicle(final Path directory)
    {
        this.directory = directory;
        queue = SingleChronicleQueueBuilder.binary(directory.toFile())
            .blockSize(JournalDefaults.BLOCK_LENGTH)
            .rollCycle(LegacyRollCycles.DAILY)
            .syncMode(SyncMode.NONE)
            .build();
        appender = queue.createAppender();
        appender.singleThreadedCheckDisabled(true);
    }

    void append(final DirectBuffer buffer, final int length)
    {
        pointer.set(buffer.addressOffset(), length);
        appender.writeBytes(pointer);
    }

    void sync()
    {
        try
        {
            if (null == channel)
            {
                channel = FileChannel.open(file(), StandardOpenOption.READ, StandardOpenOption.WRITE);
            }
            channel.force(false);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    @Override
    public void close()
    {
        appender.close();
        queue.close();
        try
        {
            if (null != channel)
            {
                channel.close();
            }
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private Path file() throws IOException
    {
        try (Stream<Path> files = Files.list(directory))
        {
            return files.filter(path -> path.toString().endsWith(".cq4")).findFirst().orElseThrow();
        }
    }
}
