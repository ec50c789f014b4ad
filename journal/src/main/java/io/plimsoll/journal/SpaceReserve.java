package io.plimsoll.journal;

import org.agrona.DirectBuffer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Space that is the journal's before it is needed, in two places: blocks allocated ahead in the current segment, for
 * what the ring holds and what follows from accepted work; and a file of its own, given up when a segment cannot grow
 * otherwise, or when the process must start on a full disk. While either is short, {@link #isKept()} says so, and the
 * host refuses new work.
 */
final class SpaceReserve
{
    private static final long PROBE_INTERVAL_NS = 100_000_000;
    private static final String PROBE_FILE = "reserve.probe";

    private final Path file;
    private final long fileLength;
    private GuardedLog current;
    private long reserveLength;
    private long lastProbeNs;
    private volatile boolean kept;

    SpaceReserve(final Path file, final long fileLength)
    {
        this.file = file;
        this.fileLength = fileLength;
    }

    /** Puts a log under guard: space will be kept ahead in it, from the first {@link #isKept()} on. */
    synchronized RecordLog guard(final RecordLog log, final long aheadLength)
    {
        reserveLength = aheadLength;
        current = new GuardedLog(log);
        kept = false;
        lastProbeNs = System.nanoTime() - PROBE_INTERVAL_NS;
        return current;
    }

    /** Any thread: whether all of the reserve is there. Tries to take it if it is not, a few times a second. */
    boolean isKept()
    {
        return kept || probe();
    }

    /** Makes sure that there is that much space now, giving up the reserve file if it must. */
    synchronized void require(final long length)
    {
        if (!isAvailable(length) && !(giveUpFile() && isAvailable(length)))
        {
            throw new JournalFullException("no space left for " + length + " bytes in " + file.getParent());
        }
    }

    private synchronized boolean probe()
    {
        final long nowNs = System.nanoTime();
        if (!kept && nowNs - lastProbeNs >= PROBE_INTERVAL_NS)
        {
            tryKeep();
            lastProbeNs = System.nanoTime();
        }
        return kept;
    }

    private synchronized void tryKeep()
    {
        kept = null != current && current.log.tryReserve(reserveLength) && tryMakeFile();
    }

    private boolean isAvailable(final long length)
    {
        final Path probe = file.resolveSibling(PROBE_FILE);
        try
        {
            Files.newByteChannel(probe, StandardOpenOption.CREATE, StandardOpenOption.WRITE).close();
            final boolean available = Posix.tryAllocate(probe, 0, length);
            Files.delete(probe);
            return available;
        }
        catch (final IOException ex)
        {
            if (IoFailure.isFull(ex))
            {
                return false;
            }
            throw IoFailure.of("cannot reserve space in " + file.getParent(), ex);
        }
    }

    private boolean tryMakeFile()
    {
        try
        {
            if (0 == fileLength || (Files.exists(file) && Files.size(file) >= fileLength))
            {
                return true;
            }
            Files.newByteChannel(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE).close();
            final boolean made = Posix.tryAllocate(file, 0, fileLength);
            if (!made)
            {
                // Half a reserve would only take space from those that could use it.
                Files.delete(file);
            }
            return made;
        }
        catch (final IOException ex)
        {
            // Creating a file may need a block too.
            return false;
        }
    }

    private boolean giveUpFile()
    {
        try
        {
            return Files.deleteIfExists(file);
        }
        catch (final IOException ex)
        {
            throw IoFailure.of("cannot give up " + file, ex);
        }
    }

    private synchronized void tryGrow(final RecordLog log, final long length)
    {
        if (!log.tryReserve(length) && giveUpFile())
        {
            log.tryReserve(length);
        }
    }

    /** Asks for space before each append, so that none can fail for lack of it. */
    private final class GuardedLog implements RecordLog
    {
        private final RecordLog log;
        private long checkedLength;

        private GuardedLog(final RecordLog log)
        {
            this.log = log;
        }

        @Override
        public void append(final DirectBuffer buffer, final int offset, final int length)
        {
            if (!log.tryReserve(length))
            {
                kept = false;
                tryGrow(log, length);
            }
            log.append(buffer, offset, length);
        }

        @Override
        public void sync()
        {
            log.sync();
        }

        @Override
        public void mark(final long sequence)
        {
            log.mark(sequence);
            if (kept && log.length() - checkedLength >= 1 << 16)
            {
                checkedLength = log.length();
                if (!log.tryReserve(reserveLength))
                {
                    kept = false;
                }
            }
        }

        @Override
        public long length()
        {
            return log.length();
        }

        @Override
        public boolean tryReserve(final long lengthBytes)
        {
            return log.tryReserve(lengthBytes);
        }

        @Override
        public LogReader read()
        {
            return log.read();
        }

        @Override
        public void close()
        {
            synchronized (SpaceReserve.this)
            {
                if (current == this)
                {
                    current = null;
                }
            }
            log.close();
        }
    }
}
