package io.plimsoll.agent.plugin;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Calls of code that somebody else wrote: each on a thread that may be lost, so that no loop of the agent ever waits
 * for one. Begun by any thread.
 */
public final class PluginCalls implements AutoCloseable
{
    private static final long KEEP_ALIVE_S = 10;

    private final String plugin;
    private final int callMax;
    /**
     * One for each call that may begin. Not the number of threads: the thread of a call that has just come back may
     * still be on its way to be free.
     */
    private final Semaphore room;
    private final ThreadPoolExecutor threads;

    /**
     * For one plugin.
     *
     * @param plugin  its name.
     * @param loader  of its classes, which those that it looks up itself come from as well.
     * @param callMax most calls under way, those that never come back included.
     */
    public PluginCalls(final String plugin, final ClassLoader loader, final int callMax)
    {
        this.plugin = plugin;
        this.callMax = callMax;
        room = new Semaphore(callMax);
        threads = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, KEEP_ALIVE_S, TimeUnit.SECONDS, new SynchronousQueue<>(), task ->
            {
                final Thread thread = new Thread(task, "plimsoll-" + plugin);
                thread.setDaemon(true);
                thread.setContextClassLoader(loader);
                return thread;
            });
    }

    /**
     * Begins a call.
     *
     * @param task to do.
     * @return the call; null: too many do not come back, or all are closed.
     */
    public <T> Call<T> tryBegin(final Callable<T> task)
    {
        if (!room.tryAcquire())
        {
            return null;
        }
        final Call<T> call = new Call<>(task, room);
        try
        {
            threads.execute(call::run);
            return call;
        }
        catch (final RejectedExecutionException e)
        {
            // Closed.
            room.release();
            return null;
        }
    }

    /**
     * Makes a call, for those that have time.
     *
     * @param task      to do.
     * @param timeoutNs to wait for it at most.
     * @return what it gave.
     * @throws PluginException if it did not, with the reason for people.
     */
    public <T> T call(final Callable<T> task, final long timeoutNs) throws PluginException
    {
        final Call<T> call = tryBegin(task);
        if (null == call)
        {
            throw new PluginException(plugin + " does not come back from " + callMax + " calls");
        }
        return call.await(timeoutNs);
    }

    /** Those that are under way are interrupted; nobody waits for them. */
    @Override
    public void close()
    {
        threads.shutdownNow();
    }

    /** A call that is under way, or was. */
    public static final class Call<T>
    {
        private final FutureTask<T> future;
        private final Semaphore room;
        private boolean hasBegun;
        private volatile boolean returned;

        Call(final Callable<T> task, final Semaphore room)
        {
            this.room = room;
            future = new FutureTask<>(() ->
            {
                hasBegun = true;
                try
                {
                    return task.call();
                }
                finally
                {
                    onReturn();
                }
            });
        }

        private void run()
        {
            future.run();
            if (!hasBegun)
            {
                // Given up before.
                onReturn();
            }
        }

        /** Before anybody is told what it gave, so that whoever is may begin the next. */
        private void onReturn()
        {
            room.release();
            returned = true;
        }

        /** Whether it came back, one way or another, or is not waited for any more. */
        public boolean isDone()
        {
            return future.isDone();
        }

        /** Whether nobody is in it any more. */
        public boolean hasReturned()
        {
            return returned;
        }

        /**
         * What it gave; only of one that is done.
         *
         * @throws PluginException with what it threw, for people.
         */
        public T result() throws PluginException
        {
            return await(0);
        }

        T await(final long timeoutNs) throws PluginException
        {
            return await(timeoutNs, true);
        }

        private T await(final long timeoutNs, final boolean thenInterrupt) throws PluginException
        {
            try
            {
                return future.get(timeoutNs, TimeUnit.NANOSECONDS);
            }
            catch (final InterruptedException e)
            {
                Thread.currentThread().interrupt();
                throw new PluginException("interrupted");
            }
            catch (final TimeoutException e)
            {
                if (thenInterrupt)
                {
                    interrupt();
                }
                throw new PluginException(
                    "no answer within " + TimeUnit.NANOSECONDS.toMillis(timeoutNs) + " ms");
            }
            catch (final ExecutionException e)
            {
                throw new PluginException(text(e.getCause()));
            }
        }

        /** Waits for it, and gives whether it is done. */
        public boolean awaitDone(final long timeoutNs)
        {
            try
            {
                await(timeoutNs, false);
            }
            catch (final PluginException e)
            {
                // What it threw is for who asks for the result.
                return future.isDone();
            }
            return true;
        }

        /** Asks it to give up, and waits for it no more, whether it does or not. */
        public void interrupt()
        {
            future.cancel(true);
        }

        private static String text(final Throwable error)
        {
            final String message = error.getMessage();
            final boolean isForPeople = error instanceof IOException || error instanceof IllegalArgumentException;
            return isForPeople && null != message && !message.isBlank() ? message :
                error.getClass().getSimpleName() + (null == message ? "" : ": " + message);
        }
    }

    /** A plugin that did not do what it should; the message is for people. */
    public static final class PluginException extends Exception
    {
        private static final long serialVersionUID = 1L;

        PluginException(final String message)
        {
            super(message);
        }
    }
}
