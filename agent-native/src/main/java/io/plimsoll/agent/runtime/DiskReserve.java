package io.plimsoll.agent.runtime;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Space put aside for what kernels need to start, end and be reported on a disk that somebody has filled: a file that
 * is given up when space runs out, and made anew when there is plenty. A kernel takes some 30 KB. One thread.
 */
final class DiskReserve
{
    private static final Logger LOG = LoggerFactory.getLogger(DiskReserve.class);
    private static final long LENGTH = 16L << 20;
    private static final long RELEASE_BELOW = LENGTH / 4;
    private static final long MAKE_ABOVE = 4 * LENGTH;
    private static final long INTERVAL_NS = 500_000_000L;
    private static final int MODE = 0600;
    private static final int O_CREAT = 0x40;

    private final Path file;
    private final FileStore disk;
    private boolean held;
    private long nextPollNs;

    /**
     * Makes it, if there is space.
     *
     * @param directory on the disk in question.
     * @throws IOException if there is no such directory.
     */
    DiskReserve(final Path directory) throws IOException
    {
        file = directory.resolve("reserve");
        disk = Files.getFileStore(directory);
        held = Files.exists(file);
        poll(0);
        nextPollNs = 0;
    }

    /** Looks how much space there is, now and then. */
    int poll(final long nowNs)
    {
        if (nowNs < nextPollNs)
        {
            return 0;
        }
        nextPollNs = nowNs + INTERVAL_NS;
        try
        {
            final long usable = disk.getUsableSpace();
            if (held && usable < RELEASE_BELOW)
            {
                held = false;
                Files.deleteIfExists(file);
                LOG.warn("the disk of {} is full: the agent lives on its reserve", file.getParent());
                return 1;
            }
            if (!held && usable > MAKE_ABOVE)
            {
                make();
                return 1;
            }
        }
        catch (final IOException e)
        {
            LOG.warn("cannot look after {}: {}", file, e.toString());
        }
        return 0;
    }

    private void make()
    {
        final int fd = Libc.open(file.toString(), Libc.O_RDWR | Libc.O_CLOEXEC | O_CREAT, MODE);
        if (fd >= 0)
        {
            held = 0 == Libc.fallocate(fd, 0, 0, LENGTH);
            Libc.close(fd);
        }
    }
}
