package io.plimsoll.manager.link;

import io.plimsoll.manager.control.OverloadedException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The streams of one kind that are open over the links: so many at most. From any thread.
 *
 * @param <S> kind of streams.
 */
final class OpenStreams<S extends LinkStream>
{
    private final int most;
    private final String refusal;
    private final int retryAfterSeconds;
    private final AtomicInteger admitted = new AtomicInteger();
    private final AtomicLong requestIds = new AtomicLong();
    private final Map<Long, S> byId = new ConcurrentHashMap<>();

    /**
     * None yet.
     *
     * @param most              that may be open at a time.
     * @param refusal           code of the error that says that there are too many.
     * @param retryAfterSeconds what who is refused is told.
     */
    OpenStreams(final int most, final String refusal, final int retryAfterSeconds)
    {
        this.most = most;
        this.refusal = refusal;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /**
     * Takes a place, which {@link #remove} gives back.
     *
     * @return id for the stream that takes it.
     * @throws OverloadedException if there are too many.
     */
    long admit()
    {
        if (admitted.incrementAndGet() > most)
        {
            admitted.decrementAndGet();
            throw new OverloadedException(refusal, retryAfterSeconds);
        }
        return requestIds.incrementAndGet();
    }

    void add(final S stream)
    {
        byId.put(stream.requestId, stream);
    }

    /** Null if it was closed on this side. */
    S get(final long requestId)
    {
        return byId.get(requestId);
    }

    void remove(final long requestId)
    {
        byId.remove(requestId);
        admitted.decrementAndGet();
    }

    /** Tells each that goes over a link. */
    void forEachOn(final long linkId, final Consumer<S> action)
    {
        for (final S stream : byId.values())
        {
            if (stream.isOn(linkId))
            {
                action.accept(stream);
            }
        }
    }

    /** Open now. */
    int size()
    {
        return byId.size();
    }
}
