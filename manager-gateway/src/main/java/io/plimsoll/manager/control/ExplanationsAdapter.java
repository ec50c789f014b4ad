package io.plimsoll.manager.control;

import io.plimsoll.core.QueueListing;
import io.plimsoll.core.pipeline.Pipeline;
import io.plimsoll.core.pipeline.Queryable;
import io.plimsoll.manager.view.ExplanationView;
import io.plimsoll.manager.view.LiveViewStore;
import io.plimsoll.manager.view.QueueCounts;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.agrona.concurrent.NanoClock;

/** Puts questions into the ring, and names to the numbers of the answers. Any thread. */
public final class ExplanationsAdapter implements Explanations
{
    private static final int RETRY_AFTER_SECONDS = 1;

    private final Pipeline pipeline;
    private final LiveViewStore view;
    private final NanoClock clock;
    private final long timeoutNs;
    private final QueueCounter counter;

    /**
     * Of one manager.
     *
     * @param pipeline  to ask.
     * @param view      of released records, which has the names.
     * @param clock     monotonic.
     * @param timeoutNs after which nobody waits for an answer any more.
     */
    public ExplanationsAdapter(
        final Pipeline pipeline, final LiveViewStore view, final NanoClock clock, final long timeoutNs)
    {
        this.pipeline = pipeline;
        this.view = view;
        this.clock = clock;
        this.timeoutNs = timeoutNs;
        counter = new QueueCounter(
            row -> ask(core -> core.tally(row, QueueCounter.ROWS), Function.identity()), view, clock);
    }

    @Override
    public CompletableFuture<ExplanationView> explain(final long sessionId)
    {
        return ask(
            core -> core.explain(sessionId), answer -> answer.known() ? ExplanationView.of(answer, view) : null);
    }

    @Override
    public CompletableFuture<QueueListing> queue(final int groupId, final int max)
    {
        return ask(core -> core.queue(groupId, max), Function.identity());
    }

    @Override
    public CompletableFuture<QueueCounts> counts()
    {
        return counter.count();
    }

    private <A, V> CompletableFuture<V> ask(final Function<Queryable, A> question, final Function<A, V> named)
    {
        final CompletableFuture<V> future = new CompletableFuture<>();
        final boolean asked = pipeline.tryAsk(
            question,
            clock.nanoTime() + timeoutNs,
            (answer, failure) -> answered(future, answer, failure, named));
        if (!asked)
        {
            future.completeExceptionally(new OverloadedException("too-many-questions", RETRY_AFTER_SECONDS));
            return future;
        }
        // A pipeline that stands still answers nobody.
        return future.orTimeout(timeoutNs, TimeUnit.NANOSECONDS);
    }

    private static <A, V> void answered(
        final CompletableFuture<V> future, final A answer, final Throwable failure, final Function<A, V> named)
    {
        if (null != failure)
        {
            future.completeExceptionally(failure);
            return;
        }
        try
        {
            future.complete(named.apply(answer));
        }
        catch (final RuntimeException error)
        {
            future.completeExceptionally(error);
        }
    }
}
