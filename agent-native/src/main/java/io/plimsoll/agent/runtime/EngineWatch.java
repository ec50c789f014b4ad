package io.plimsoll.agent.runtime;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the engine now and then whether it is there, on a thread of its own, so that an engine that hangs holds up
 * nobody. Nothing of the engine's client is loaded before there is a socket.
 */
final class EngineWatch implements AutoCloseable
{
    private static final Logger LOG = LoggerFactory.getLogger(EngineWatch.class);

    private final Path socket;
    private final Supplier<Engine> engines;
    private final long intervalNs;
    private final Consumer<List<String>> onNotes;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private volatile Health health;

    /**
     * Begins to watch.
     *
     * @param socket     of the engine; null: it is reached over the network.
     * @param engines    makes one whose calls end soon.
     * @param intervalNs between two questions.
     * @param onNotes    told, on the thread of the watch, what people should know of an engine that came up.
     */
    EngineWatch(
        final Path socket, final Supplier<Engine> engines, final long intervalNs, final Consumer<List<String>> onNotes)
    {
        this.socket = socket;
        this.engines = engines;
        this.intervalNs = intervalNs;
        this.onNotes = onNotes;
        health = Health.NOT_ASKED;
        thread = new Thread(this::run, "plimsoll-docker-watch");
        thread.setDaemon(true);
        thread.start();
    }

    /** As last seen. Any thread. */
    Health health()
    {
        return health;
    }

    private void run()
    {
        Engine engine = null;
        boolean noted = false;
        boolean seen = false;
        try
        {
            do
            {
                if (null != socket && !Files.exists(socket))
                {
                    final String what = seen ? "the Docker Engine is gone from " : "there is no Docker Engine at ";
                    set(new Health(false, seen, what + socket));
                    noted = false;
                    continue;
                }
                seen = true;
                if (null == engine)
                {
                    engine = engines.get();
                }
                noted = look(engine, noted);
            }
            while (!closed.await(intervalNs, TimeUnit.NANOSECONDS));
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
        }
        finally
        {
            close(engine);
        }
    }

    private boolean look(final Engine engine, final boolean noted)
    {
        try
        {
            engine.ping();
            if (!noted)
            {
                onNotes.accept(engine.notes());
            }
            set(new Health(true, true, ""));
            return true;
        }
        catch (final EngineException e)
        {
            set(new Health(false, true, e.getMessage()));
            return false;
        }
    }

    private void set(final Health seen)
    {
        if (seen.up() != health.up())
        {
            LOG.info("{}", seen.up() ? "the Docker Engine answers" : seen.detail());
        }
        health = seen;
    }

    private static void close(final Closeable engine)
    {
        try
        {
            if (null != engine)
            {
                engine.close();
            }
        }
        catch (final IOException e)
        {
            LOG.debug("closing", e);
        }
    }

    @Override
    public void close()
    {
        closed.countDown();
        thread.interrupt();
    }

    /**
     * How the engine is.
     *
     * @param up       it answers.
     * @param wasThere it has been seen, so it may come back.
     * @param detail   for people, unless it is up.
     */
    record Health(boolean up, boolean wasThere, String detail)
    {
        /** Before the first answer, which comes, whatever it is. */
        static final Health NOT_ASKED = new Health(false, true, "the Docker Engine was not asked yet");
    }
}
