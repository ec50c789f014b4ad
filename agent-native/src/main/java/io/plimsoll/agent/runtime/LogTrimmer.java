package io.plimsoll.agent.runtime;

import com.sun.jna.Native;
import io.plimsoll.agent.kernel.KernelDirectory;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the newest output of kernels. The oldest blocks of the file are given back to the file system, so that offsets
 * stay what they are and the writer notices nothing. Where a file system cannot do that, the file is cut to nothing
 * (its writer appends) and the number of dropped bytes goes to {@code NAME.start}, see {@link LogExtent}. One thread.
 */
final class LogTrimmer
{
    private static final Logger LOG = LoggerFactory.getLogger(LogTrimmer.class);
    private static final long INTERVAL_NS = 200_000_000L;
    private static final int POLL_LIMIT = 64;
    private static final long BLOCK = 4096;
    /** Trimmed by an eighth at a time: each trimming costs a few system calls. */
    private static final int SLACK_SHIFT = 3;
    private static final String[] STREAMS = {KernelDirectory.STDOUT, KernelDirectory.STDERR};

    private final long bytesMaxDefault;
    private final Map<Path, Long> bytesMaxByDirectory = new HashMap<>();
    private final ArrayDeque<Path> toLookAt = new ArrayDeque<>();
    private boolean holes = true;
    private long nextPollNs;

    LogTrimmer(final long bytesMaxDefault)
    {
        this.bytesMaxDefault = bytesMaxDefault;
    }

    /** Sets the cap of a kernel's streams; 0: the default. */
    void limit(final Path directory, final long bytesMax)
    {
        if (bytesMax > 0)
        {
            bytesMaxByDirectory.put(directory, bytesMax);
        }
    }

    int poll(final Collection<? extends LoggedKernel> kernels, final long nowNs)
    {
        if (toLookAt.isEmpty())
        {
            if (nowNs < nextPollNs)
            {
                return 0;
            }
            nextPollNs = nowNs + INTERVAL_NS;
            for (final LoggedKernel kernel : kernels)
            {
                toLookAt.add(kernel.directory());
            }
        }
        int workCount = 0;
        for (int i = Math.min(POLL_LIMIT, toLookAt.size()); i > 0; i--)
        {
            workCount += trim(toLookAt.poll());
        }
        return workCount;
    }

    /** Last look at a kernel's output. */
    void ended(final Path directory)
    {
        trim(directory);
        bytesMaxByDirectory.remove(directory);
    }

    private int trim(final Path directory)
    {
        final long bytesMax = bytesMaxByDirectory.getOrDefault(directory, bytesMaxDefault);
        int workCount = 0;
        for (final String stream : STREAMS)
        {
            final Path file = directory.resolve(stream);
            // Cheaper than Files.size, and 0 where there is no file.
            final long length = file.toFile().length();
            if (length > bytesMax)
            {
                workCount += trim(file, length, bytesMax);
            }
        }
        return workCount;
    }

    private int trim(final Path file, final long length, final long bytesMax)
    {
        try
        {
            final LogExtent extent = LogExtent.of(file);
            if (extent.endOffset() - extent.startOffset() <= bytesMax + (bytesMax >> SLACK_SHIFT))
            {
                return 0;
            }
            final long holeLength = (length - bytesMax) / BLOCK * BLOCK;
            if (holes && punch(file, holeLength))
            {
                LogExtent.write(file, extent.baseOffset(), extent.baseOffset() + holeLength);
                return 1;
            }
            // What is written between these two is lost; there is no better way here.
            LogExtent.write(file, extent.endOffset(), extent.endOffset());
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
            {
                channel.truncate(0);
            }
            return 1;
        }
        catch (final IOException e)
        {
            LOG.warn("cannot trim {}: {}", file, e.toString());
            return 0;
        }
    }

    private boolean punch(final Path file, final long length)
    {
        final int fd = Libc.open(file.toString(), Libc.O_RDWR | Libc.O_CLOEXEC, 0);
        if (fd < 0)
        {
            return false;
        }
        final int mode = Libc.FALLOC_FL_KEEP_SIZE | Libc.FALLOC_FL_PUNCH_HOLE;
        final boolean done = 0 == Libc.fallocate(fd, mode, 0, length);
        if (!done)
        {
            holes = false;
            LOG.warn("output of kernels loses more than it must: fallocate errno={}", Native.getLastError());
        }
        Libc.close(fd);
        return done;
    }
}
