package io.plimsoll.agent.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Calls of the engine on a few threads, so that the agent's never waits. What they give is taken at {@link #poll}. A
 * call that is under way for too long counts as unanswered, and what it gives later is dropped: the engine that hangs
 * costs a thread until its socket times out, and no kernel more than its deadline. Called by the agent's thread.
 */
final class EngineCalls implements AutoCloseable
{
    private static final long LOOK_INTERVAL_NS = 50_000_000L;
    private static final long KEEP_ALIVE_S = 60;

    private final ThreadPoolExecutor threads;
    private final long timeoutNs;
    private final List<Pending> open = new ArrayList<>();
    private final ConcurrentLinkedQueue<Runnable> told = new ConcurrentLinkedQueue<>();
    private long nextLookNs = System.nanoTime();

    EngineCalls(final int threadCount, final long timeoutNs)
    {
        this.timeoutNs = timeoutNs;
        threads = new ThreadPoolExecutor(
            threadCount, threadCount, KEEP_ALIVE_S, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task ->
            {
                final Thread thread = new Thread(task, "plimsoll-docker");
                thread.setDaemon(true);
                return thread;
            });
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Makes a call.
     *
     * @param what for people.
     * @param call made on another thread.
     * @param done told on the agent's thread.
     */
    <T> void submit(final String what, final Call<T> call, final Done<T> done)
    {
        final Pending pending = new Pending(what, failure -> done.onDone(null, failure));
        open.add(pending);
        pending.future = threads.submit(() ->
        {
            pending.begin();
            T result = null;
            EngineException failure = null;
            try
            {
                result = call.run();
            }
            catch (final EngineException e)
            {
                failure = e;
            }
            catch (final RuntimeException | Error e)
            {
                failure = new EngineException(EngineException.Kind.NO_ANSWER, what + ": " + e, e);
            }
            finish(pending, done, result, failure);
        });
    }

    private <T> void finish(
        final Pending pending, final Done<T> done, final T result, final EngineException failure)
    {
        tell(() ->
        {
            if (open.remove(pending))
            {
                done.onDone(result, failure);
            }
        });
    }

    /** Has something done on the agent's thread. Any thread. */
    void tell(final Runnable task)
    {
        told.add(task);
    }

    /** Takes what there is. */
    int poll()
    {
        int workCount = 0;
        for (Runnable task = told.poll(); null != task; task = told.poll())
        {
            task.run();
            workCount++;
        }
        final long nowNs = System.nanoTime();
        if (!open.isEmpty() && nowNs - nextLookNs >= 0)
        {
            nextLookNs = nowNs + LOOK_INTERVAL_NS;
            workCount += expire(nowNs);
        }
        return workCount;
    }

    private int expire(final long nowNs)
    {
        final List<Pending> overdue = new ArrayList<>();
        for (final Pending pending : open)
        {
            if (pending.begun && nowNs - pending.begunNs > timeoutNs)
            {
                overdue.add(pending);
            }
        }
        overdue.forEach(pending -> abandon(pending, "within " + TimeUnit.NANOSECONDS.toMillis(timeoutNs) + " ms"));
        return overdue.size();
    }

    /** The engine is known not to answer: nobody waits for it any more. */
    void abandonAll()
    {
        new ArrayList<>(open).forEach(pending -> abandon(pending, "any more"));
    }

    private void abandon(final Pending pending, final String when)
    {
        if (open.remove(pending))
        {
            pending.future.cancel(true);
            pending.unanswered.accept(new EngineException(
                EngineException.Kind.NO_ANSWER, "the Docker Engine does not answer (" + pending.what + ") " + when));
        }
    }

    @Override
    public void close()
    {
        threads.shutdownNow();
    }

    /** Made on another thread. */
    @FunctionalInterface
    interface Call<T>
    {
        T run() throws EngineException;
    }

    /** Told on the agent's thread. */
    @FunctionalInterface
    interface Done<T>
    {
        /** Failure null: it gave that. */
        void onDone(T result, EngineException failure);
    }

    private static final class Pending
    {
        private final String what;
        private final Consumer<EngineException> unanswered;
        private Future<?> future;
        private long begunNs;
        /** Written behind the time of it. */
        private volatile boolean begun;

        Pending(final String what, final Consumer<EngineException> unanswered)
        {
            this.what = what;
            this.unanswered = unanswered;
        }

        void begin()
        {
            begunNs = System.nanoTime();
            begun = true;
        }
    }
}
