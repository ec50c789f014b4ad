package io.plimsoll.manager.idle;

import io.plimsoll.core.sbe.Reason;
import io.plimsoll.manager.control.CancelReply;
import java.util.concurrent.CompletableFuture;

/** Ends a session that is not used. */
@FunctionalInterface
public interface SessionEnder
{
    /**
     * Ends it, unless the attempt is over.
     *
     * @param sessionId of the session.
     * @param attempt   that was not used.
     * @param reason    IDLE_TIMEOUT or LOW_USE.
     */
    CompletableFuture<CancelReply> end(long sessionId, int attempt, Reason reason);
}
