package io.plimsoll.manager.egress;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Result;

/** Is told what becomes of sessions; on the egress thread, which must not be kept waiting. */
public interface SessionWatcher
{
    /** Whether nobody listens any more. Any thread. */
    boolean isGone();

    /**
     * A session has its agents.
     *
     * @param sessionId of the session.
     * @param attempt   from 1.
     */
    void onAssigned(long sessionId, int attempt);

    /**
     * A session has ended.
     *
     * @param sessionId of the session.
     * @param attempt   that it was in, 0: none.
     * @param state     final one.
     * @param result    of it.
     * @param exitCode  -1: none.
     */
    void onEnded(long sessionId, int attempt, LifeState state, Result result, int exitCode);
}
