package io.plimsoll.ops.cli;

import io.plimsoll.loadtest.live.LiveManager;
import io.plimsoll.loadtest.live.LoadRun;
import io.plimsoll.loadtest.live.OwnManager;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C and SIGTERM, from before the manager of a load test is started until it is gone: the process stays until what
 * was measured is told and the manager has ended, but not for ever, and never leaves the manager behind.
 */
final class LoadtestEnd implements AutoCloseable
{
    private static final long REPORT_TIMEOUT_S = 60;

    private final Thread main = Thread.currentThread();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook = new Thread(this::onSignal, "interrupt");
    private LoadRun run;
    private LiveManager manager;
    private boolean isAsked;

    /** For the thread that runs the load test. */
    LoadtestEnd()
    {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** The manager listens, and this is about to begin. */
    synchronized void of(final LoadRun begun, final LiveManager listening)
    {
        run = begun;
        manager = listening;
        if (isAsked)
        {
            Thread.interrupted();
            begun.interrupt();
        }
    }

    private void onSignal()
    {
        ask();
        boolean isDone = false;
        try
        {
            isDone = closed.await(REPORT_TIMEOUT_S, TimeUnit.SECONDS);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
        if (!isDone)
        {
            endManager();
        }
    }

    private synchronized void ask()
    {
        isAsked = true;
        if (null == run)
        {
            // It waits for the manager to come up.
            main.interrupt();
        }
        else
        {
            run.interrupt();
        }
    }

    private synchronized void endManager()
    {
        if (manager instanceof OwnManager own)
        {
            own.kill();
        }
    }

    @Override
    public void close()
    {
        closed.countDown();
        try
        {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
        catch (final IllegalStateException ending)
        {
            // It is at work, and waits for us.
        }
    }
}
