package io.plimsoll.ops.cli;

import java.io.IOException;
import java.io.OutputStream;
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

    /** To be called when the session has ended: what is still on its way is waited for, within reason. */
    void awaitComplete() throws InterruptedException
    {
        ended = true;
        final long deadlineMs = System.nanoTime() / 1_000_000 + COMPLETE_TIMEOUT_MS;
        for (final Thread thread : threads)
        {
            thread.join(Math.max(1, deadlineMs - System.nanoTime() / 1_000_000));
        }
    }

    @Override
    public void close()
    {
        closed = true;
    }

    private void follow(final int kernel, final String stream, final PrintStream target)
    {
        final OutputStream sink = 1 == kernels ? target : new LabelledLines(target, kernel + ": ");
        final CountingOutput counting = new CountingOutput(sink);
        final Thread thread = new Thread(() -> copy(kernel, stream, counting), stream + "-" + kernel);
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
                LockSupport.parkNanos(RETRY_NS);
            }
            catch (final IOException brokenPipe)
            {
                return;
            }
        }
    }
}
