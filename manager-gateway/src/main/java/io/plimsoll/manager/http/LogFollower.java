package io.plimsoll.manager.http;

import io.netty.util.concurrent.Future;
import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.view.KernelView;
import io.plimsoll.manager.view.LogSource;
import io.plimsoll.manager.view.SessionView;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Streams one output of one kernel to one reader. While following it waits for the kernel to start, so that a client
 * can follow right after it has submitted, and goes on with the next attempt when the kernel is repeated. It lets the
 * agent send only what the reader has room for. Event loop only; the agent's data comes in through {@link Part}.
 */
final class LogFollower
{
    /** After this long without output the reader gets at least the headers. */
    private static final long HEADERS_DELAY_MS = 1_000;

    /**
     * Between two looks at the view. Most sessions start and end within a few milliseconds of being followed; a long
     * wait costs a look now and then, which is far cheaper than a subscription of its own to all events.
     */
    private static final long LOOK_DELAY_MIN_MS = 1;
    private static final long LOOK_DELAY_MAX_MS = 50;

    private final Exchange exchange;
    private final ManagerServices services;
    private final HttpLimits limits;
    private final Selection selection;
    private final LogReply reply;
    private Future<?> lookTimer;
    private long lookDelayMs = LOOK_DELAY_MIN_MS;
    private Future<?> headersTimer;
    private Part part;
    private int attempt;

    LogFollower(
        final Exchange exchange,
        final ManagerServices services,
        final HttpLimits limits,
        final Selection selection,
        final boolean isSocket)
    {
        this.exchange = exchange;
        this.services = services;
        this.limits = limits;
        this.selection = selection;
        reply = isSocket ?
            new LogSocket(exchange, limits, this::taken, this::stuck) :
            new LogStream(exchange, limits.stuckReaderTimeoutMs(), this::taken, this::stuck);
    }

    void open(final AtomicInteger streams)
    {
        final SessionView session = services.view().session(selection.sessionId());
        if (!selection.follow() && null != session && !hasOutput(kernel(session)) && !hasEnded(session))
        {
            throw new Problem(
                409,
                "not-started",
                "session " + session.id() + " is " + session.state() + " and has no output yet; add follow=true to" +
                    " wait for it").asException();
        }
        StreamSlots.enter(streams, limits.streamsMax());
        exchange.onEnd(() ->
        {
            StreamSlots.leave(streams);
            close();
            reply.stop();
        });
        exchange.onRevoked(this::refused);
        if (selection.follow())
        {
            headersTimer = exchange.channel().eventLoop().schedule(
                reply::start, HEADERS_DELAY_MS, TimeUnit.MILLISECONDS);
        }
        reply.begin(this::lookAgain);
    }

    private void lookAgain()
    {
        try
        {
            look();
        }
        catch (final RuntimeException ex)
        {
            refused(Rejections.problemOf(ex));
        }
    }

    private void refused(final Problem why)
    {
        close();
        if (reply.isStarted())
        {
            reply.fail(why);
        }
        else
        {
            exchange.problem(why);
        }
    }

    /** Does what the view allows: opens the log of a new attempt, ends, or goes on waiting. */
    private void look()
    {
        if (reply.isEnded() || null != part)
        {
            return;
        }
        final SessionView session = services.view().session(selection.sessionId());
        final KernelView kernel = null == session ? null : kernel(session);
        if (null != kernel && hasOutput(kernel) && kernel.attempt() > attempt)
        {
            openPart(kernel);
        }
        else if (null == kernel || !selection.follow() || hasEnded(session) || isOver(kernel))
        {
            finish();
        }
        else
        {
            lookTimer = exchange.channel().eventLoop().schedule(this::lookAgain, lookDelayMs, TimeUnit.MILLISECONDS);
            lookDelayMs = Math.min(LOOK_DELAY_MAX_MS, lookDelayMs + Math.max(1, lookDelayMs / 4));
        }
    }

    private KernelView kernel(final SessionView session)
    {
        return session.kernels().get(selection.kernel());
    }

    private static boolean hasOutput(final KernelView kernel)
    {
        return 0 != kernel.startedNs() && 0 != kernel.agentId();
    }

    private static boolean hasEnded(final SessionView session)
    {
        return ApiNames.hasEnded(session.state());
    }

    /** Whether the attempt whose output has been read to its end was the last one. */
    private boolean isOver(final KernelView kernel)
    {
        return kernel.attempt() == attempt && ApiNames.hasEnded(kernel.state());
    }

    private void openPart(final KernelView kernel)
    {
        final boolean first = 0 == attempt;
        attempt = kernel.attempt();
        part = new Part();
        part.stream = services.logs().open(
            kernel.kernelId(),
            attempt,
            selection.stderr(),
            selection.follow(),
            first ? selection.offset() : -1,
            first ? selection.tailLines() : -1,
            part);
        part.stream.request(limits.streamWindowBytes());
    }

    private void data(final Part from, final long offset, final byte[] content)
    {
        if (from == part && content.length > 0)
        {
            reply.write(attempt, offset, content);
        }
    }

    private void partEnded(final Part from, final String error)
    {
        if (from != part || reply.isEnded())
        {
            return;
        }
        part.stream.close();
        part = null;
        if (null == error)
        {
            lookDelayMs = LOOK_DELAY_MIN_MS;
            lookAgain();
        }
        else
        {
            close();
            reply.fail(unreadable(error));
        }
    }

    private Problem unreadable(final String error)
    {
        return switch (error)
        {
            case "unknown-kernel" -> new Problem(
                410, "log-gone", "the agent no longer has the output of session " + selection.sessionId());
            case "agent-unreachable" -> new Problem(
                503, error, "the agent that has the output is not connected; try again when it is").retryAfter(5);
            default -> new Problem(503, error, "the output cannot be read now: " + error).retryAfter(5);
        };
    }

    private void finish()
    {
        reply.end();
    }

    private void taken(final long bytes)
    {
        if (null != part)
        {
            part.stream.request((int)bytes);
        }
    }

    private void stuck()
    {
        close();
        reply.drop();
    }

    private void close()
    {
        if (null != lookTimer)
        {
            lookTimer.cancel(false);
        }
        if (null != headersTimer)
        {
            headersTimer.cancel(false);
        }
        if (null != part && null != part.stream)
        {
            part.stream.close();
        }
        part = null;
    }

    /**
     * What to read.
     *
     * @param sessionId of the session.
     * @param kernel    index in the session.
     * @param stderr    which stream.
     * @param follow    whether to go on until the kernel has ended for good.
     * @param offset    byte offset to start at, -1: by lines.
     * @param tailLines newest lines only, -1: all that is kept.
     */
    record Selection(long sessionId, int kernel, boolean stderr, boolean follow, long offset, int tailLines)
    {
    }

    /** The output of one attempt; called on a link thread, passes everything to the event loop. */
    private final class Part implements LogSource.Listener
    {
        private LogSource.Stream stream;

        @Override
        public void onData(final long offset, final byte[] content)
        {
            exchange.channel().eventLoop().execute(() -> data(this, offset, content));
        }

        @Override
        public void onEnd(final String error)
        {
            exchange.channel().eventLoop().execute(() -> partEnded(this, error));
        }
    }
}
