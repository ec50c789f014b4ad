package io.plimsoll.manager.control;

import io.plimsoll.core.QueueListing;
import io.plimsoll.manager.view.ExplanationView;
import io.plimsoll.manager.view.QueueCounts;
import java.util.concurrent.CompletableFuture;

/** Answers why a session is where it is, and who waits before it. Safe for any thread. */
public interface Explanations
{
    /**
     * Asks the core, between two commands; nothing is changed by that.
     *
     * @param sessionId that is asked about.
     * @return completes on the egress thread, once all that the answer is made of is journalled; null inside if there
     *     is no such session. Fails with {@link OverloadedException} when too many ask at a time, with a
     *     TimeoutException when there is no answer in time.
     */
    CompletableFuture<ExplanationView> explain(long sessionId);

    /**
     * Asks the core who waits in a group, in the same way.
     *
     * @param groupId number of the group.
     * @param max     sessions that are told.
     * @return fails as {@link #explain} does.
     */
    CompletableFuture<QueueListing> queue(int groupId, int max);

    /**
     * Counts who waits in all groups, by what for; what was counted within the last second is not counted again.
     *
     * @return fails as {@link #explain} does.
     */
    default CompletableFuture<QueueCounts> counts()
    {
        return CompletableFuture.completedFuture(QueueCounts.NONE);
    }
}
