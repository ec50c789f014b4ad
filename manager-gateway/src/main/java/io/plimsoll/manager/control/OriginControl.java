package io.plimsoll.manager.control;

import io.plimsoll.manager.egress.SessionWatcher;
import io.plimsoll.manager.view.AgentView;
import io.plimsoll.manager.view.IdRange;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Says of all that is submitted through it which request it came from. Any thread. */
public final class OriginControl implements ClusterControl
{
    private final ClusterControl control;
    private final RequestOrigin origin;

    /**
     * Of one request.
     *
     * @param control that does it.
     * @param origin  the request.
     */
    public OriginControl(final ClusterControl control, final RequestOrigin origin)
    {
        this.control = control;
        this.origin = origin;
    }

    @Override
    public CompletableFuture<List<SubmitReply>> submit(final SubmitRequest request)
    {
        return control.submit(request.from(origin));
    }

    @Override
    public CompletableFuture<SubmitReply> submit(final SubmissionChunk chunk, final SessionWatcher watcher)
    {
        return control.submit(chunk.from(origin), watcher);
    }

    @Override
    public void onWatcherGone()
    {
        control.onWatcherGone();
    }

    @Override
    public CompletableFuture<CancelReply> cancel(final List<IdRange> ranges)
    {
        return control.cancel(ranges);
    }

    @Override
    public CompletableFuture<UpdateReply> update(final List<IdRange> ranges, final SessionChange change)
    {
        return control.update(ranges, change);
    }

    @Override
    public CompletableFuture<AgentView> drain(final int agentId, final boolean drained)
    {
        return control.drain(agentId, drained);
    }

    @Override
    public CompletableFuture<Void> acceptLoss()
    {
        return control.acceptLoss();
    }
}
