package io.plimsoll.core;

/** Whether an agent that has room by its amounts may have a kernel of the session that is being placed. */
final class AgentFilter
{
    private final AgentTable agents;
    private final Wanted wanted;
    private final Trial trial;
    private boolean any;
    private boolean isGuarded;
    private long sessionId;

    AgentFilter(final AgentTable agents, final Wanted wanted, final Trial trial)
    {
        this.agents = agents;
        this.wanted = wanted;
        this.trial = trial;
    }

    /** Takes note of the session that is wanted now. */
    void begin(final long wantedSessionId, final boolean guarded)
    {
        sessionId = wantedSessionId;
        isGuarded = guarded;
        any = wanted.needsDevicesTried || guarded || agents.claims > 0;
    }

    boolean accepts(final int agent)
    {
        return !any || (isOpen(agent) && (!wanted.needsDevicesTried || trial.hasDevices(agent)));
    }

    /** Whether nobody else's room is kept there. */
    private boolean isOpen(final int agent)
    {
        final long claimedBy = agents.claimedBy.get(agent);
        return (0 == claimedBy || sessionId == claimedBy) && (!isGuarded || trial.kernelsLeft(agent) > 0);
    }
}
