package io.plimsoll.core;

import io.plimsoll.core.sbe.SelectPolicy;

/** The agents of one resource group that may get work, in the order in which its selection looks at them. A cache. */
final class AgentPool
{
    private final AgentTable agents;
    private final SlotTable slots;
    private int select;

    /** Agents that have nothing free beyond cpu and mem. */
    AgentOrder plain;
    /** Agents that have further slots free. */
    AgentOrder further;

    AgentPool(final AgentTable agents, final SlotTable slots, final int select)
    {
        this.agents = agents;
        this.slots = slots;
        clear(select);
    }

    /** Forgets all agents, and how they were ordered. */
    void clear(final int selectPolicy)
    {
        select = selectPolicy;
        final boolean most = SelectPolicy.DISPERSED.value() == selectPolicy;
        plain = new AgentOrder(agents, slots, most);
        further = new AgentOrder(agents, slots, most);
    }

    int select()
    {
        return select;
    }

    AgentOrder order(final int agent)
    {
        return agents.hasFreeFurther(agent) ? further : plain;
    }
}
