package io.plimsoll.manager.view;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.Result;

/**
 * A session came to a state.
 *
 * @param atNs     epoch nanoseconds.
 * @param state    that it came to.
 * @param result   undefined until it has ended.
 * @param reason   why.
 * @param attempt  from 1; 0 before the first.
 * @param exitCode -1: none.
 */
public record SessionStep(long atNs, LifeState state, Result result, Reason reason, int attempt, int exitCode)
{
    /** The first of all. */
    public static SessionStep submission(final long atNs)
    {
        return new SessionStep(atNs, LifeState.PENDING, Result.UNDEFINED, Reason.NONE, 0, -1);
    }
}
