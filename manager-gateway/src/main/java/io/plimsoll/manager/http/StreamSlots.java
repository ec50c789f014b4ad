package io.plimsoll.manager.http;

import java.util.concurrent.atomic.AtomicInteger;

/** The bound on open streams, which each of them enters and leaves. */
final class StreamSlots
{
    private StreamSlots()
    {
    }

    /** Throws 503 if there is no room; otherwise {@link #leave} must follow. */
    static void enter(final AtomicInteger streams, final int streamsMax)
    {
        if (streams.incrementAndGet() > streamsMax)
        {
            streams.decrementAndGet();
            throw new Problem(
                503, "too-many-streams", "there are " + streamsMax + " open log and event streams already; close some")
                .retryAfter(5)
                .asException();
        }
    }

    static void leave(final AtomicInteger streams)
    {
        streams.decrementAndGet();
    }
}
