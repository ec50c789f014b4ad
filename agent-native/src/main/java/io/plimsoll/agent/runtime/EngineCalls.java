package io.plimsoll.agent.runtime;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Calls of the engine on a few threads, so that the agent's never waits. What they give is taken at {@link #poll}. A
 * call that is under way, or waits for its turn, for too long counts as unanswered, and what it gives later is dropped:
 * an engine that hangs costs no kernel more than its deadline. The thread is interrupted, which closes the connection;
 * reads of a Unix socket know no timeout. A call for which there is no room counts as unanswered too. Who has something
 * to tell waits until there is room. Called by the agent's thread.
 */
final class EngineCalls implements AutoCloseable
{
    private static final long LOOK_INTERVAL_NS = 50_000_000L;
    private static final long TELL_INTERVAL_MS = 50;
    private static final long KEEP_ALIVE_S = 60;
    private static final int QUEUED_MAX = 4096;
    private static final int TOLD_MAX = 1024;

    private final ThreadPoolExecutor threads;
    private final long timeoutNs;
    private final List<Pending> open = new ArrayList<>();
    private final ArrayDeque<Pending> refused = new ArrayDeque<>();
    private final BlockingQueue<Runnable> told;
    private final int toldMax;
    private long nextLookNs = System.nanoTime();
    /** When the engine last answered any call, be it that it cannot. */
    private volatile long answeredNs = System.nanoTime();
    private volatile boolean closed;

    EngineCalls(final int threadCount, final long timeoutNs)
    {
        this(threadCount, timeoutNs, QUEUED_MAX, TOLD_MAX);
    }

    EngineCalls(final int threadCount, final long timeoutNs, final int queuedMax, final int toldMax)
    {
        this.timeoutNs = timeoutNs;
        this.toldMax = toldMax;
        told = new ArrayBlockingQueue<>(toldMax);
        threads = new ThreadPoolExecutor(
            threadCount, threadCount, KEEP_ALIVE_S, TimeUnit.SECONDS, new ArrayBlockingQueue<>(queuedMax), task ->
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
        try
        {
            pending.future = threads.submit(() -> make(pending, call, done));
        }
        catch (final RejectedExecutionException e)
        {
            // Told at the next poll, since nobody expects to be told before this returns.
            refused.add(pending);
        }
    }

    private <T> void make(final Pending pending, final Call<T> call, final Done<T> done)
    {
        pending.begin();
        T made = null;
        EngineException thrown = null;
        try
        {
            made = call.run();
        }
        catch (final EngineException e)
        {
            thrown = e;
        }
        catch (final RuntimeException | Error e)
        {
            thrown = new EngineException(EngineException.Kind.NO_ANSWER, pending.what + ": " + e, e);
        }
        if (null == thrown || EngineException.Kind.NO_ANSWER != thrown.kind())
        {
            answeredNs = System.nanoTime();
        }
        final T result = made;
        final EngineException failure = thrown;
        tell(() ->
        {
            if (open.remove(pending))
            {
                done.onDone(result, failure);
            }
        });
    }

    /** Has something done on the agent's thread; waits for room. Any other thread. */
    void tell(final Runnable task)
    {
        boolean interrupted = false;
        boolean taken = false;
        while (!taken && !closed)
        {
            try
            {
                taken = told.offer(task, TELL_INTERVAL_MS, TimeUnit.MILLISECONDS);
            }
            catch (final InterruptedException e)
            {
                // Of a stream that is closed, which tells its end nevertheless.
                interrupted = true;
            }
        }
        if (interrupted)
        {
            Thread.currentThread().interrupt();
        }
    }

    /** Takes what there is. */
    int poll()
    {
        int workCount = 0;
        for (int i = refused.size(); i > 0; i--)
        {
            abandon(refused.poll(), "so many calls at a time");
            workCount++;
        }
        for (int i = 0; i < toldMax; i++)
        {
            final Runnable task = told.poll();
            if (null == task)
            {
                break;
            }
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
            if (nowNs - (pending.begun ? pending.begunNs : pending.submittedNs) > timeoutNs)
            {
                overdue.add(pending);
            }
        }
        overdue.forEach(pending -> abandon(pending, "within " + TimeUnit.NANOSECONDS.toMillis(timeoutNs) + " ms"));
        return overdue.size();
    }

    /**
     * The engine has not answered what it was asked at a time: nobody waits for it any more. But if it has answered any
     * call since, it is back, and what was asked meanwhile has deadlines of its own.
     */
    void abandonAll(final long askedNs)
    {
        if (answeredNs - askedNs <= 0)
        {
            new ArrayList<>(open).forEach(pending -> abandon(pending, "any more"));
        }
    }

    private void abandon(final Pending pending, final String when)
    {
        if (open.remove(pending))
        {
            if (null != pending.future)
            {
                pending.future.cancel(true);
            }
            pending.unanswered.accept(new EngineException(
                EngineException.Kind.NO_ANSWER, "the Docker Engine does not answer (" + pending.what + ") " + when));
        }
    }

    @Override
    public void close()
    {
        closed = true;
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
        private final long submittedNs = System.nanoTime();
        /** Null: there was no room for it. */
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
