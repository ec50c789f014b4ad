package io.plimsoll.core;

import io.plimsoll.core.policy.AgentView;

/** An agent as policies see it: as it is after what the present {@link Trial} took. */
final class AgentFlyweight implements AgentView
{
    private final AgentTable agents;
    private final Wanted wanted;
    private final Trial trial;
    private int agent;
    private int deviceSlot;

    AgentFlyweight(final AgentTable agents, final Wanted wanted, final Trial trial)
    {
        this.agents = agents;
        this.wanted = wanted;
        this.trial = trial;
    }

    AgentFlyweight on(final int agentId)
    {
        agent = agentId;
        deviceSlot = wanted.families > 0 ? wanted.deviceSlot(0) : agents.firstDeviceSlot(agent);
        return this;
    }

    @Override
    public int agentId()
    {
        return agent;
    }

    @Override
    public long capacity(final int slot)
    {
        return agents.capacity(agent, slot);
    }

    @Override
    public long free(final int slot)
    {
        return trial.free(agent, slot);
    }

    @Override
    public int devices()
    {
        return Table.NONE == deviceSlot ? 0 : (int)agents.capacity(agent, deviceSlot);
    }

    @Override
    public int deviceFree(final int device)
    {
        return trial.deviceFree(agent, deviceSlot, device);
    }

    @Override
    public int devicesFree()
    {
        return Table.NONE == deviceSlot ? 0 : trial.devicesFree(agent, deviceSlot);
    }

    @Override
    public int model()
    {
        return Table.NONE == deviceSlot ? 0 : agents.model(agent, deviceSlot);
    }

    @Override
    public int running(final int deviceClass)
    {
        return agents.running(agent, deviceClass) + trial.running(agent, deviceClass);
    }
}
