package io.plimsoll.agent.runtime;

import java.io.Closeable;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a container in a terminal writes, by the engine's attach: the engine's log has it by lines only, too late for
 * whoever types. On a thread of its own, which waits in a read.
 */
final class DockerScreen implements Closeable
{
    private static final Logger LOG = LoggerFactory.getLogger(DockerScreen.class);
    private static final long STACK_BYTES = 256 * 1024;

    private final Engine engine;
    private final String container;
    private final ContainerLog log;

    // Guarded by this.
    private ExecConnection connection;
    private boolean attached;
    private boolean closed;
    private boolean ended;

    DockerScreen(final Engine engine, final String container, final ContainerLog log)
    {
        this.engine = engine;
        this.container = container;
        this.log = log;
    }

    /**
     * Begins to read.
     *
     * @param isNew whether the container is started after this: then this waits for the engine, and misses nothing.
     */
    void begin(final boolean isNew)
    {
        if (isNew)
        {
            connect();
        }
        final Thread thread = new Thread(null, this::run, "plimsoll-docker-screen", STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
    }

    private void connect()
    {
        try
        {
            final ExecConnection opened = engine.connectExec(true);
            synchronized (this)
            {
                connection = opened;
                if (closed)
                {
                    opened.close();
                }
            }
            log.onShowing(this, true);
            opened.attachOutput(container);
            synchronized (this)
            {
                attached = !closed;
            }
        }
        catch (final IOException e)
        {
            LOG.debug("not attached to {}: {}", container, e.toString());
            close();
        }
    }

    private void run()
    {
        try
        {
            if (null == connection())
            {
                // What the log has of before comes first.
                log.awaitQuiet();
                connect();
            }
            final Sink sink = new Sink();
            final ExecConnection open = connection();
            while (null != open && sink.isWanted && open.read(sink))
            {
                // Until its end.
                continue;
            }
        }
        catch (final IOException e)
        {
            LOG.debug("no longer attached to {}: {}", container, e.toString());
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
        }
        finally
        {
            close();
            synchronized (this)
            {
                ended = true;
            }
            log.onShowing(this, false);
        }
    }

    private synchronized ExecConnection connection()
    {
        return closed ? null : connection;
    }

    /** Whether all is shown that is written from now on. */
    synchronized boolean isAttached()
    {
        return attached;
    }

    synchronized boolean hasEnded()
    {
        return ended;
    }

    @Override
    public synchronized void close()
    {
        closed = true;
        if (null != connection)
        {
            connection.close();
        }
    }

    /** Passes it on. */
    private final class Sink implements ExecConnection.Sink
    {
        private boolean isWanted = true;

        @Override
        public void onOutput(final boolean stderr, final byte[] content)
        {
            try
            {
                isWanted = log.onShown(DockerScreen.this, content);
            }
            catch (final InterruptedException e)
            {
                Thread.currentThread().interrupt();
                isWanted = false;
            }
        }
    }
}
