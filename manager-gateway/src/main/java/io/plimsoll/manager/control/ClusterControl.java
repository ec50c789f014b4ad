package io.plimsoll.manager.control;

import io.plimsoll.core.sbe.Reason;
import io.plimsoll.manager.egress.SessionWatcher;
import io.plimsoll.manager.view.AgentView;
import io.plimsoll.manager.view.IdRange;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * All that a front end may ask of the cluster. Safe for any thread. A future completes on the egress thread after
 * the journal has passed the command (so keep what you hang on it short), or exceptionally with
 * {@link CommandRejectedException}, with {@link OverloadedException} when the ring or the pending limit is full, or
 * with a TimeoutException after the configured reply deadline.
 */
public interface ClusterControl
{
    /**
     * Submits sessions. What does not fit into one ring entry is cut into chunks, each accepted or rejected whole.
     *
     * @param request validated by the caller as far as JSON goes; amounts are checked by the core.
     * @return one reply a chunk, in order; the first rejected chunk ends the list with the exception.
     */
    CompletableFuture<List<SubmitReply>> submit(SubmitRequest request);

    /**
     * Submits sessions that go as one command, accepted or rejected whole. Others may be under way at the same time.
     *
     * @param chunk not empty; not changed any more.
     * @return where it went.
     */
    default CompletableFuture<SubmitReply> submit(final SubmissionChunk chunk)
    {
        return submit(chunk, null);
    }

    /**
     * The same, and tells what becomes of the sessions.
     *
     * @param chunk   not empty; not changed any more.
     * @param watcher is told, after the answer; null: nobody.
     * @return where it went.
     */
    CompletableFuture<SubmitReply> submit(SubmissionChunk chunk, SessionWatcher watcher);

    /** Somebody who watched has gone; see {@link SessionWatcher#isGone}. */
    void onWatcherGone();

    CompletableFuture<CancelReply> cancel(List<IdRange> ranges);

    /**
     * Ends a session that is not used, unless the attempt that was not used is over.
     *
     * @param sessionId of it.
     * @param attempt   that was not used.
     * @param reason    IDLE_TIMEOUT or LOW_USE.
     */
    default CompletableFuture<CancelReply> end(final long sessionId, final int attempt, final Reason reason)
    {
        return CompletableFuture.failedFuture(new UnsupportedOperationException("nothing is ended here"));
    }

    /**
     * Changes sessions of ranges that have not ended; the view shows them changed when the future completes. A refused
     * change leaves what came in ranges before as changed.
     */
    CompletableFuture<UpdateReply> update(List<IdRange> ranges, SessionChange change);

    CompletableFuture<AgentView> drain(int agentId, boolean drained);

    /** Leaves the state {@code lost-tail}; see DESIGN: an operator accepts that the journal lost its tail. */
    CompletableFuture<Void> acceptLoss();
}
