package io.plimsoll.core.pipeline;

import io.plimsoll.core.Explanation;
import java.util.function.BiConsumer;

/**
 * A question to the core on its way through ring and egress. Written by the thread that asks, then by that of the core,
 * then read by that of egress.
 */
final class Query
{
    final int entry;
    final long number;
    final long sessionId;
    /** Monotonic; nobody waits for the answer after that. */
    final long deadlineNs;
    private final BiConsumer<Explanation, Throwable> listener;
    /** Sequence that must be journalled before the answer may be told. */
    private long sequence;
    private Explanation answer;
    private Throwable failure;

    Query(
        final int entry,
        final long number,
        final long sessionId,
        final long deadlineNs,
        final BiConsumer<Explanation, Throwable> listener)
    {
        this.entry = entry;
        this.number = number;
        this.sessionId = sessionId;
        this.deadlineNs = deadlineNs;
        this.listener = listener;
    }

    void answered(final long answeredSequence, final Explanation explanation, final Throwable error)
    {
        sequence = answeredSequence;
        answer = explanation;
        failure = error;
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
