package io.plimsoll.manager.control;

import io.plimsoll.manager.view.ExplanationView;
import java.util.concurrent.CompletableFuture;

/** Answers why a session is where it is. Safe for any thread. */
@FunctionalInterface
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
}
