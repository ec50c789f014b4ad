package io.plimsoll.manager.view;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Reason;

/**
 * A kernel of a session; immutable.
 *
 * @param kernelId  sessionId &lt;&lt; 10 | index.
 * @param index     0 is main.
 * @param state     of the current attempt.
 * @param reason    why this state was entered.
 * @param attempt   number of the attempt.
 * @param agentId   0: not placed.
 * @param agent     name of the agent, empty while not placed.
 * @param cpus      cores it is pinned to, as {@code 0-3,8}; empty until known.
 * @param devices   devices by number, as the agent reported.
 * @param exitCode  -1: none.
 * @param startedNs when it came to run.
 * @param endedNs   when it ended.
 * @param detail    what the agent had to say of it, for people.
 */
public record KernelView(
    long kernelId,
    int index,
    LifeState state,
    Reason reason,
    int attempt,
    int agentId,
    String agent,
    String cpus,
    String devices,
    int exitCode,
    long startedNs,
    long endedNs,
    String detail)
{
}
