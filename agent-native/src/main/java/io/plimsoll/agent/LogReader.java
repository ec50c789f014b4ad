package io.plimsoll.agent;

import io.plimsoll.agent.runtime.LogExtent;
import io.plimsoll.transport.sbe.LogEnd;
import io.plimsoll.transport.sbe.LogStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/**
 * One reader of one stream of one kernel. Looks at the file anew at each step, for it grows at one end and may be
 * dropped at the other. Lines are counted backwards a block a step.
 */
final class LogReader
{
    private static final int BLOCK_LENGTH = 64 * 1024;
    private static final long UNKNOWN = -1;
    private static final int IDLE_STEPS = 16;

    private final Path path;
    private final LogStream stream;
    private final Kernel kernel;
    private final boolean follow;
    private RandomAccessFile file;
    private long credit;
    private long nextOffset;
    private long untilOffset = UNKNOWN;
    private int linesToFind;
    private long searchOffset = UNKNOWN;
    private int lastLength;
    private long lastOffset;
    private int idle;

    LogReader(
        final Path path, final LogStream stream, final Kernel kernel, final boolean follow, final long fromOffset,
        final int tailLines)
    {
        this.path = path;
        this.stream = stream;
        this.kernel = kernel;
        this.follow = follow;
        this.nextOffset = Math.max(0, fromOffset);
        this.linesToFind = fromOffset < 0 ? tailLines : -1;
    }

    LogStream stream()
    {
        return stream;
    }

    void credit(final int bytes)
    {
        credit += Math.max(0, bytes);
    }

    /** Bytes that the last step has read into the chunk. */
    int lastLength()
    {
        return lastLength;
    }

    /** Offset of the first of them in the kernel's whole output. */
    long lastOffset()
    {
        return lastOffset;
    }

    /** Reads on; OPEN: there may be more. */
    LogEnd read(final byte[] chunk) throws IOException
    {
        lastLength = 0;
        lastOffset = nextOffset;
        // A follower of a quiet kernel need not look at its file in every cycle.
        if (idle > 0 && !kernel.isEnded())
        {
            idle--;
            return LogEnd.OPEN;
        }
        // In this order: what is written before the end is seen after it.
        final boolean ended = kernel.isEnded();
        final LogExtent extent = LogExtent.of(path);
        if (UNKNOWN == untilOffset)
        {
            untilOffset = extent.endOffset();
            searchOffset = untilOffset;
        }
        final long limit = follow ? extent.endOffset() : Math.min(untilOffset, extent.endOffset());
        if (linesToFind >= 0 && !findLines(extent, chunk))
        {
            return LogEnd.OPEN;
        }
        nextOffset = Math.max(nextOffset, extent.startOffset());
        lastOffset = nextOffset;
        final int length = (int)Math.min(Math.min(credit, chunk.length), limit - nextOffset);
        if (length > 0)
        {
            readAt(nextOffset - extent.baseOffset(), chunk, length);
            nextOffset += lastLength;
            credit -= lastLength;
        }
        if (nextOffset >= limit && (!follow || ended))
        {
            return LogEnd.COMPLETE;
        }
        idle = 0 == lastLength ? IDLE_STEPS : 0;
        return LogEnd.OPEN;
    }

    /** Looks for the start of the last lines, a block at a time; the newline that ends the last one does not count. */
    private boolean findLines(final LogExtent extent, final byte[] block) throws IOException
    {
        if (0 == linesToFind)
        {
            return found(untilOffset);
        }
        final long from = Math.max(extent.startOffset(), searchOffset - Math.min(BLOCK_LENGTH, block.length));
        final int length = (int)Math.max(0, searchOffset - from);
        readAt(from - extent.baseOffset(), block, length);
        final int read = lastLength;
        lastLength = 0;
        for (int i = read - 1; i >= 0; i--)
        {
            if ('\n' == block[i] && from + i != untilOffset - 1)
            {
                linesToFind--;
                if (0 == linesToFind)
                {
                    return found(from + i + 1);
                }
            }
        }
        searchOffset = from;
        return from <= extent.startOffset() && found(extent.startOffset());
    }

    private boolean found(final long offset)
    {
        nextOffset = offset;
        linesToFind = -1;
        return true;
    }

    private void readAt(final long position, final byte[] chunk, final int length) throws IOException
    {
        if (length <= 0)
        {
            return;
        }
        if (null == file)
        {
            file = new RandomAccessFile(path.toFile(), "r");
        }
        file.seek(position);
        lastLength = Math.max(0, file.read(chunk, 0, length));
    }

    void close()
    {
        if (null != file)
        {
            try
            {
                file.close();
            }
            catch (final IOException e)
            {
                throw new IllegalStateException("cannot close " + path, e);
            }
        }
    }
}
