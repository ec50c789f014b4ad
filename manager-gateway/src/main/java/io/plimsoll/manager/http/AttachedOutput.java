package io.plimsoll.manager.http;

import io.netty.util.concurrent.EventExecutor;
import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.view.KernelView;
import io.plimsoll.manager.view.LogSource;
import io.plimsoll.manager.view.SessionView;
import io.plimsoll.manager.view.TerminalSource;
import java.util.concurrent.TimeUnit;

/**
 * A kernel's own output from now on, as a terminal that takes no input; it ends with the kernel, and with its exit
 * code. Both come from the logs, so nothing that a client does here can touch the kernel. Event loop only.
 */
final class AttachedOutput implements TerminalSource.Stream
{
    private static final long LOOK_DELAY_MS = 20;
    private static final int LOOKS_MAX = 500;

    private final ManagerServices services;
    private final long sessionId;
    private final KernelView kernel;
    private final EventExecutor eventLoop;
    private final TerminalSource.Listener listener;
    private LogSource.Stream out;
    private LogSource.Stream err;
    private int open = 2;
    private int looks;
    private boolean closed;

    private AttachedOutput(
        final ManagerServices services,
        final long sessionId,
        final KernelView kernel,
        final EventExecutor eventLoop,
        final TerminalSource.Listener listener)
    {
        this.services = services;
        this.sessionId = sessionId;
        this.kernel = kernel;
        this.eventLoop = eventLoop;
        this.listener = listener;
    }

    static AttachedOutput open(
        final ManagerServices services,
        final long sessionId,
        final KernelView kernel,
        final int windowBytes,
        final EventExecutor eventLoop,
        final TerminalSource.Listener listener)
    {
        final AttachedOutput attached = new AttachedOutput(services, sessionId, kernel, eventLoop, listener);
        attached.out = attached.follow(false, windowBytes);
        try
        {
            attached.err = attached.follow(true, windowBytes);
        }
        catch (final RuntimeException ex)
        {
            attached.out.close();
            throw ex;
        }
        listener.onInputCredit(0);
        return attached;
    }

    private LogSource.Stream follow(final boolean stderr, final int windowBytes)
    {
        final LogSource.Stream stream = services.logs().open(
            kernel.kernelId(), kernel.attempt(), stderr, true, -1, 0, new LogSource.Listener()
            {
                @Override
                public void onData(final long offset, final byte[] content)
                {
                    listener.onData(stderr, content);
                }

                @Override
                public void onEnd(final String error)
                {
                    eventLoop.execute(() -> ended(error));
                }
            });
        stream.request(windowBytes);
        return stream;
    }

    private void ended(final String error)
    {
        if (closed)
        {
            return;
        }
        if (null != error)
        {
            listener.onEnd(new TerminalSource.End(
                error, 0, "the kernel's output cannot be read any more: " + error + "; the kernel goes on"));
            return;
        }
        open--;
        if (0 == open)
        {
            lookForEnd();
        }
    }

    /** The output ends before the manager has journalled the end of the kernel. */
    private void lookForEnd()
    {
        if (closed)
        {
            return;
        }
        final SessionView session = services.view().session(sessionId);
        final KernelView now = null == session ? null : session.kernels().get(kernel.index());
        looks++;
        if (null != now && now.attempt() == kernel.attempt() && !ApiNames.hasEnded(now.state()) && looks < LOOKS_MAX)
        {
            eventLoop.schedule(this::lookForEnd, LOOK_DELAY_MS, TimeUnit.MILLISECONDS);
            return;
        }
        final boolean known = null != now && now.attempt() == kernel.attempt() && now.exitCode() >= 0;
        listener.onEnd(known ?
            new TerminalSource.End(TerminalSource.End.EXITED, now.exitCode(), "") :
            new TerminalSource.End("kernel-ended", 0, "the kernel has ended without an exit code"));
    }

    @Override
    public void request(final boolean stderr, final int bytes)
    {
        (stderr ? err : out).request(bytes);
    }

    @Override
    public boolean input(final byte[] content, final boolean last)
    {
        return 0 == content.length;
    }

    @Override
    public void size(final int rows, final int columns)
    {
        // The kernel has no screen.
    }

    @Override
    public void close()
    {
        closed = true;
        out.close();
        if (null != err)
        {
            err.close();
        }
    }
}
