package io.plimsoll.core;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Reason;

/**
 * Starts of kernels that failed on an agent, one after the other and none in between that did not: the mark of a node
 * that swallows whatever it is given. A single bad session must not take a cluster out node by node, so failures count
 * for that only once a second session is among them, unless one failure is said to be enough.
 */
final class StartFailures
{
    private StartFailures()
    {
    }

    /** Whether a kernel that had not come to run fails by a change of its state; one is counted once. */
    static boolean isFailure(final int next, final Reason reason)
    {
        return switch (reason)
        {
            case LAUNCH_FAILED, PULL_FAILED, REFUSED -> LifeState.ERROR.value() == next;
            case START_TIMEOUT, PULL_TIMEOUT ->
                LifeState.ERROR.value() == next || LifeState.TERMINATING.value() == next;
            default -> false;
        };
    }

    static void add(final AgentTable agents, final int agent, final long sessionId)
    {
        if (0 == agents.get(agents.failedStarts, agent))
        {
            agents.set(agents.failedSession, agent, sessionId);
        }
        else if (sessionId != agents.get(agents.failedSession, agent))
        {
            agents.set(agents.failedOthers, agent, (byte)1);
        }
        agents.addFailedStart(agent);
    }

    /** Whether an agent is to be left alone. */
    static boolean areTooMany(final AgentTable agents, final int agent, final int quarantineAfter)
    {
        return quarantineAfter > 0 &&
            agents.get(agents.failedStarts, agent) >= quarantineAfter &&
            (1 == quarantineAfter || 0 != agents.get(agents.failedOthers, agent));
    }
}
