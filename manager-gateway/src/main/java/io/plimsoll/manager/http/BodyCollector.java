package io.plimsoll.manager.http;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/**
 * Gathers the body of one request, within its own bound and the one that all connections share. Grows with what
 * arrives, since a Content-Length is only a claim. Event loop only.
 */
final class BodyCollector extends BaseSubscriber<ByteBuf>
{
    private final HttpLimits limits;
    private final AtomicLong bytesInFlight;
    private final Consumer<byte[]> onBody;
    private final Consumer<Throwable> onProblem;
    private byte[] bytes = new byte[0];
    private int length;
    private int reserved;

    BodyCollector(
        final HttpLimits limits,
        final AtomicLong bytesInFlight,
        final Consumer<byte[]> onBody,
        final Consumer<Throwable> onProblem)
    {
        this.limits = limits;
        this.bytesInFlight = bytesInFlight;
        this.onBody = onBody;
        this.onProblem = onProblem;
    }

    /** The problem for a body that is, or claims to be, too long. The rest of it is read and dropped. */
    static Problem tooLarge(final HttpLimits limits)
    {
        return new Problem(
            413,
            "body-too-large",
            "the body is larger than " + limits.bodyBytesMax() + " bytes; send the sessions in several requests, or" +
                " as a job array with \"count\"")
            .with("limit", (long)limits.bodyBytesMax());
    }

    /** Gives back what was reserved for the body; idempotent. */
    void release()
    {
        bytesInFlight.addAndGet(-reserved);
        reserved = 0;
    }

    @Override
    protected void hookOnSubscribe(final Subscription subscription)
    {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    protected void hookOnNext(final ByteBuf chunk)
    {
        final int added = chunk.readableBytes();
        if (added > limits.bodyBytesMax() - length)
        {
            cancel();
            onProblem.accept(tooLarge(limits).asException());
            return;
        }
        reserved += added;
        if (bytesInFlight.addAndGet(added) > limits.bodyBytesInFlightMax())
        {
            cancel();
            onProblem.accept(new Problem(
                503, "too-many-bodies", "too many large bodies are being received; try again in 1 s")
                .retryAfter(1)
                .asException());
            return;
        }
        if (length + added > bytes.length)
        {
            final int doubled = Math.min(limits.bodyBytesMax(), 2 * bytes.length);
            bytes = Arrays.copyOf(bytes, 0 == length ? Math.max(added, 1) : Math.max(length + added, doubled));
        }
        chunk.readBytes(bytes, length, added);
        length += added;
    }

    @Override
    protected void hookOnComplete()
    {
        onBody.accept(length == bytes.length ? bytes : Arrays.copyOf(bytes, length));
    }

    /** The connection broke; there is nobody left to answer. */
    @Override
    protected void hookOnError(final Throwable thrown)
    {
        release();
    }
}
