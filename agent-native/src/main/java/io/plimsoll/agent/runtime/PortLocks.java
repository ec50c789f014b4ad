package io.plimsoll.agent.runtime;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says to other agents on this host which ports this one has given to kernels that may not listen there yet: a lock on
 * the byte of a common file that has the port's number. They go with the process that has them; by then the kernels
 * listen, and that can be seen. Where no such file can be had, agents take the risk. Of the agent's thread.
 */
final class PortLocks implements Closeable
{
    /** Takes none, and knows of none. */
    static final PortLocks NONE = new PortLocks(null);

    private static final Logger LOG = LoggerFactory.getLogger(PortLocks.class);
    private static final String NAME = "plimsoll-ports";

    private final FileChannel file;
    private final Map<Integer, FileLock> locks = new HashMap<>();

    private PortLocks(final FileChannel file)
    {
        this.file = file;
    }

    /** Those of this host. */
    static PortLocks ofHost()
    {
        for (final String directory : List.of("/run/lock", "/tmp"))
        {
            try
            {
                return at(Path.of(directory, NAME));
            }
            catch (final IOException e)
            {
                LOG.debug("no locks for ports in {}: {}", directory, e.toString());
            }
        }
        return NONE;
    }

    static PortLocks at(final Path path) throws IOException
    {
        try
        {
            return new PortLocks(FileChannel.open(path, StandardOpenOption.WRITE));
        }
        catch (final NoSuchFileException e)
        {
            final FileChannel file =
                FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
            return new PortLocks(file);
        }
    }

    /** Takes a port; false if another agent has it. */
    boolean tryTake(final int port)
    {
        if (null == file || locks.containsKey(port))
        {
            return true;
        }
        try
        {
            final FileLock lock = file.tryLock(port, 1, false);
            if (null != lock)
            {
                locks.put(port, lock);
            }
            return null != lock;
        }
        catch (final OverlappingFileLockException e)
        {
            // Of another agent in this process.
            return false;
        }
        catch (final IOException e)
        {
            LOG.debug("no lock for port {}", port, e);
            return true;
        }
    }

    void giveBack(final int port)
    {
        final FileLock lock = locks.remove(port);
        if (null != lock)
        {
            try
            {
                lock.release();
            }
            catch (final IOException e)
            {
                LOG.debug("releasing port {}", port, e);
            }
        }
    }

    @Override
    public void close()
    {
        List.copyOf(locks.keySet()).forEach(this::giveBack);
        try
        {
            if (null != file)
            {
                file.close();
            }
        }
        catch (final IOException e)
        {
            LOG.debug("closing", e);
        }
    }
}
