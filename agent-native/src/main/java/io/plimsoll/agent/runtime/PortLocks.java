package io.plimsoll.agent.runtime;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says to other agents on this host which ports this one has given to kernels that may not listen there yet: a lock on
 * the byte of a common file that has the port's number. They go with the process that has them; by then the kernels
 * listen, and that can be seen. Where no such file can be had, agents take the risk. Of the agent's thread.
 * <p>
 * Linux has such locks by process, and gives up all that a process has on a file as soon as it closes any of its
 * channels to it. So agents of one process share one, and keep apart by themselves what each of them has.
 */
final class PortLocks implements Closeable
{
    /** Takes none, and knows of none. */
    static final PortLocks NONE = new PortLocks(null);

    private static final Logger LOG = LoggerFactory.getLogger(PortLocks.class);
    private static final String NAME = "plimsoll-ports";
    /** Those of this process by device and inode; guarded by itself. */
    private static final Map<Object, Shared> SHARED = new HashMap<>();

    private final Shared shared;
    private final Set<Integer> own = new HashSet<>();
    private boolean closed;

    private PortLocks(final Shared shared)
    {
        this.shared = shared;
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
            Files.createFile(path);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
        }
        catch (final FileAlreadyExistsException e)
        {
            // The usual case. It is not opened to find that out, since it would have to be closed again.
            LOG.trace("there is {}", path);
        }
        final Object file = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        synchronized (SHARED)
        {
            Shared shared = SHARED.get(file);
            if (null == shared)
            {
                shared = new Shared(file, FileChannel.open(path, StandardOpenOption.WRITE));
                SHARED.put(file, shared);
            }
            shared.users++;
            return new PortLocks(shared);
        }
    }

    /** Takes a port; false if another agent has it. */
    boolean tryTake(final int port)
    {
        if (null == shared || closed || own.contains(port))
        {
            return true;
        }
        synchronized (SHARED)
        {
            if (shared.locks.containsKey(port))
            {
                return false;
            }
            try
            {
                final FileLock lock = shared.channel.tryLock(port, 1, false);
                if (null != lock)
                {
                    shared.locks.put(port, lock);
                    own.add(port);
                }
                return null != lock;
            }
            catch (final OverlappingFileLockException e)
            {
                // Of somebody else in this process who has the file open.
                return false;
            }
            catch (final IOException e)
            {
                LOG.debug("no lock for port {}", port, e);
                return true;
            }
        }
    }

    void giveBack(final int port)
    {
        if (own.remove(port))
        {
            synchronized (SHARED)
            {
                try
                {
                    shared.locks.remove(port).release();
                }
                catch (final IOException e)
                {
                    LOG.debug("releasing port {}", port, e);
                }
            }
        }
    }

    @Override
    public void close()
    {
        List.copyOf(own).forEach(this::giveBack);
        if (null == shared || closed)
        {
            return;
        }
        closed = true;
        synchronized (SHARED)
        {
            shared.users--;
            if (0 == shared.users)
            {
                SHARED.remove(shared.file);
                try
                {
                    shared.channel.close();
                }
                catch (final IOException e)
                {
                    LOG.debug("closing", e);
                }
            }
        }
    }

    /** What the agents of this process have in common. */
    private static final class Shared
    {
        private final Object file;
        private final FileChannel channel;
        private final Map<Integer, FileLock> locks = new HashMap<>();
        private int users;

        Shared(final Object file, final FileChannel channel)
        {
            this.file = file;
            this.channel = channel;
        }
    }
}
