package io.plimsoll.journal;

import net.openhft.chronicle.bytes.BytesStore;
import net.openhft.chronicle.bytes.PointerBytesStore;
import net.openhft.chronicle.bytes.SyncMode;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueStore;
import org.agrona.DirectBuffer;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A segment as a Chronicle queue of its own: one directory, one file, because its clock stands still and so never
 * rolls. It is written once, by the process that made it, and never opened for writing again.
 * <p>
 * {@link #sync()} forces the file, not the appender: the appender's own sync covers the block that is mapped now. What
 * was appended to the block before, after its last sync, stays unforced until that mapping goes away, which was seen
 * (strace) to be as late as the queue's close.
 */
final class ChronicleRecordLog implements RecordLog
{
    static final String FILE = "19700101F.cq4";
    static final String METADATA_FILE = "metadata.cq4t";
    static final String MARK_FILE = "committed";

    private static final long METADATA_LENGTH = 128 << 10;
    // Chronicle's index pages come on top of what is appended, 32 KiB for a million excerpts.
    private static final long INDEX_LENGTH = 128 << 10;
    private static final long PAGE_LENGTH = 4 << 10;
    private static final long POPULATE_LENGTH = 512 << 10;
    private static final long POPULATE_LEAD = 16 << 10;

    static
    {
        System.setProperty("chronicle.analytics.disable", "true");
        // A background thread that shortens files would pull pages from under readers.
        System.setProperty("chronicle.queue.disableFileShrinking", "true");
        System.setProperty("chronicle.disk.monitor.disable", "true");
        // One thread at a time by construction; the check costs a tenth of an append.
        System.setProperty("disable.single.threaded.check", "true");
    }

    private final Path file;
    private final int blockLength;
    private final SingleChronicleQueue queue;
    private final ExcerptAppender appender;
    private final PointerBytesStore pointer = new PointerBytesStore();
    private final FileChannel channel;
    private final CommitMark mark;
    private BytesStore<?, ?> populatedBlock;
    private long populatedLength;
    private volatile long length;
    private volatile long allocatedLength;

    ChronicleRecordLog(final Path directory, final int blockLength, final CommitMode commitMode)
    {
        this.blockLength = blockLength;
        file = directory.resolve(FILE);
        queue = SingleChronicleQueueBuilder.binary(directory.toFile())
            .timeProvider(() -> 0L)
            .rollCycle(RollCycles.FAST_DAILY)
            .blockSize(blockLength)
            .syncMode(SyncMode.NONE)
            .build();
        // The file must be there, and have its blocks, before the first record touches it.
        final SingleChronicleQueueStore store = queue.storeForCycle(queue.cycle(), 0, true, null);
        length = store.writePosition();
        queue.closeStore(store);
        if (!tryReserve(0) ||
            !Posix.tryAllocate(directory.resolve(METADATA_FILE), 0, METADATA_LENGTH))
        {
            queue.close();
            throw new JournalFullException("no space left for a segment of the journal: " + directory);
        }
        appender = queue.createAppender();
        appender.singleThreadedCheckDisabled(true);
        mark = CommitMark.create(directory.resolve(MARK_FILE), CommitMode.SYNC == commitMode);
        try
        {
            channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
            channel.force(true);
        }
        catch (final IOException ex)
        {
            throw IoFailure.of("cannot open " + file, ex);
        }
    }

    @Override
    public void append(final DirectBuffer buffer, final int offset, final int excerptLength)
    {
        if (length + excerptLength + INDEX_LENGTH > allocatedLength && !tryReserve(excerptLength))
        {
            throw new JournalFullException(
                "no space left for an accepted command: file=" + file + " length=" + length);
        }
        pointer.set(buffer.addressOffset() + offset, excerptLength);
        appender.writeBytes(pointer);
        length = appender.wire().bytes().writePosition();
        if (length + POPULATE_LEAD > populatedLength)
        {
            populate();
        }
    }

    @Override
    public void sync()
    {
        try
        {
            channel.force(false);
        }
        catch (final IOException ex)
        {
            throw IoFailure.of("cannot force " + file, ex);
        }
    }

    @Override
    public void mark(final long sequence)
    {
        mark.write(sequence);
    }

    @Override
    public long length()
    {
        return length;
    }

    @Override
    public boolean tryReserve(final long lengthBytes)
    {
        final long needed = length + lengthBytes + INDEX_LENGTH;
        return needed <= allocatedLength || tryAllocate(needed);
    }

    @Override
    public LogReader read()
    {
        return new ChronicleLogReader(file, CommitMark.open(file.resolveSibling(MARK_FILE)));
    }

    @Override
    public void close()
    {
        appender.close();
        queue.close();
        mark.close();
        try
        {
            channel.close();
        }
        catch (final IOException ex)
        {
            throw IoFailure.of("cannot close " + file, ex);
        }
    }

    /**
     * Touches the pages that come next, many at a time: a fault for each page costs a quarter of an append, and blocks
     * that were written once, if only with zeros, synchronise faster. Read-ahead is switched off: it would fill
     * megabytes of zeros at a time, in folios that were seen to make appends four times slower.
     */
    private void populate()
    {
        final BytesStore<?, ?> block = appender.wire().bytes().bytesStore();
        final long start = block.start();
        final long end = block.realCapacity();
        if (block != populatedBlock)
        {
            populatedBlock = block;
            Posix.tryAdviseRandom(block.addressForRead(start), end - start);
        }
        final long from = Math.max(start, Math.max(populatedLength, length & -PAGE_LENGTH));
        final long to = Math.min(Math.min(end, allocatedLength), from + POPULATE_LENGTH) & -PAGE_LENGTH;
        if (to > from)
        {
            Posix.tryPopulate(block.addressForRead(from), to - from);
        }
        populatedLength = Math.max(to, length);
    }

    /** Writer or housekeeping. Chronicle only ever makes the file longer, so both may grow it. */
    private synchronized boolean tryAllocate(final long needed)
    {
        while (allocatedLength < needed)
        {
            if (!Posix.tryAllocate(file, allocatedLength, blockLength))
            {
                return false;
            }
            allocatedLength += blockLength;
        }
        return true;
    }
}
