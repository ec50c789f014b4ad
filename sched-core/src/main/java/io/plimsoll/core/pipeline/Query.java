package io.plimsoll.core.pipeline;

import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * A question to the core on its way through ring and egress. Written by the thread that asks, then by that of the core,
 * then read by that of egress.
 */
final class Query<T>
{
    final int entry;
    final long number;
    final Function<Queryable, T> question;
    /** Monotonic; nobody waits for the answer after that. */
    final long deadlineNs;
    private final BiConsumer<T, Throwable> listener;
    /** Sequence that must be journalled before the answer may be told. */
    private long sequence;
    private T answer;
    private Throwable failure;

    Query(
        final int entry,
        final long number,
        final Function<Queryable, T> question,
        final long deadlineNs,
        final BiConsumer<T, Throwable> listener)
    {
        this.entry = entry;
        this.number = number;
        this.question = question;
        this.deadlineNs = deadlineNs;
        this.listener = listener;
    }

    /** Core: asks, unless it is too late; an error is the asker's. */
    void ask(final Queryable core, final boolean late)
    {
        sequence = core.sequence();
        try
        {
            answer = late ? null : question.apply(core);
            failure = late ? new TimeoutException("no answer in time") : null;
        }
        catch (final RuntimeException error)
        {
            failure = error;
        }
    }

    long sequence()
    {
        return sequence;
    }

    void tell()
    {
        listener.accept(answer, failure);
    }
}
