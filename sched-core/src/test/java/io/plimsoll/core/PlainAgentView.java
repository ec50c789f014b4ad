package io.plimsoll.core;

import io.plimsoll.core.policy.AgentView;

/** An agent as a policy sees it, in plain words. */
final class PlainAgentView implements AgentView
{
    private final ExhaustivePlacement placement;
    private final int agent;
    private final int[] free;

    PlainAgentView(final ExhaustivePlacement placement, final int agent, final int[] free)
    {
        this.placement = placement;
        this.agent = agent;
        this.free = free;
    }

    @Override
    public int agentId()
    {
        return agent;
    }

    @Override
    public long capacity(final int slot)
    {
        return placement.agents.capacity(agent, slot);
    }

    @Override
    public long free(final int slot)
    {
        return placement.left(agent, slot);
    }

    @Override
    public int devices()
    {
        return free.length;
    }

    @Override
    public int deviceFree(final int device)
    {
        return free[device];
    }

    @Override
    public int model()
    {
        final int slot = placement.deviceSlot(agent);
        return Table.NONE == slot ? 0 : placement.agents.model(agent, slot);
    }

    @Override
    public int running(final int deviceClass)
    {
        return placement.agents.running(agent, deviceClass) + placement.givenIn(agent, deviceClass);
    }
}
