package io.plimsoll.manager.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * The body of an answer that goes on: counts what the reader has not taken yet, and gives up on a reader that takes
 * nothing. The caller keeps to a window by asking its source for more only as {@code onTaken} tells it. Event loop
 * only.
 */
final class StreamedReply
{
    private static final long LINGER_MS = 2_000;

    private final Exchange exchange;
    private final Channel channel;
    private final long stuckTimeoutNs;
    private final LongConsumer onTaken;
    private final Runnable onStuck;
    private Future<?> watch;
    private int waiting;
    private long progressNs;
    private boolean started;
    private boolean ended;

    /**
     * A reply whose headers have not been sent.
     *
     * @param exchange         that it answers.
     * @param stuckTimeoutMs   longest time without progress while something waits.
     * @param onTaken          called with what one {@link #write} weighed, when it has gone to the socket.
     * @param onStuck          called once when the reader has stopped; may write a last word, must {@link #abort}.
     */
    StreamedReply(
        final Exchange exchange, final long stuckTimeoutMs, final LongConsumer onTaken, final Runnable onStuck)
    {
        this.exchange = exchange;
        this.channel = exchange.channel();
        this.stuckTimeoutNs = TimeUnit.MILLISECONDS.toNanos(stuckTimeoutMs);
        this.onTaken = onTaken;
        this.onStuck = onStuck;
    }

    boolean isStarted()
    {
        return started;
    }

    boolean isEnded()
    {
        return ended;
    }

    void start(final String contentType)
    {
        started = true;
        exchange.startStream(contentType);
        progressNs = System.nanoTime();
        final long intervalNs = Math.max(1, stuckTimeoutNs / 4);
        watch = channel.eventLoop().scheduleWithFixedDelay(
            this::watch, intervalNs, intervalNs, TimeUnit.NANOSECONDS);
    }

    /** Whether the reader has taken everything. */
    boolean isTaken()
    {
        return 0 == waiting;
    }

    /** Takes the buffer over; a weight of 0 is not reported as taken. */
    void write(final ByteBuf content, final long weight)
    {
        if (ended || !started)
        {
            content.release();
            return;
        }
        waiting++;
        channel.writeAndFlush(new DefaultHttpContent(content)).addListener(future ->
        {
            waiting--;
            progressNs = System.nanoTime();
            if (weight > 0 && future.isSuccess() && !ended)
            {
                onTaken.accept(weight);
            }
        });
    }

    /** The regular end. */
    void end()
    {
        if (!ended)
        {
            stop();
            exchange.streamEnded();
        }
    }

    /** Breaks the connection, so that the reader does not take what it has for the whole; what waits may still go. */
    void abort()
    {
        if (!ended)
        {
            stop();
            if (0 == waiting)
            {
                channel.close();
            }
            else
            {
                channel.eventLoop().schedule(() -> channel.close(), LINGER_MS, TimeUnit.MILLISECONDS);
            }
        }
    }

    /** Lets go of the timer; for when the client has gone. */
    void stop()
    {
        ended = true;
        if (null != watch)
        {
            watch.cancel(false);
        }
    }

    private void watch()
    {
        if (!ended && waiting > 0 && System.nanoTime() - progressNs > stuckTimeoutNs)
        {
            onStuck.run();
        }
    }
}
