package io.plimsoll.core;

/** Whether an agent that has room by its amounts may have a kernel of the session that is being placed. */
final class AgentFilter
{
    private final Wanted wanted;
    private final Trial trial;
    private boolean any;

    AgentFilter(final Wanted wanted, final Trial trial)
    {
        this.wanted = wanted;
        this.trial = trial;
    }

    /** Takes note of the session that is wanted now. */
    void begin()
    {
        any = wanted.needsDevicesTried;
    }

    boolean accepts(final int agent)
    {
        return !any || !wanted.needsDevicesTried || trial.hasDevices(agent);
    }
}
