package io.plimsoll.manager.ingress;

import java.util.concurrent.TimeUnit;

/**
 * How long a submitter may leave its answers where they are, as of looks at the first that waits. Knows nothing of
 * sockets. Event loop only.
 */
final class AnswerPatience
{
    private final long stuckNs;
    private long progressNs;
    private Object first;
    private long firstTaken;

    AnswerPatience(final long stuckTimeoutMs)
    {
        stuckNs = TimeUnit.MILLISECONDS.toNanos(stuckTimeoutMs);
    }

    /** So much waits from now on that it matters. */
    void onFull(final long nowNs)
    {
        progressNs = nowNs;
    }

    /**
     * Whether nothing has been taken for too long.
     *
     * @param nowNs monotonic.
     * @param next  the first answer that waits, by identity; null: none.
     * @param taken bytes of it that are gone.
     */
    boolean isStuck(final long nowNs, final Object next, final long taken)
    {
        if (next != first || taken != firstTaken)
        {
            first = next;
            firstTaken = taken;
            progressNs = nowNs;
        }
        return nowNs - progressNs > stuckNs;
    }
}
