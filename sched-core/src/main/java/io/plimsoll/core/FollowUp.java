package io.plimsoll.core;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.Result;

/**
 * What a command entails beyond itself: due timers, kills, kernels lost with an agent, dependents of what failed, large
 * cancellations, forgetting, and the pass over what may be placed now. All of it is found in state, so what one command
 * leaves over the next one takes up, after a restart as before it.
 */
final class FollowUp
{
    private final CoreState state;
    private final Emitter emitter;
    private final ClusterEmitter clusterEmitter;
    private final Lifecycle lifecycle;
    private final KernelDecider kernelDecider;
    private final CancelDecider cancelDecider;
    private final WorkBudget budget;
    private final Preemption preemption;
    private final SessionTable sessions;
    private final ShadowFollower shadows;
    /** Whether the session that goes next has room made for it. */
    private boolean isClaimant;
    /** None of those that ended and are kept was there before: a lower bound, so that its row need not be read. */
    private long endedSinceNs;

    FollowUp(
        final CoreState state,
        final Emitter emitter,
        final ClusterEmitter clusterEmitter,
        final Lifecycle lifecycle,
        final KernelDecider kernelDecider,
        final CancelDecider cancelDecider,
        final WorkBudget budget)
    {
        this.state = state;
        this.emitter = emitter;
        this.clusterEmitter = clusterEmitter;
        this.lifecycle = lifecycle;
        preemption = new Preemption(state, emitter, clusterEmitter, lifecycle);
        this.kernelDecider = kernelDecider;
        this.cancelDecider = cancelDecider;
        this.budget = budget;
        sessions = state.sessions;
        shadows = new ShadowFollower(state, clusterEmitter);
    }

    /* Timers. */

    /**
     * Lets what is due happen, as long as so many bytes of events are left for the command itself. Nothing is due while
     * the journal lacks its tail: whatever we would end may have gone on since.
     */
    void expire(final int bytesReserved)
    {
        final Schedule schedule = state.schedule;
        while (isTimerDue() &&
            budget.isLeft(bytesReserved + Emitter.WORK_UNIT_LENGTH))
        {
            budget.spend();
            final int owner = schedule.deadlines.nextOwner();
            if (Deadlines.isAgentTimer(schedule.deadlines.nextId()))
            {
                clusterEmitter.agentQuarantined(owner, false);
            }
            else if (Deadlines.isKernelTimer(schedule.deadlines.nextId()))
            {
                lifecycle.onKernelDeadline(owner);
            }
            else
            {
                emitter.sessionAdvanced(
                    sessions.get(sessions.nextId, owner),
                    LifeState.CANCELLED,
                    Reason.PENDING_TIMEOUT,
                    sessions.get(sessions.attempt, owner));
            }
        }
    }

    private boolean isTimerDue()
    {
        return !state.lostTail && state.schedule.deadlines.nextNs() <= state.timestampNs;
    }

    /** When a timer or the age of something is due next. */
    long nextDeadlineNs()
    {
        long nextNs = state.lostTail ? TimerQueue.NEVER : state.schedule.nextDeadlineNs();
        final int oldestEnded = state.ended.head();
        if (Table.NONE != oldestEnded)
        {
            nextNs = Math.min(nextNs, sessions.get(sessions.unawaitedNs, oldestEnded) + state.options.forgetAfterNs());
        }
        final int oldestKey = state.keys.oldest();
        if (Table.NONE != oldestKey)
        {
            nextNs = Math.min(nextNs, state.keys.get(state.keys.acceptedNs, oldestKey) + state.options.keyTtlNs());
        }
        return Math.min(nextNs, preemption.nextDeadlineNs());
    }

    /* Work. */

    /**
     * Does what follows, as far as one command may.
     *
     * @param placing false: what may be placed is left over.
     */
    void work(final boolean placing)
    {
        boolean any;
        do
        {
            any = killTold() | workOnAgents() | cascade();
        }
        while (any && budget.isLeft());
        if (!state.cancelTasks.isEmpty())
        {
            cancelDecider.resume(budget);
        }
        shadows.follow(budget);
        if (placing)
        {
            place();
        }
        killTold();
        forget();
    }

    /** Whether anything is left that could be done without another cause. */
    boolean isLeft()
    {
        return Table.NONE != state.killing.head() ||
            hasAgentWork() ||
            Table.NONE != state.edges.firstFailed() ||
            !state.cancelTasks.isEmpty() ||
            isForgettingDue() ||
            isTimerDue() ||
            shadows.isLeft() ||
            isAnybodyWaiting() && (state.schedule.hasPlaceable() || preemption.isLeft());
    }

    private boolean isAnybodyWaiting()
    {
        boolean any = false;
        for (int group = 0; group < state.groups.count(); group++)
        {
            any |= isAnybodyWaiting(group);
        }
        return any;
    }

    /** Whether anybody waits in a group for whatever reason, or room is kept somewhere: else nothing can be placed. */
    private boolean isAnybodyWaiting(final int group)
    {
        return state.groups.get(state.groups.pending, group) > 0 || state.agents.claims > 0;
    }

    private boolean killTold()
    {
        boolean any = false;
        int session = state.killing.head();
        while (Table.NONE != session && budget.isLeft())
        {
            final int next = state.killing.next(session);
            killAll(session);
            any = true;
            session = next;
        }
        return any;
    }

    private void killAll(final int session)
    {
        final Reason reason = lifecycle.killReason(session);
        final KernelTable kernels = state.kernels;
        int kernel = sessions.get(sessions.kernelHead, session);
        while (Table.NONE != kernel && budget.isLeft())
        {
            final int next = kernels.get(kernels.siblingNext, kernel);
            if (kernels.get(kernels.state, kernel) < LifeState.TERMINATING.value())
            {
                budget.spend();
                lifecycle.kill(kernel, reason);
            }
            kernel = next;
        }
    }

    private boolean hasAgentWork()
    {
        while (!state.agentWork.isEmpty())
        {
            final int agent = state.agentWork.first();
            if (kernelDecider.hasWork(agent))
            {
                return true;
            }
            state.agentWork.remove(agent);
        }
        return false;
    }

    private boolean workOnAgents()
    {
        boolean any = false;
        while (budget.isLeft() && hasAgentWork())
        {
            budget.spend();
            kernelDecider.work(state.agentWork.first());
            any = true;
        }
        return any;
    }

    /** Cancels who waited for what did not end with success. */
    private boolean cascade()
    {
        boolean any = false;
        while (budget.isLeft() && Table.NONE != state.edges.firstFailed())
        {
            budget.spend();
            final int session = state.edges.firstDependent(state.edges.firstFailed());
            emitter.sessionAdvanced(
                sessions.get(sessions.nextId, session),
                LifeState.CANCELLED,
                Result.UNDEFINED,
                Reason.DEPENDENCY_FAILED,
                sessions.get(sessions.attempt, session),
                Emitter.NO_EXIT_CODE);
            any = true;
        }
        return any;
    }

    /* Forgetting. */

    private boolean isForgettingDue()
    {
        return isEndedDue() || isKeyDue();
    }

    private boolean isEndedDue()
    {
        final int oldest = state.ended.head();
        if (Table.NONE == oldest || state.ended.count() > state.options.endedMax())
        {
            return Table.NONE != oldest;
        }
        if (endedSinceNs + state.options.forgetAfterNs() <= state.timestampNs)
        {
            endedSinceNs = sessions.get(sessions.unawaitedNs, oldest);
        }
        return endedSinceNs + state.options.forgetAfterNs() <= state.timestampNs;
    }

    private boolean isKeyDue()
    {
        final int oldest = state.keys.oldest();
        return Table.NONE != oldest &&
            (state.keys.count() > state.options.keysMax() ||
                state.keys.get(state.keys.acceptedNs, oldest) + state.options.keyTtlNs() <= state.timestampNs);
    }

    private void forget()
    {
        int left = state.options.workPerCommandMax();
        while (left > 0 && emitter.remaining() > Emitter.WORK_UNIT_LENGTH && isEndedDue())
        {
            left--;
            final int session = state.ended.head();
            final int spec = sessions.get(sessions.spec, session);
            endedSinceNs = sessions.get(sessions.unawaitedNs, session);
            emitter.sessionForgotten(session);
            if (0 == state.specs.get(state.specs.refs, spec))
            {
                emitter.specDropped(state.specs.get(state.specs.specId, spec));
            }
        }
        while (left > 0 && emitter.remaining() > Emitter.WORK_UNIT_LENGTH && isKeyDue())
        {
            left--;
            emitter.keyForgotten(state.keys.oldest());
        }
    }

    /* Placement. */

    private void place()
    {
        for (int group = 0; group < state.groups.count(); group++)
        {
            int left = shadows.isLeft(group) ? 0 : state.groups.get(state.groups.decisionsPerCommandMax, group);
            while (left > 0 && isAnybodyWaiting(group))
            {
                final int session = next(group);
                if (Table.NONE != session && emitter.remaining() < eventsLength(session))
                {
                    return;
                }
                final ReservationPlan plan = Table.NONE == session ? state.schedule.nextReservation(group) : null;
                if (null != plan && emitter.remaining() < eventsLength(plan))
                {
                    return;
                }
                if (Table.NONE != session)
                {
                    use(group, session);
                    assign(session);
                }
                else if (null != plan)
                {
                    emitter.sessionReserved(plan);
                }
                else if (!preemption.tryPreempt(group))
                {
                    break;
                }
                left--;
            }
        }
    }

    /** The session of a group that goes next: those for which room was made go before all others. */
    private int next(final int group)
    {
        preemption.settle();
        final int claimant = preemption.nextClaimant(group);
        isClaimant = Table.NONE != claimant;
        return isClaimant ? claimant : state.schedule.nextPlaceable(group);
    }

    /** An element of an array goes on one of several reservations. */
    private void use(final int group, final int session)
    {
        final ReservationPlan used = isClaimant ? null : state.schedule.queue(group).usedReservation();
        if (null != used && session == used.session)
        {
            emitter.sessionReserved(used);
        }
    }

    private int eventsLength(final ReservationPlan plan)
    {
        return Emitter.WORK_UNIT_LENGTH + plan.size() * Emitter.RESERVED_PLACE_LENGTH;
    }

    private int eventsLength(final int session)
    {
        final ShapeTable shapes = state.shapes;
        int length = Emitter.WORK_UNIT_LENGTH;
        for (int part = sessions.get(sessions.shape, session); Table.NONE != part; part = shapes.nextPart(part))
        {
            length += shapes.get(shapes.kernels, part) *
                Emitter.assignedLength(Integer.bitCount(shapes.get(shapes.furtherMask, part)));
        }
        return length;
    }

    private void assign(final int waiting)
    {
        final Placement placement = state.schedule.placement;
        final long sessionId = sessions.get(sessions.nextId, waiting);
        final int shape = sessions.get(sessions.shape, waiting);
        final int attempt = sessions.get(sessions.attempt, waiting) + 1;
        final int kernelCount = state.shapes.get(state.shapes.kernelsInAll, shape);
        emitter.sessionAdvanced(sessionId, LifeState.SCHEDULED, Reason.NONE, attempt);
        for (int index = 0; index < kernelCount; index++)
        {
            final long kernelId = (sessionId << KernelTable.INDEX_BITS) | index;
            emitter.kernelAssigned(kernelId, placement.chosen(index), attempt, shape);
        }
    }
}
