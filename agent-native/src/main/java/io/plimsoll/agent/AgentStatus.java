package io.plimsoll.agent;

/**
 * What people may want to know of a running agent; immutable.
 *
 * @param state    now.
 * @param agentId  given by the manager; 0: none yet.
 * @param trouble  why it is not active, or was not before; empty: no trouble.
 * @param hopeless whether the manager said that trying again is no use without a change.
 */
public record AgentStatus(AgentState state, long agentId, String trouble, boolean hopeless)
{
}
