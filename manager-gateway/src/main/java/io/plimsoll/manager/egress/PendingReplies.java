package io.plimsoll.manager.egress;

import io.plimsoll.core.sbe.AccountConfiguredDecoder;
import io.plimsoll.core.sbe.AgentChangedDecoder;
import io.plimsoll.core.sbe.BooleanType;
import io.plimsoll.core.sbe.CancelAcceptedDecoder;
import io.plimsoll.core.sbe.CommandRejectedDecoder;
import io.plimsoll.core.sbe.GroupConfiguredDecoder;
import io.plimsoll.core.sbe.LostTailChangedDecoder;
import io.plimsoll.core.sbe.RejectCode;
import io.plimsoll.core.sbe.SubmissionAcceptedDecoder;
import io.plimsoll.core.sbe.UpdateAcceptedDecoder;
import io.plimsoll.manager.Counters;
import io.plimsoll.manager.Counters.Counter;
import io.plimsoll.manager.control.CancelReply;
import io.plimsoll.manager.control.CommandRejectedException;
import io.plimsoll.manager.control.OverloadedException;
import io.plimsoll.manager.control.SubmitReply;
import io.plimsoll.manager.control.UpdateReply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;

/**
 * Calls that wait for their command to be journalled, by correlation id. Callers register from any thread, egress
 * answers at the end of the record, when the live view shows what the answer says, and a duty cycle gives up those past
 * their deadline. Bounded.
 */
public final class PendingReplies implements RecordListener
{
    private static final int RETRY_AFTER_SECONDS = 1;

    private final Map<Long, Call> callById = new ConcurrentHashMap<>();
    private final List<Answer> answers = new ArrayList<>();
    private final long timeoutNs;
    private final int pendingMax;
    private final Counters counters;
    private final SessionWatches watches = new SessionWatches();
    private final RequestOrigins origins = new RequestOrigins();
    private volatile boolean closed;

    /**
     * An empty table.
     *
     * @param timeoutNs  after which a call gets a TimeoutException.
     * @param pendingMax most calls at a time.
     * @param counters   to count in.
     */
    public PendingReplies(final long timeoutNs, final int pendingMax, final Counters counters)
    {
        this.timeoutNs = timeoutNs;
        this.pendingMax = pendingMax;
        this.counters = counters;
    }

    /**
     * Expects an answer; to be called before the command is offered. Any thread.
     *
     * @param correlationId of the command.
     * @param nowNs         monotonic.
     * @return completes with a SubmitReply, a CancelReply, an UpdateReply, or for other commands the sequence, a Long.
     */
    public CompletableFuture<Object> register(final long correlationId, final long nowNs)
    {
        if (closed || callById.size() >= pendingMax)
        {
            return CompletableFuture.failedFuture(
                new OverloadedException(
                    closed ? "shutting-down" : OverloadedException.TOO_MANY_CALLS, RETRY_AFTER_SECONDS));
        }
        final CompletableFuture<Object> future = new CompletableFuture<>();
        callById.put(correlationId, new Call(correlationId, future, nowNs + timeoutNs));
        return future;
    }

    /** Who wants to know more than the answer; to be shown records behind this. */
    public SessionWatches watches()
    {
        return watches;
    }

    /** Which requests sessions came from; to be shown records before all others. */
    public RequestOrigins origins()
    {
        return origins;
    }

    /** The command was not taken: nobody will answer. Any thread. */
    public void forget(final long correlationId)
    {
        callById.remove(correlationId);
    }

    /** The command is one that once broke the core, and was not taken. Any thread. */
    public void refusePoisoned(final long correlationId)
    {
        final Call call = callById.remove(correlationId);
        if (null != call)
        {
            call.future().completeExceptionally(
                new CommandRejectedException(RejectCode.POISONED, "", 0, 0, 0, 0));
        }
    }

    /**
     * Gives up calls past their deadline. Called by one duty cycle.
     *
     * @param nowNs monotonic.
     * @return calls given up.
     */
    public int sweep(final long nowNs)
    {
        int expired = 0;
        for (final Call call : callById.values())
        {
            if (nowNs - call.deadlineNs() >= 0 && callById.remove(call.correlationId(), call))
            {
                counters.increment(Counter.REPLIES_TIMED_OUT);
                call.future().completeExceptionally(
                    new TimeoutException("no answer in time: correlationId=" + call.correlationId()));
                expired++;
            }
        }
        return expired;
    }

    /** Fails all calls; later ones fail at once. */
    public void close()
    {
        closed = true;
        for (final Call call : callById.values())
        {
            if (callById.remove(call.correlationId(), call))
            {
                call.future().completeExceptionally(new OverloadedException("shutting-down", RETRY_AFTER_SECONDS));
            }
        }
    }

    /** Calls that wait. */
    public int size()
    {
        return callById.size();
    }

    @Override
    public void onSubmissionAccepted(final SubmissionAcceptedDecoder event, final ReleasedRecord record)
    {
        final boolean repeated = BooleanType.T == event.repeated();
        if (!repeated)
        {
            counters.add(Counter.SESSIONS_SUBMITTED, event.count());
        }
        if (isPending(event.correlationId()))
        {
            answer(
                event.correlationId(),
                new SubmitReply(event.firstId(), event.count(), repeated, record.sequence()));
        }
    }

    @Override
    public void onCancelAccepted(final CancelAcceptedDecoder event, final ReleasedRecord record)
    {
        if (isPending(event.correlationId()))
        {
            answer(
                event.correlationId(),
                new CancelReply(event.cancelled(), event.alreadyEnded(), event.unknown(), record.sequence()));
        }
    }

    @Override
    public void onUpdateAccepted(final UpdateAcceptedDecoder event, final ReleasedRecord record)
    {
        if (isPending(event.correlationId()))
        {
            answer(
                event.correlationId(),
                new UpdateReply(
                    event.updated(), event.alreadyEnded(), event.unknown(), event.nextId(), record.sequence()));
        }
    }

    @Override
    public void onAgentChanged(final AgentChangedDecoder event, final ReleasedRecord record)
    {
        answerSequence(event.correlationId(), record);
    }

    @Override
    public void onGroupConfigured(final GroupConfiguredDecoder event, final ReleasedRecord record)
    {
        answerSequence(event.correlationId(), record);
    }

    @Override
    public void onAccountConfigured(final AccountConfiguredDecoder event, final ReleasedRecord record)
    {
        answerSequence(event.correlationId(), record);
    }

    @Override
    public void onLostTailChanged(final LostTailChangedDecoder event, final ReleasedRecord record)
    {
        answerSequence(event.correlationId(), record);
    }

    @Override
    public void onCommandRejected(final CommandRejectedDecoder event, final ReleasedRecord record)
    {
        if (isPending(event.correlationId()))
        {
            answer(event.correlationId(), rejection(event));
        }
    }

    private static RuntimeException rejection(final CommandRejectedDecoder event)
    {
        final String field = event.field();
        final String detail = event.detail();
        // With a detail it is the account that has too many, which is the caller's matter.
        return RejectCode.TOO_MANY_PENDING == event.code() && detail.isEmpty() ?
            new OverloadedException(OverloadedException.TOO_MANY_PENDING, RETRY_AFTER_SECONDS) :
            new CommandRejectedException(
                event.code(), field, event.entryIndex(), event.subject(), event.requested(), event.limitValue(),
                detail);
    }

    private void answerSequence(final long correlationId, final ReleasedRecord record)
    {
        if (isPending(correlationId))
        {
            answer(correlationId, record.sequence());
        }
    }

    private boolean isPending(final long correlationId)
    {
        return 0 != correlationId && callById.containsKey(correlationId);
    }

    private void answer(final long correlationId, final Object value)
    {
        answers.add(new Answer(correlationId, value));
    }

    @Override
    public void onRecordEnd(final ReleasedRecord record)
    {
        for (int i = 0; i < answers.size(); i++)
        {
            final Answer answer = answers.get(i);
            final Call call = callById.remove(answer.correlationId());
            if (null == call)
            {
                continue;
            }
            if (answer.value() instanceof final RuntimeException rejection)
            {
                call.future().completeExceptionally(rejection);
            }
            else
            {
                call.future().complete(answer.value());
            }
        }
        answers.clear();
    }

    private record Call(long correlationId, CompletableFuture<Object> future, long deadlineNs)
    {
    }

    private record Answer(long correlationId, Object value)
    {
    }
}
