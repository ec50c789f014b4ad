package io.plimsoll.manager.http;

import io.netty.buffer.Unpooled;
import java.util.function.LongConsumer;

/** Output as the body of an answer. Event loop only. */
final class LogStream implements LogReply
{
    private static final String CONTENT_TYPE = "text/plain; charset=utf-8";

    private final Exchange exchange;
    private final StreamedReply reply;

    LogStream(final Exchange exchange, final long stuckTimeoutMs, final LongConsumer onTaken, final Runnable onStuck)
    {
        this.exchange = exchange;
        reply = new StreamedReply(exchange, stuckTimeoutMs, onTaken, onStuck);
    }

    @Override
    public void begin(final Runnable ready)
    {
        ready.run();
    }

    @Override
    public boolean isStarted()
    {
        return reply.isStarted();
    }

    @Override
    public boolean isEnded()
    {
        return reply.isEnded();
    }

    @Override
    public void start()
    {
        if (!reply.isStarted() && !exchange.isAnswered())
        {
            reply.start(CONTENT_TYPE);
        }
    }

    @Override
    public void write(final int attempt, final long offset, final byte[] content)
    {
        start();
        reply.write(Unpooled.wrappedBuffer(content), content.length);
    }

    @Override
    public void end()
    {
        start();
        reply.end();
    }

    @Override
    public void fail(final Problem problem)
    {
        if (reply.isStarted())
        {
            reply.abort();
        }
        else
        {
            exchange.problem(problem);
        }
    }

    @Override
    public void drop()
    {
        reply.abort();
    }

    @Override
    public void stop()
    {
        reply.stop();
    }
}
