package io.plimsoll.manager.history;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.Result;
import io.plimsoll.manager.view.SessionStep;
import io.plimsoll.manager.view.SessionSteps;
import java.util.Map;
import java.util.TreeMap;

/** A session on its way into its row. For one thread. */
final class PastSession
{
    final long id;
    Asked asked;
    LifeState state = LifeState.PENDING;
    Result result = Result.UNDEFINED;
    Reason reason = Reason.NONE;
    int exitCode = -1;
    int attempt;
    long notBeforeNs;
    long startedNs;
    long endedNs;
    SessionSteps steps = new SessionSteps();
    /** The attempt that has not ended, null if there is none. */
    PastAttempt open;
    /** Those that have not ended, by index. */
    final Map<Integer, PastKernel> kernels = new TreeMap<>();

    PastSession(final long id, final Asked asked)
    {
        this.id = id;
        this.asked = asked;
    }

    void step(final long atNs)
    {
        steps.add(new SessionStep(atNs, state, result, reason, attempt, exitCode));
    }

    static boolean isTerminal(final LifeState state)
    {
        return LifeState.TERMINATED == state || LifeState.CANCELLED == state || LifeState.ERROR == state;
    }
}
