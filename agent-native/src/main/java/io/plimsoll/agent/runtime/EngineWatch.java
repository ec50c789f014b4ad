package io.plimsoll.agent.runtime;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the engine now and then whether it is there, on a thread of its own, so that an engine that hangs holds up
 * nobody. It asks on another, since reads of a Unix socket know no timeout: an interrupt ends them. Nothing of the
 * engine's client is loaded before there is a socket.
 */
final class EngineWatch implements AutoCloseable
{
    private static final String NOT_ASKED = "the Docker Engine was not asked yet";
    private static final Logger LOG = LoggerFactory.getLogger(EngineWatch.class);

    private final Path socket;
    private final boolean isExpected;
    private final Supplier<Engine> engines;
    private final long intervalNs;
    private final long timeoutNs;
    private final Consumer<List<String>> onNotes;
    private final ThreadPoolExecutor asker = new ThreadPoolExecutor(
        1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(1), task -> thread(task, "plimsoll-docker-ping"));
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CountDownLatch asked = new CountDownLatch(1);
    private final Thread thread;
    private volatile Health health;

    /**
     * Begins to watch.
     *
     * @param socket     of the engine; null: it is reached over the network.
     * @param isExpected whether it is known to be there, if not now.
     * @param engines    makes one.
     * @param intervalNs between two questions.
     * @param timeoutNs  without an answer after which it hangs.
     * @param onNotes    told, on the thread of the watch, what people should know of an engine that came up.
     */
    EngineWatch(
        final Path socket,
        final boolean isExpected,
        final Supplier<Engine> engines,
        final long intervalNs,
        final long timeoutNs,
        final Consumer<List<String>> onNotes)
    {
        this.socket = socket;
        this.isExpected = isExpected;
        this.engines = engines;
        this.intervalNs = intervalNs;
        this.timeoutNs = timeoutNs;
        this.onNotes = onNotes;
        health = new Health(false, isExpected, NOT_ASKED, false, 0, System.nanoTime());
        thread = thread(this::run, "plimsoll-docker-watch");
        thread.start();
    }

    private static Thread thread(final Runnable task, final String name)
    {
        final Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** As last seen. Any thread. */
    Health health()
    {
        return health;
    }

    /** Waits until it is known for the first time how it is, but not for longer than that. */
    void awaitAsked(final long timeoutNs)
    {
        try
        {
            if (!asked.await(timeoutNs, TimeUnit.NANOSECONDS))
            {
                LOG.debug("the engine has not answered yet");
            }
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
        }
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
                    set(false, seen || isExpected, what + socket, System.nanoTime());
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

    private boolean look(final Engine engine, final boolean noted) throws InterruptedException
    {
        final long askedNs = System.nanoTime();
        try
        {
            final List<String> notes = ask(engine, noted);
            if (!noted)
            {
                onNotes.accept(notes);
            }
            set(true, true, "", askedNs);
            return true;
        }
        catch (final EngineException e)
        {
            set(false, true, e.getMessage(), askedNs);
            return false;
        }
    }

    private List<String> ask(final Engine engine, final boolean noted) throws EngineException, InterruptedException
    {
        Future<List<String>> answer = null;
        try
        {
            answer = asker.submit(() ->
            {
                engine.ping();
                return noted ? List.of() : engine.notes();
            });
            return answer.get(timeoutNs, TimeUnit.NANOSECONDS);
        }
        catch (final TimeoutException | RejectedExecutionException e)
        {
            if (null != answer)
            {
                answer.cancel(true);
            }
            throw new EngineException(
                EngineException.Kind.NO_ANSWER,
                "the Docker Engine does not answer (ping) within " + TimeUnit.NANOSECONDS.toMillis(timeoutNs) + " ms",
                e);
        }
        catch (final ExecutionException e)
        {
            throw e.getCause() instanceof final EngineException known ? known : new EngineException(
                EngineException.Kind.NO_ANSWER, "the Docker Engine does not answer (ping): " + e.getCause(), e);
        }
    }

    private void set(final boolean up, final boolean wasThere, final String detail, final long askedNs)
    {
        final Health before = health;
        if (up != before.up())
        {
            LOG.info("{}", up ? "the Docker Engine answers" : detail);
        }
        final long upUntilNs = before.up() || up ? System.nanoTime() : before.upUntilNs();
        health = new Health(up, wasThere, detail, before.wasUp() || up, upUntilNs, askedNs);
        asked.countDown();
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
        asker.shutdownNow();
    }

    /**
     * How the engine is.
     *
     * @param up        it answers.
     * @param wasThere  it has been seen, so it may come back.
     * @param detail    for people, unless it is up.
     * @param wasUp     it has answered before.
     * @param upUntilNs when it was last seen to answer.
     * @param askedNs   when it was asked what this is the answer to, or the want of one.
     */
    record Health(boolean up, boolean wasThere, String detail, boolean wasUp, long upUntilNs, long askedNs)
    {
        /** Before the first answer, which comes, whatever it is. */
        boolean isAsked()
        {
            return !NOT_ASKED.equals(detail);
        }
    }
}
