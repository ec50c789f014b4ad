package io.plimsoll.manager.http;

import io.netty.util.concurrent.EventExecutor;
import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.view.KernelView;
import io.plimsoll.manager.view.LogSource;
import io.plimsoll.manager.view.SessionView;
import io.plimsoll.manager.view.TerminalSource;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A kernel's own output from now on, as a terminal, and its input if it takes any; it ends with the kernel, and with
 * its exit code. Output comes from the logs, so a client that does not read it cannot touch the kernel. Event loop
 * only.
 */
final class AttachedKernel implements TerminalSource.Stream
{
    private static final long LOOK_DELAY_MS = 20;
    private static final int LOOKS_MAX = 500;
    private static final String KERNEL_ENDED = "kernel-ended";

    private final ManagerServices services;
    private final long sessionId;
    private final KernelView kernel;
    private final EventExecutor eventLoop;
    private final TerminalSource.Listener listener;
    private LogSource.Stream out;
    private LogSource.Stream err;
    private TerminalSource.Stream in;
    private int open;
    private int looks;
    private boolean closed;

    AttachedKernel(
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

    /**
     * Joins it.
     *
     * @param windowBytes of each output, before more is requested; 0: none of it.
     * @param input       whether it takes input.
     * @return this.
     */
    AttachedKernel open(final int windowBytes, final boolean input)
    {
        try
        {
            if (windowBytes > 0)
            {
                open = 2;
                out = follow(false, windowBytes);
                err = follow(true, windowBytes);
            }
            if (input)
            {
                in = services.terminals().open(
                    kernel.kernelId(),
                    kernel.attempt(),
                    new TerminalSource.Request(List.of(), List.of(), "", "", false, true, 0, 0),
                    0,
                    new Input());
            }
        }
        catch (final RuntimeException ex)
        {
            close();
            throw ex;
        }
        if (!input)
        {
            listener.onInputCredit(0);
        }
        return this;
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
            new TerminalSource.End(KERNEL_ENDED, 0, "the kernel has ended without an exit code"));
    }

    @Override
    public void request(final boolean stderr, final int bytes)
    {
        (stderr ? err : out).request(bytes);
    }

    @Override
    public boolean input(final byte[] content, final boolean last)
    {
        return null == in ? 0 == content.length : in.input(content, last);
    }

    @Override
    public void size(final int rows, final int columns)
    {
        if (null != in)
        {
            in.size(rows, columns);
        }
    }

    @Override
    public void close()
    {
        closed = true;
        for (final LogSource.Stream stream : new LogSource.Stream[]{out, err})
        {
            if (null != stream)
            {
                stream.close();
            }
        }
        if (null != in)
        {
            in.close();
        }
    }

    /** What the agent says of the input; on a link thread. */
    private final class Input implements TerminalSource.Listener
    {
        @Override
        public void onInputCredit(final int bytes)
        {
            listener.onInputCredit(bytes);
        }

        @Override
        public void onData(final boolean stderr, final byte[] content)
        {
            // Output comes from the logs.
        }

        @Override
        public void onEnd(final TerminalSource.End how)
        {
            if (!KERNEL_ENDED.equals(how.code()))
            {
                listener.onEnd(how);
            }
            else
            {
                eventLoop.execute(() ->
                {
                    if (null == out)
                    {
                        lookForEnd();
                    }
                });
            }
        }
    }
}
