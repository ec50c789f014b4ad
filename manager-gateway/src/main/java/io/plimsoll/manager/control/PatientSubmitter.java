package io.plimsoll.manager.control;

import io.plimsoll.manager.egress.SessionWatcher;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.agrona.concurrent.NanoClock;

/**
 * Submits commands of one sender in their order, and has them wait, within bounds, while the ring is full or the share
 * of their account in it is taken. Waiting is told to nobody: who may have so and so much unanswered sends no more.
 * What waits is bounded by that. One thread, that of the loop it is given.
 */
public final class PatientSubmitter
{
    /** How long a command may wait before it is refused. */
    public static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(10);

    private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final ClusterControl control;
    private final BulkSubmission.Loop loop;
    private final NanoClock clock;
    private final Deque<Turn> waiting = new ArrayDeque<>();
    private boolean isScheduled;
    private boolean closed;

    /**
     * For one sender.
     *
     * @param control where commands go.
     * @param loop    on which everything happens.
     * @param clock   monotonic.
     */
    public PatientSubmitter(final ClusterControl control, final BulkSubmission.Loop loop, final NanoClock clock)
    {
        this.control = control;
        this.loop = loop;
        this.clock = clock;
    }

    /**
     * Submits a command when its turn comes.
     *
     * @param chunk      not changed any more.
     * @param watcher    is told what becomes of the sessions; null: nobody.
     * @param deadlineNs until when it may wait.
     * @param answer     is told on the loop, later: a reply, or what went wrong.
     */
    public void submit(
        final SubmissionChunk chunk,
        final SessionWatcher watcher,
        final long deadlineNs,
        final BiConsumer<SubmitReply, Throwable> answer)
    {
        final Turn turn = new Turn(chunk, watcher, deadlineNs, answer);
        if (!waiting.isEmpty() || !tryOffer(turn))
        {
            waiting.add(turn);
            scheduleRetry();
        }
    }

    /** Nobody waits any more: what waits is not sent, and nothing is told. */
    public void close()
    {
        closed = true;
        waiting.clear();
    }

    /** Commands that wait for room. */
    public int waitingCount()
    {
        return waiting.size();
    }

    private boolean tryOffer(final Turn turn)
    {
        final CompletableFuture<SubmitReply> future = control.submit(turn.chunk(), turn.watcher());
        // That there is no room is known at once, so that whoever comes later does not overtake.
        if (future.isCompletedExceptionally() && isToWait(turn, errorOf(future)))
        {
            return false;
        }
        future.whenComplete((reply, thrown) -> loop.execute(() -> onAnswer(turn, reply, thrown)));
        return true;
    }

    private void onAnswer(final Turn turn, final SubmitReply reply, final Throwable thrown)
    {
        if (closed)
        {
            return;
        }
        final Throwable error = null == thrown ? null : cause(thrown);
        if (isToWait(turn, error))
        {
            waiting.addFirst(turn);
            scheduleRetry();
        }
        else
        {
            turn.answer().accept(reply, error);
            offerWaiting();
        }
    }

    private void offerWaiting()
    {
        while (!waiting.isEmpty() && tryOffer(waiting.peek()))
        {
            waiting.poll();
        }
        scheduleRetry();
    }

    /** For room that others make. */
    private void scheduleRetry()
    {
        if (!waiting.isEmpty() && !isScheduled)
        {
            isScheduled = true;
            loop.schedule(
                () ->
                {
                    isScheduled = false;
                    offerWaiting();
                },
                RETRY_NS);
        }
    }

    private static Throwable errorOf(final CompletableFuture<SubmitReply> future)
    {
        try
        {
            future.join();
            return null;
        }
        catch (final RuntimeException ex)
        {
            return cause(ex);
        }
    }

    private static Throwable cause(final Throwable thrown)
    {
        return thrown instanceof CompletionException && null != thrown.getCause() ? thrown.getCause() : thrown;
    }

    /** Whether nothing was taken, and the same may be taken in a moment that there still is. */
    private boolean isToWait(final Turn turn, final Throwable error)
    {
        return error instanceof final OverloadedException overloaded && overloaded.isForNow() &&
            clock.nanoTime() - turn.deadlineNs() < 0;
    }

    private record Turn(
        SubmissionChunk chunk,
        SessionWatcher watcher,
        long deadlineNs,
        BiConsumer<SubmitReply, Throwable> answer)
    {
    }
}
