package io.plimsoll.core;

import io.plimsoll.core.policy.AgentView;

/** An agent as policies see it after what the kernels of a session with unequal parts took so far. */
final class ForecastView implements AgentView
{
    private final AgentTable agents;
    private final PartsRoom room;
    private int agent;
    private AgentForecast forecast;
    private int deviceSlot;

    ForecastView(final CoreState state, final PartsRoom room)
    {
        agents = state.agents;
        this.room = room;
    }

    ForecastView on(final int agentId, final Wanted wanted)
    {
        agent = agentId;
        forecast = room.of(agentId);
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
        return null == forecast ? agents.free(agent, slot) : forecast.free(slot);
    }

    @Override
    public int devices()
    {
        return Table.NONE == deviceSlot ? 0 : (int)agents.capacity(agent, deviceSlot);
    }

    @Override
    public int deviceFree(final int device)
    {
        return null == forecast ?
            agents.deviceFree(agent, deviceSlot, device) :
            forecast.deviceFree(deviceSlot, device);
    }

    @Override
    public int model()
    {
        return Table.NONE == deviceSlot ? 0 : agents.model(agent, deviceSlot);
    }

    @Override
    public int running(final int deviceClass)
    {
        return agents.running(agent, deviceClass) + room.running(agent, deviceClass);
    }
}
