package io.plimsoll.core;

import io.plimsoll.core.sbe.CancelSessionsDecoder;
import io.plimsoll.core.sbe.EndSessionDecoder;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.RejectCode;
import io.plimsoll.core.sbe.Result;

/** Decides cancellations; one that is too large for a command is kept and goes on with the next ones. */
final class CancelDecider
{
    /**
     * Ids looked up for each piece of work, so that a range of what is forgotten costs no more than one of live ids.
     */
    private static final int LOOKUPS_PER_WORK = 64;

    private final CoreState state;
    private final Emitter emitter;
    private final ClusterEmitter answers;
    private final Lifecycle lifecycle;
    private final CancelProgress progress = new CancelProgress();
    private final CancelSessionsDecoder command = new CancelSessionsDecoder();
    private final EndSessionDecoder endCommand = new EndSessionDecoder();

    CancelDecider(
        final CoreState state, final Emitter emitter, final ClusterEmitter answers, final Lifecycle lifecycle)
    {
        this.state = state;
        this.emitter = emitter;
        this.answers = answers;
        this.lifecycle = lifecycle;
    }

    CancelSessionsDecoder command()
    {
        return command;
    }

    EndSessionDecoder endCommand()
    {
        return endCommand;
    }

    /** Ends one session, unless the attempt that was not used is over: its next one has done nothing wrong. */
    void onEnd()
    {
        final Reason reason = endCommand.reason();
        final long id = endCommand.sessionId();
        if (Reason.IDLE_TIMEOUT != reason && Reason.LOW_USE != reason)
        {
            answers.rejected(endCommand.correlationId(), endCommand.source(), RejectCode.OUT_OF_RANGE, id);
            return;
        }
        progress.clear();
        progress.correlationId = endCommand.correlationId();
        progress.source = endCommand.source();
        final SessionTable sessions = state.sessions;
        final int session = sessions.find(id);
        if (Table.NONE == session)
        {
            progress.unknown = 1;
        }
        else if (isUnderWay(session) && endCommand.attempt() == sessions.get(sessions.attempt, session))
        {
            progress.cancelled = 1;
            lifecycle.stop(session, Result.UNDEFINED, reason, Emitter.NO_EXIT_CODE);
        }
        else
        {
            progress.alreadyEnded = 1;
        }
        answers.cancelAccepted(progress);
    }

    private boolean isUnderWay(final int session)
    {
        return LifeState.RUNNING.value() == state.sessions.get(state.sessions.state, session);
    }

    void onCancel(final WorkBudget budget)
    {
        if (state.cancelTasks.count() == CancelTasks.TASKS_MAX)
        {
            answers.rejected(
                command.correlationId(), command.source(), RejectCode.TOO_MANY_PENDING, CancelTasks.TASKS_MAX);
            return;
        }
        progress.clear();
        progress.taskId = state.sequence;
        progress.correlationId = command.correlationId();
        progress.source = command.source();
        for (final CancelSessionsDecoder.RangesDecoder range : command.ranges())
        {
            progress.addRange(range.firstId(), range.lastId());
        }
        if (state.cancelTasks.isEmpty())
        {
            work(budget);
        }
        conclude(false);
    }

    /** Goes on with what earlier commands left. */
    void resume(final WorkBudget budget)
    {
        final CancelTasks tasks = state.cancelTasks;
        while (!tasks.isEmpty() && budget.isLeft(reserve(tasks.ranges())))
        {
            progress.clear();
            progress.taskId = tasks.taskId();
            progress.correlationId = tasks.correlationId();
            progress.source = tasks.source();
            progress.cancelled = tasks.cancelled();
            progress.alreadyEnded = tasks.alreadyEnded();
            progress.unknown = tasks.unknown();
            for (int range = 0; range < tasks.ranges(); range++)
            {
                progress.addRange(tasks.firstId(range), tasks.lastId(range));
            }
            work(budget);
            conclude(true);
        }
    }

    private void conclude(final boolean kept)
    {
        if (progress.isDone())
        {
            if (kept)
            {
                answers.cancelProgressed(progress, true);
            }
            answers.cancelAccepted(progress);
        }
        else
        {
            answers.cancelProgressed(progress, false);
        }
    }

    /** Bytes for a piece of work and for saying what is left after it. */
    private static int reserve(final int ranges)
    {
        return Emitter.WORK_UNIT_LENGTH + 128 + 16 * ranges;
    }

    private void work(final WorkBudget budget)
    {
        final int reserve = reserve(progress.rangeCount);
        while (!progress.isDone() && budget.isLeft(reserve))
        {
            if (!advance(budget, reserve))
            {
                return;
            }
            progress.range++;
        }
    }

    /** Works on the current range; false when the budget ended before it did. */
    private boolean advance(final WorkBudget budget, final int reserve)
    {
        final int range = progress.range;
        final long last = Math.min(progress.lastIds[range], state.nextSessionId - 1);
        skipUnknown(range, Math.max(progress.firstIds[range], 1), last);
        long id = Math.max(progress.firstIds[range], 1);
        int lookups = 0;
        while (id <= last)
        {
            if (lookups >= LOOKUPS_PER_WORK)
            {
                budget.spend();
                lookups = 0;
            }
            if (!budget.isLeft(reserve))
            {
                progress.firstIds[range] = id;
                return false;
            }
            lookups++;
            if (state.sessions.blocks.isEmpty(id))
            {
                final long next = Math.min(IdBlocks.nextBlock(id), last + 1);
                progress.unknown = saturate(progress.unknown + next - id);
                id = next;
            }
            else
            {
                cancel(id++, budget);
            }
        }
        progress.firstIds[range] = Math.max(progress.lastIds[range], progress.firstIds[range]) + 1;
        return true;
    }

    /** Ids that were never given are unknown; they are counted once, when the range is begun. */
    private void skipUnknown(final int range, final long from, final long last)
    {
        final long end = progress.lastIds[range];
        final long start = progress.firstIds[range];
        if (end < start)
        {
            return;
        }
        if (start < from)
        {
            progress.unknown = saturate(progress.unknown + Math.min(from - start, end - start + 1));
            progress.firstIds[range] = from;
        }
        if (end > last)
        {
            progress.unknown = saturate(progress.unknown + (end - Math.max(last, from - 1)));
            progress.lastIds[range] = last;
        }
    }

    private static long saturate(final long value)
    {
        return value < 0 ? Long.MAX_VALUE : value;
    }

    private void cancel(final long id, final WorkBudget budget)
    {
        final SessionTable sessions = state.sessions;
        final int session = sessions.find(id);
        if (Table.NONE == session)
        {
            progress.unknown = saturate(progress.unknown + 1);
        }
        else if (sessions.isTerminal(session))
        {
            progress.alreadyEnded++;
        }
        else
        {
            progress.cancelled++;
            budget.spend();
            stop(id, session);
        }
    }

    private void stop(final long id, final int session)
    {
        final SessionTable sessions = state.sessions;
        final LifeState at = LifeState.get(sessions.get(sessions.state, session));
        if (LifeState.PENDING == at)
        {
            emitter.sessionAdvanced(
                id, LifeState.CANCELLED, Reason.USER_REQUESTED, sessions.get(sessions.attempt, session));
        }
        else if (LifeState.TERMINATING != at || isOfAttempt(session))
        {
            lifecycle.stop(session, Result.UNDEFINED, Reason.USER_REQUESTED, Emitter.NO_EXIT_CODE);
        }
    }

    /** Whether a session that is TERMINATING would be tried again. */
    private boolean isOfAttempt(final int session)
    {
        return Result.UNDEFINED.value() == state.sessions.get(state.sessions.result, session) &&
            !Lifecycle.isForGood(Reason.get(state.sessions.get(state.sessions.reason, session)));
    }
}
