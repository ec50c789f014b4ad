package io.plimsoll.ops.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Follows both output streams of every kernel of one session, a thread each, from before it runs until it has ended. A
 * stream that breaks off is taken up where it broke, so that nothing is shown twice and nothing is left out.
 */
final class SessionOutput implements AutoCloseable
{
    private static final long COMPLETE_TIMEOUT_MS = 10_000;
    private static final long RETRY_NS = 50_000_000;
    private static final int KERNELS_FOLLOWED_MAX = 64;

    private final Api api;
    private final long id;
    private final int kernels;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean ended;
    private volatile boolean closed;
    private volatile CliException failure;

    SessionOutput(final Api api, final long id, final int kernels)
    {
        this.api = api;
        this.id = id;
        this.kernels = Math.min(kernels, KERNELS_FOLLOWED_MAX);
    }

    void start(final PrintStream out, final PrintStream err)
    {
        for (int kernel = 0; kernel < kernels; kernel++)
        {
            follow(kernel, "stdout", out);
            follow(kernel, "stderr", err);
        }
    }

    /**
     * To be called when the session has ended: what is still on its way is waited for, within reason.
     *
     * @return null, or why some of the output is missing.
     */
    String awaitComplete() throws InterruptedException
    {
        ended = true;
        final long deadlineMs = System.nanoTime() / 1_000_000 + COMPLETE_TIMEOUT_MS;
        for (final Thread thread : threads)
        {
            thread.join(Math.max(1, deadlineMs - System.nanoTime() / 1_000_000));
            if (thread.isAlive())
            {
                return "it is still on its way; see plimsoll logs " + id;
            }
        }
        return null == failure ? null : failure.getMessage();
    }

    @Override
    public void close()
    {
        closed = true;
    }

    private void follow(final int kernel, final String stream, final PrintStream target)
    {
        final LabelledLines lines = 1 == kernels ? null : new LabelledLines(target, kernel + ": ");
        final Thread thread = new Thread(
            () ->
            {
                copy(kernel, stream, new CountingOutput(null == lines ? target : lines));
                if (null != lines)
                {
                    lines.close();
                }
            },
            stream + "-" + kernel);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void copy(final int kernel, final String stream, final CountingOutput sink)
    {
        final String path = "/v1/sessions/" + id + "/logs?stream=" + stream + "&kernel=" + kernel + "&follow=true";
        boolean again = true;
        while (again)
        {
            // Once the session has ended, one more try is enough.
            again = !ended && !closed;
            try
            {
                api.copy(path + "&offset=" + sink.count(), sink);
                sink.flush();
                return;
            }
            catch (final CliException unavailable)
            {
                if (!again)
                {
                    failure = unavailable;
                }
                LockSupport.parkNanos(RETRY_NS);
            }
            catch (final IOException brokenPipe)
            {
                return;
            }
        }
    }
}
