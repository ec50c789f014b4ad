package io.plimsoll.agent;

/** How far an agent is on its way to its manager. */
public enum AgentState
{
    /** No link; waits until it may try again. */
    DISCONNECTED,
    /** Asks where the manager listens for agents. */
    RESOLVING,
    /** A connection is being made. */
    CONNECTING,
    /** Has introduced itself. */
    HELLO_SENT,
    /** Welcome; the uplink is being opened. */
    ATTACHING,
    /** Says what it holds. */
    INVENTORY,
    /** At work. */
    ACTIVE,
    /** Closed. */
    CLOSED
}
