package io.plimsoll.manager.control;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Numbers of commands that want an answer. They carry the term, so that no two commands of a cluster share one: the
 * core refuses the number of a command that once broke it. Any thread.
 */
public final class CorrelationIds
{
    private static final int TERM_SHIFT = 40;

    private final AtomicLong next;

    /**
     * Numbers of one reign.
     *
     * @param term of the reign.
     */
    public CorrelationIds(final long term)
    {
        next = new AtomicLong(term << TERM_SHIFT);
    }

    public long next()
    {
        return next.incrementAndGet();
    }
}
