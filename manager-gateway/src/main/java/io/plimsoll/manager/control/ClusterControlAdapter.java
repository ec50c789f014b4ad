package io.plimsoll.manager.control;

import io.plimsoll.core.pipeline.CommandIngress;
import io.plimsoll.core.sbe.AcceptLossEncoder;
import io.plimsoll.core.sbe.BooleanType;
import io.plimsoll.core.sbe.CancelSessionsEncoder;
import io.plimsoll.core.sbe.DrainAgentEncoder;
import io.plimsoll.core.sbe.EndSessionEncoder;
import io.plimsoll.core.sbe.MessageHeaderEncoder;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.manager.Counters;
import io.plimsoll.manager.Counters.Counter;
import io.plimsoll.manager.egress.PendingReplies;
import io.plimsoll.manager.egress.SessionWatcher;
import io.plimsoll.manager.view.AgentView;
import io.plimsoll.manager.view.IdRange;
import io.plimsoll.manager.view.LiveViewStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Encodes calls as commands and offers them to the ring. Chunks of one call go one after the other, each when the one
 * before has been accepted, because a refused one must not be followed by others. Any thread.
 */
public final class ClusterControlAdapter implements ClusterControl
{
    private static final int RANGES_MAX = 2_000;
    private static final int RETRY_AFTER_SECONDS = 1;
    private static final int RETRY_AFTER_NO_SPACE_SECONDS = 10;

    private final CommandIngress ingress;
    private final PendingReplies replies;
    private final CorrelationIds correlationIds;
    private final LiveViewStore view;
    private final OwnerShares shares;
    private final BooleanSupplier spaceKept;
    private final LongSupplier randomLong;
    private final NanoClock clock;
    private final Counters counters;

    /**
     * Of one manager.
     *
     * @param ingress        to the ring.
     * @param replies        where answers come.
     * @param correlationIds of this reign.
     * @param view           of released records.
     * @param gate           for new work.
     * @param randomLong     unpredictable.
     * @param clock          monotonic.
     * @param counters       to count in.
     */
    public ClusterControlAdapter(
        final CommandIngress ingress,
        final PendingReplies replies,
        final CorrelationIds correlationIds,
        final LiveViewStore view,
        final WorkGate gate,
        final LongSupplier randomLong,
        final NanoClock clock,
        final Counters counters)
    {
        this.ingress = ingress;
        this.replies = replies;
        this.correlationIds = correlationIds;
        this.view = view;
        shares = gate.shares();
        spaceKept = gate.spaceKept();
        this.randomLong = randomLong;
        this.clock = clock;
        this.counters = counters;
    }

    @Override
    public CompletableFuture<List<SubmitReply>> submit(final SubmitRequest request)
    {
        final CompletableFuture<List<SubmitReply>> result = new CompletableFuture<>();
        try
        {
            final List<SubmissionEncoder.Chunk> chunks = new SubmissionEncoder().encode(request);
            // Its chunks go one after the other: what the first takes of the share is enough for each of them.
            final int sessions = idsUnderWay(request);
            if (!shares.tryEnter(request.ownerId(), sessions, false))
            {
                throw ownerBusy();
            }
            result.whenComplete((replies, error) -> shares.leave(request.ownerId(), sessions));
            submitNext(chunks, request.origin(), new ArrayList<>(chunks.size()), result);
        }
        catch (final CommandRejectedException | IllegalArgumentException e)
        {
            counters.increment(Counter.SUBMISSIONS_REJECTED);
            result.completeExceptionally(e);
        }
        catch (final OverloadedException e)
        {
            counters.increment(Counter.SUBMISSIONS_OVERLOADED);
            result.completeExceptionally(e);
        }
        return result;
    }

    private static int idsUnderWay(final SubmitRequest request)
    {
        long ids = 0;
        for (int i = 0; i < Math.min(SubmissionEncoder.SESSIONS_MAX, request.sessions().size()); i++)
        {
            ids += request.sessions().get(i).count();
        }
        return (int)Math.min(Integer.MAX_VALUE / 2, ids);
    }

    private static OverloadedException ownerBusy()
    {
        return new OverloadedException(OverloadedException.OWNER_BUSY, RETRY_AFTER_SECONDS);
    }

    private void submitNext(
        final List<SubmissionEncoder.Chunk> chunks,
        final RequestOrigin origin,
        final List<SubmitReply> accepted,
        final CompletableFuture<List<SubmitReply>> result)
    {
        final SubmissionEncoder.Chunk chunk = chunks.get(accepted.size());
        final long correlationId = correlationIds.next();
        chunk.correlationId(correlationId);
        replies.origins().expect(correlationId, origin);
        offerWork(correlationId, chunk.buffer(), chunk.length()).whenComplete(
            (reply, error) ->
            {
                if (null != error)
                {
                    replies.origins().forget(correlationId);
                    result.completeExceptionally(refusal(error, chunk.firstIndex(), accepted));
                    return;
                }
                accepted.add((SubmitReply)reply);
                if (accepted.size() == chunks.size())
                {
                    result.complete(accepted);
                }
                else
                {
                    submitNext(chunks, origin, accepted, result);
                }
            });
    }

    @Override
    public CompletableFuture<SubmitReply> submit(final SubmissionChunk chunk, final SessionWatcher watcher)
    {
        final int ownerId = chunk.ownerId();
        final int sessions = chunk.ids();
        if (!shares.tryEnter(ownerId, sessions, true))
        {
            counters.increment(Counter.SUBMISSIONS_OVERLOADED);
            return CompletableFuture.failedFuture(ownerBusy());
        }
        final long correlationId = correlationIds.next();
        if (null != watcher)
        {
            replies.watches().expect(correlationId, watcher);
        }
        replies.origins().expect(correlationId, chunk.origin());
        return offerWork(correlationId, chunk).handle((reply, error) ->
        {
            shares.leave(ownerId, sessions);
            if (null != error)
            {
                replies.watches().forget(correlationId);
                replies.origins().forget(correlationId);
                throw new CompletionException(refusal(error, 0, List.of()));
            }
            return (SubmitReply)reply;
        });
    }

    @Override
    public void onWatcherGone()
    {
        replies.watches().onGone();
    }

    private CompletableFuture<Object> offerWork(final long correlationId, final SubmissionChunk chunk)
    {
        try
        {
            final UnsafeBuffer buffer = chunk.encode(correlationId);
            return offerWork(correlationId, buffer, buffer.capacity());
        }
        catch (final IllegalArgumentException | IllegalStateException e)
        {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<Object> offerWork(
        final long correlationId, final DirectBuffer buffer, final int length)
    {
        if (!spaceKept.getAsBoolean())
        {
            return CompletableFuture.failedFuture(
                new OverloadedException("no-space", RETRY_AFTER_NO_SPACE_SECONDS));
        }
        final CompletableFuture<Object> future = replies.register(correlationId, clock.nanoTime());
        if (!future.isCompletedExceptionally() && !ingress.trySubmit(buffer, 0, length))
        {
            replies.forget(correlationId);
            future.completeExceptionally(new OverloadedException(OverloadedException.RING_FULL, RETRY_AFTER_SECONDS));
        }
        return future;
    }

    private Throwable refusal(final Throwable error, final int firstIndex, final List<SubmitReply> accepted)
    {
        if (error instanceof final CommandRejectedException rejected)
        {
            counters.increment(Counter.SUBMISSIONS_REJECTED);
            return rejected.behind(firstIndex, accepted);
        }
        if (error instanceof final OverloadedException overloaded)
        {
            counters.increment(Counter.SUBMISSIONS_OVERLOADED);
            return overloaded.behind(accepted);
        }
        return error;
    }

    @Override
    public CompletableFuture<CancelReply> cancel(final List<IdRange> ranges)
    {
        final CompletableFuture<CancelReply> result = new CompletableFuture<>();
        cancelNext(List.copyOf(ranges), 0, new CancelReply(0, 0, 0, view.sequence()), result);
        return result;
    }

    private void cancelNext(
        final List<IdRange> ranges,
        final int start,
        final CancelReply sum,
        final CompletableFuture<CancelReply> result)
    {
        if (start >= ranges.size())
        {
            result.complete(sum);
            return;
        }
        final int end = Math.min(ranges.size(), start + RANGES_MAX);
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64 + (end - start) * 2 * Long.BYTES]);
        final CancelSessionsEncoder encoder = new CancelSessionsEncoder();
        final long correlationId = correlationIds.next();
        encoder.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
            .correlationId(correlationId)
            .source(CommandSource.API)
            .ownerId(0);
        final CancelSessionsEncoder.RangesEncoder group = encoder.rangesCount(end - start);
        for (final IdRange range : ranges.subList(start, end))
        {
            group.next().firstId(range.firstId()).lastId(range.lastId());
        }
        offer(correlationId, buffer, encoder.encodedLength()).whenComplete(
            (reply, error) ->
            {
                if (null != error)
                {
                    result.completeExceptionally(error);
                    return;
                }
                final CancelReply part = (CancelReply)reply;
                cancelNext(
                    ranges,
                    end,
                    new CancelReply(
                        sum.cancelled() + part.cancelled(),
                        sum.alreadyEnded() + part.alreadyEnded(),
                        sum.unknown() + part.unknown(),
                        part.sequence()),
                    result);
            });
    }

    @Override
    public CompletableFuture<CancelReply> end(final long sessionId, final int attempt, final Reason reason)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);
        final long correlationId = correlationIds.next();
        final EndSessionEncoder encoder = new EndSessionEncoder()
            .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
            .correlationId(correlationId)
            .source(CommandSource.MANAGER)
            .sessionId(sessionId)
            .attempt(attempt)
            .reason(reason);
        return offer(correlationId, buffer, encoder.encodedLength()).thenApply(reply -> (CancelReply)reply);
    }

    @Override
    public CompletableFuture<UpdateReply> update(final List<IdRange> ranges, final SessionChange change)
    {
        final CompletableFuture<UpdateReply> result = new CompletableFuture<>();
        updateNext(List.copyOf(ranges), 0, change, new UpdateReply(0, 0, 0, 0, view.sequence()), result);
        return result;
    }

    private void updateNext(
        final List<IdRange> ranges,
        final int index,
        final SessionChange change,
        final UpdateReply sum,
        final CompletableFuture<UpdateReply> result)
    {
        if (index >= ranges.size())
        {
            result.complete(sum);
            return;
        }
        final IdRange range = ranges.get(index);
        final long correlationId = correlationIds.next();
        final long firstId = Math.max(range.firstId(), sum.nextId());
        final DirectBuffer command = UpdateEncoder.encode(correlationId, firstId, range.lastId(), change);
        offer(correlationId, command, command.capacity() - MessageHeaderEncoder.ENCODED_LENGTH).whenComplete(
            (reply, error) ->
            {
                if (null != error)
                {
                    result.completeExceptionally(error);
                    return;
                }
                final UpdateReply part = (UpdateReply)reply;
                updateNext(ranges, 0 == part.nextId() ? index + 1 : index, change, sum.plus(part), result);
            });
    }

    @Override
    public CompletableFuture<AgentView> drain(final int agentId, final boolean drained)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);
        final long correlationId = correlationIds.next();
        final DrainAgentEncoder encoder = new DrainAgentEncoder()
            .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
            .correlationId(correlationId)
            .source(CommandSource.API)
            .agentId(agentId)
            .drained(drained ? BooleanType.T : BooleanType.F);
        return offer(correlationId, buffer, encoder.encodedLength()).thenApply(sequence -> view.agent(agentId));
    }

    @Override
    public CompletableFuture<Void> acceptLoss()
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);
        final long correlationId = correlationIds.next();
        final long term = Math.max(view.terms().current().term(), view.terms().seenTermMax()) + 1;
        final AcceptLossEncoder encoder = new AcceptLossEncoder()
            .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
            .correlationId(correlationId)
            .source(CommandSource.API)
            .term(term)
            .termNonce(randomLong.getAsLong());
        return offer(correlationId, buffer, encoder.encodedLength()).thenApply(sequence -> null);
    }

    /** Orders of operators and users about existing work: they free things, so a full disk does not refuse them. */
    private CompletableFuture<Object> offer(
        final long correlationId, final DirectBuffer buffer, final int bodyLength)
    {
        final CompletableFuture<Object> future = replies.register(correlationId, clock.nanoTime());
        if (!future.isCompletedExceptionally() &&
            !ingress.trySubmit(buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + bodyLength))
        {
            replies.forget(correlationId);
            future.completeExceptionally(new OverloadedException(OverloadedException.RING_FULL, RETRY_AFTER_SECONDS));
        }
        return future;
    }
}
