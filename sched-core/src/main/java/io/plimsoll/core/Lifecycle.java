package io.plimsoll.core;

import io.plimsoll.core.sbe.FailurePolicy;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.Result;

/**
 * What follows when a kernel advances or is gone: for its session, its siblings and the next attempt. A session that
 * cannot go on is TERMINATING while kernels are left, and carries what it will end with: a result and a reason, or no
 * result and the reason for which its attempt failed.
 */
final class Lifecycle
{
    /** What the end of a kernel means. */
    enum Outcome
    {
        /** It did what was asked. */
        SUCCESS,
        /** It ran and failed: the session fails. */
        FAILURE,
        /** It did not come to run, or may be run again: the attempt fails. */
        ATTEMPT_FAILED,
    }

    private final CoreState state;
    private final Emitter emitter;
    private final ClusterEmitter clusterEmitter;
    private final SessionTable sessions;
    private final KernelTable kernels;

    Lifecycle(final CoreState state, final Emitter emitter, final ClusterEmitter clusterEmitter)
    {
        this.state = state;
        this.emitter = emitter;
        this.clusterEmitter = clusterEmitter;
        sessions = state.sessions;
        kernels = state.kernels;
    }

    /** A kernel was seen to be further than before, and lives. */
    void advance(final int kernel, final LifeState next)
    {
        final int session = kernels.get(kernels.session, kernel);
        emitter.kernelAdvanced(kernel, next, Reason.NONE, Emitter.NO_EXIT_CODE);
        follow(session);
    }

    /** A session is as far as its least advanced kernel. */
    private void follow(final int session)
    {
        final LifeState least = LifeState.get((short)sessions.leastAdvanced(session));
        if (least.value() > sessions.get(sessions.state, session) && LifeState.TERMINATING != least)
        {
            emitter.sessionAdvanced(
                sessions.get(sessions.nextId, session), least, Reason.NONE, sessions.get(sessions.attempt, session));
        }
    }

    /** Whether a session goes on without a kernel that failed: it is none that it needs, or needs any longer. */
    private boolean isDispensable(final int session, final int index)
    {
        final int policy = sessions.get(sessions.failurePolicy, session);
        return KernelTable.MAIN != index &&
            (FailurePolicy.TOLERANT.value() == policy ||
                (FailurePolicy.BOOT_ALL.value() == policy &&
                    LifeState.RUNNING.value() == sessions.get(sessions.state, session)));
    }

    /** Whether the end of a kernel is the end of its session. */
    private boolean isLeading(final int session, final int index)
    {
        return KernelTable.MAIN == index &&
            FailurePolicy.STRICT.value() != sessions.get(sessions.failurePolicy, session);
    }

    /** A kernel ended by itself. */
    void onExited(final int kernel, final Reason reported, final int exitCode)
    {
        if (0 != kernels.get(kernels.held, kernel))
        {
            emitter.kernelReleased(kernel);
            return;
        }
        final boolean clean = 0 == exitCode && (Reason.NONE == reported || Reason.COMPLETED == reported);
        final Outcome outcome;
        final Reason reason;
        if (clean)
        {
            outcome = Outcome.SUCCESS;
            reason = Reason.COMPLETED;
        }
        else
        {
            outcome = Reason.LEASE_EXPIRED == reported && 0 != kernels.get(kernels.restart, kernel) ?
                Outcome.ATTEMPT_FAILED :
                Outcome.FAILURE;
            reason = Reason.NONE == reported || Reason.COMPLETED == reported ? unclean(kernel, reported) : reported;
        }
        final LifeState next = Outcome.ATTEMPT_FAILED == outcome ? LifeState.ERROR : LifeState.TERMINATED;
        gone(kernel, next, outcome, reason, exitCode);
    }

    /** Why a kernel exited with a code: by itself, unless it was told to because its session had completed. */
    private Reason unclean(final int kernel, final Reason reported)
    {
        final boolean told = LifeState.TERMINATING.value() == kernels.get(kernels.state, kernel) &&
            Reason.COMPLETED.value() == kernels.get(kernels.reason, kernel);
        return told && Reason.COMPLETED == reported ? Reason.COMPLETED : Reason.EXIT_CODE;
    }

    /** A kernel is gone without having ended by itself. */
    void onFailed(final int kernel, final Reason reported)
    {
        if (0 != kernels.get(kernels.held, kernel))
        {
            emitter.kernelReleased(kernel);
            return;
        }
        final Reason reason = Reason.NONE == reported ? Reason.LAUNCH_FAILED : reported;
        final boolean started = kernels.get(kernels.state, kernel) >= LifeState.RUNNING.value() ||
            Reason.SUPERVISOR_DIED == reason ||
            Reason.OUT_OF_MEMORY == reason ||
            Reason.SIGNALLED == reason;
        final boolean mayRunAgain = !started ||
            Reason.NEVER_STARTED == reason ||
            (0 != kernels.get(kernels.restart, kernel) && isLossOfAgent(reason));
        gone(
            kernel,
            LifeState.ERROR,
            mayRunAgain ? Outcome.ATTEMPT_FAILED : Outcome.FAILURE,
            reason,
            Emitter.NO_EXIT_CODE);
    }

    private static boolean isLossOfAgent(final Reason reason)
    {
        return switch (reason)
        {
            case AGENT_LOST, KERNEL_MISSING, SUPERVISOR_DIED, LEASE_EXPIRED, SUPERSEDED, REFUSED -> true;
            default -> false;
        };
    }

    private void gone(
        final int kernel, final LifeState next, final Outcome outcome, final Reason reason, final int exitCode)
    {
        final int session = kernels.get(kernels.session, kernel);
        final int index = KernelTable.index(kernels.get(kernels.kernelId, kernel));
        final boolean told = LifeState.TERMINATING.value() == kernels.get(kernels.state, kernel);
        final boolean ownFailure = isOwnFailure(reason, exitCode) && !(told && Reason.SIGNALLED == reason);
        final boolean lowest = ownFailure && index < sessions.lowestFailed(session);
        final Reason shown = told && Outcome.SUCCESS != outcome && !ownFailure ?
            Reason.get(kernels.get(kernels.reason, kernel)) :
            reason;
        final int agent = kernels.get(kernels.agent, kernel);
        emitter.kernelAdvanced(kernel, told ? LifeState.TERMINATED : next, shown, exitCode);
        quarantineIfDue(agent);
        if (LifeState.TERMINATING.value() == sessions.get(sessions.state, session))
        {
            if (lowest && Result.FAILURE.value() == sessions.get(sessions.result, session) &&
                isOwn(Reason.get(sessions.get(sessions.reason, session))))
            {
                stop(session, Result.FAILURE, reason, exitCode);
            }
            else if (0 == sessions.get(sessions.live, session))
            {
                finishTold(session, outcome);
            }
        }
        else if (Outcome.SUCCESS == outcome)
        {
            onKernelSucceeded(session, index);
        }
        else if (isDispensable(session, index))
        {
            follow(session);
        }
        else
        {
            stop(session, Outcome.FAILURE == outcome ? Result.FAILURE : Result.UNDEFINED, reason, exitCode);
        }
    }

    private void quarantineIfDue(final int agent)
    {
        final AgentTable agents = state.agents;
        final int after = state.groups.get(state.groups.quarantineAfter, agents.get(agents.group, agent));
        if (0 == agents.get(agents.quarantined, agent) && StartFailures.areTooMany(agents, agent, after))
        {
            clusterEmitter.agentQuarantined(agent, true);
        }
    }

    /**
     * Whether a kernel ended with an exit code that says what itself did. An agent reports a kernel that it signalled
     * with the reason for which it did; only if it was started anew in between, it cannot tell, so a signal that ended
     * a kernel which was to be ended is taken for ours.
     */
    static boolean isOwnFailure(final Reason reason, final int exitCode)
    {
        return exitCode > 0 && isOwn(reason);
    }

    private static boolean isOwn(final Reason reason)
    {
        return Reason.EXIT_CODE == reason || Reason.OUT_OF_MEMORY == reason || Reason.SIGNALLED == reason;
    }

    private void onKernelSucceeded(final int session, final int index)
    {
        final long sessionId = sessions.get(sessions.nextId, session);
        final int attempt = sessions.get(sessions.attempt, session);
        if (0 == sessions.get(sessions.live, session))
        {
            emitter.sessionAdvanced(
                sessionId, LifeState.TERMINATED, Result.SUCCESS, Reason.COMPLETED, attempt, 0);
        }
        else if (isLeading(session, index))
        {
            stop(session, Result.SUCCESS, Reason.COMPLETED, 0);
        }
        else
        {
            follow(session);
        }
    }

    /** The session cannot go on: it ends with its last kernel, now or when the others are gone. */
    void stop(final int session, final Result result, final Reason reason, final int exitCode)
    {
        if (sessions.get(sessions.live, session) > 0)
        {
            emitter.sessionAdvanced(
                sessions.get(sessions.nextId, session),
                LifeState.TERMINATING,
                result,
                reason,
                sessions.get(sessions.attempt, session),
                exitCode);
        }
        else
        {
            finish(session, result, reason, exitCode);
        }
    }

    /** Who was to yield but had done its work by then has done it. */
    private void finishTold(final int session, final Outcome outcome)
    {
        if (Outcome.SUCCESS == outcome &&
            Reason.PREEMPTED.value() == sessions.get(sessions.reason, session) &&
            1 == state.shapes.get(state.shapes.kernelsInAll, sessions.get(sessions.shape, session)))
        {
            finish(session, Result.SUCCESS, Reason.COMPLETED, 0);
        }
        else
        {
            finishPlanned(session);
        }
    }

    private void finishPlanned(final int session)
    {
        finish(
            session,
            Result.get(sessions.get(sessions.result, session)),
            Reason.get(sessions.get(sessions.reason, session)),
            sessions.get(sessions.exitCode, session));
    }

    private void finish(final int session, final Result result, final Reason reason, final int exitCode)
    {
        final long sessionId = sessions.get(sessions.nextId, session);
        final int attempt = sessions.get(sessions.attempt, session);
        if (Result.UNDEFINED == result && !isForGood(reason))
        {
            final int group = state.shapes.get(state.shapes.group, sessions.get(sessions.shape, session));
            final int failed = attempt - sessions.get(sessions.preemptions, session);
            final boolean preempted = Reason.PREEMPTED == reason;
            if ((preempted || failed < state.groups.get(state.groups.attemptsMax, group)) &&
                0 == sessions.get(sessions.held, session))
            {
                final long backoffNs = preempted || isLossOfMachine(reason) ? 0 : state.groups.backoffNs(group, failed);
                emitter.sessionPendingAgain(sessionId, reason, attempt, state.timestampNs + backoffNs);
            }
            else
            {
                emitter.sessionAdvanced(
                    sessionId, LifeState.ERROR, Result.FAILURE, reason, attempt, Emitter.NO_EXIT_CODE);
            }
        }
        else
        {
            emitter.sessionAdvanced(
                sessionId, isError(reason) ? LifeState.ERROR : LifeState.TERMINATED, result, reason, attempt, exitCode);
        }
    }

    /** Whether it would have run on, had its machine; waiting before it runs elsewhere would help nobody. */
    private static boolean isLossOfMachine(final Reason reason)
    {
        return Reason.AGENT_LOST == reason || Reason.LEASE_EXPIRED == reason;
    }

    /** Whether somebody wants the session to end, and not only this attempt at it. */
    static boolean isForGood(final Reason reason)
    {
        return Reason.USER_REQUESTED == reason || Reason.IDLE_TIMEOUT == reason || Reason.LOW_USE == reason;
    }

    /** Whether the session ended through no doing of its own or its user's. */
    private static boolean isError(final Reason reason)
    {
        return switch (reason)
        {
            case USER_REQUESTED, WALLTIME, EXIT_CODE, OUT_OF_MEMORY, SIGNALLED, COMPLETED, PREEMPTED -> false;
            case IDLE_TIMEOUT, LOW_USE -> false;
            default -> true;
        };
    }

    /** Tells an agent to end a kernel that lives. */
    void kill(final int kernel, final Reason reason)
    {
        emitter.kernelAdvanced(kernel, LifeState.TERMINATING, reason, Emitter.NO_EXIT_CODE);
        emitter.killRequested(kernel, reason);
    }

    /** What a kernel is told when its session stops. */
    Reason killReason(final int session)
    {
        final Reason reason = Reason.get(sessions.get(sessions.reason, session));
        return switch (reason)
        {
            case USER_REQUESTED, WALLTIME, COMPLETED, PREEMPTED, IDLE_TIMEOUT, LOW_USE -> reason;
            default -> Reason.SIBLING_FAILED;
        };
    }

    /** The present state of a kernel has lasted too long. */
    void onKernelDeadline(final int kernel)
    {
        final int session = kernels.get(kernels.session, kernel);
        switch (LifeState.get(kernels.get(kernels.state, kernel)))
        {
            case SCHEDULED, PREPARING -> giveUp(kernel, session, Result.UNDEFINED, Reason.START_TIMEOUT);
            case PULLING -> giveUp(kernel, session, Result.UNDEFINED, Reason.PULL_TIMEOUT);
            case RUNNING ->
            {
                kill(kernel, Reason.WALLTIME);
                if (LifeState.TERMINATING.value() != sessions.get(sessions.state, session) &&
                    !isDispensable(session, KernelTable.index(kernels.get(kernels.kernelId, kernel))))
                {
                    stop(session, Result.FAILURE, Reason.WALLTIME, Emitter.NO_EXIT_CODE);
                }
            }
            case TERMINATING ->
            {
                emitter.kernelHeld(kernel, Reason.TERMINATION_TIMEOUT);
                if (0 == sessions.get(sessions.live, session))
                {
                    finishPlanned(session);
                }
            }
            default -> throw new IllegalStateException(
                "deadline of kernelId=" + kernels.get(kernels.kernelId, kernel) + " state=" +
                kernels.get(kernels.state, kernel));
        }
    }

    /**
     * Its agent does not know that it has launched it, and would do so again: it is told not to, before it gets a lease
     * to launch anything with. It counts as missing once the agent says that it did not.
     */
    void onForgotten(final int kernel)
    {
        final boolean mayRunAgain =
            LifeState.RUNNING.value() != kernels.get(kernels.state, kernel) ||
            0 != kernels.get(kernels.restart, kernel);
        giveUp(
            kernel,
            kernels.get(kernels.session, kernel),
            mayRunAgain ? Result.UNDEFINED : Result.FAILURE,
            Reason.KERNEL_MISSING);
    }

    private void giveUp(final int kernel, final int session, final Result result, final Reason reason)
    {
        if (LifeState.TERMINATING.value() == sessions.get(sessions.state, session))
        {
            kill(kernel, killReason(session));
        }
        else
        {
            kill(kernel, reason);
            quarantineIfDue(kernels.get(kernels.agent, kernel));
            if (isDispensable(session, KernelTable.index(kernels.get(kernels.kernelId, kernel))))
            {
                follow(session);
            }
            else
            {
                stop(session, result, reason, Emitter.NO_EXIT_CODE);
            }
        }
    }
}
