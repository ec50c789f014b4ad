package io.plimsoll.manager.link;

import io.plimsoll.core.sbe.Liveness;

/**
 * What the tracker knows of an agent's connection. It stands in one list at a time: what is due, or what of its group
 * may be declared lost. The thread of the links.
 */
final class TrackedAgent
{
    final int agentId;
    final long connection;
    final GroupSilence group;
    AgentLink link;

    /* What the core was told, and what came in since. */
    Liveness told;
    boolean heardSinceTold;
    long lastHeardNs;
    /** Replaced by a later connection. */
    boolean isGone;
    boolean isSuspectQueued;
    boolean isReturnQueued;

    /* How it counts in its group. */
    boolean isSilent;
    boolean isOverdue;
    boolean isReleased;

    /* Leases. */
    long returnsTold;
    boolean isGrantDue;
    long heartbeatNo;
    long heartbeatNs;
    long grantedNo;
    long grantedNs;

    /* The list that it stands in. */
    long dueNs;
    AgentList list;
    TrackedAgent before;
    TrackedAgent behind;

    TrackedAgent(
        final int agentId, final long connection, final GroupSilence group, final Liveness told, final long nowNs)
    {
        this.agentId = agentId;
        this.connection = connection;
        this.group = group;
        this.told = told;
        lastHeardNs = nowNs;
    }

    void told(final Liveness next)
    {
        told = next;
        heardSinceTold = false;
    }
}
