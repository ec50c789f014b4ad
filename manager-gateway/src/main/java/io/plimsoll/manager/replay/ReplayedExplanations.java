package io.plimsoll.manager.replay;

import io.plimsoll.core.Explanation;
import io.plimsoll.core.QueueListing;
import io.plimsoll.manager.control.Explanations;
import io.plimsoll.manager.view.ExplanationView;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Asks the scheduler of a replay, at once: nobody else does. */
record ReplayedExplanations(ReplayedCluster cluster) implements Explanations
{
    @Override
    public CompletableFuture<ExplanationView> explain(final long sessionId)
    {
        return answered(() ->
        {
            final Explanation answer = cluster.explain(sessionId);
            return answer.known() ? ExplanationView.of(answer, cluster.view()) : null;
        });
    }

    @Override
    public CompletableFuture<QueueListing> queue(final int groupId, final int max)
    {
        return answered(() -> cluster.queue(groupId, max));
    }

    private static <T> CompletableFuture<T> answered(final Supplier<T> question)
    {
        try
        {
            return CompletableFuture.completedFuture(question.get());
        }
        catch (final RuntimeException ex)
        {
            return CompletableFuture.failedFuture(ex);
        }
    }
}
