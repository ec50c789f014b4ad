package io.plimsoll.core;

/**
 * The kernels of each agent, in two lists by what the agent's loss means for them. A kernel that is marked goes to the
 * end, so those that an inventory has not named stand first.
 */
final class AgentKernels
{
    private final AgentTable agents;
    private final KernelTable kernels;

    AgentKernels(final CoreState state)
    {
        agents = state.agents;
        kernels = state.kernels;
    }

    private IntColumn heads(final int kernel)
    {
        return 0 == kernels.restart.get(kernel) ? agents.waitHead : agents.restartHead;
    }

    private IntColumn tails(final int kernel)
    {
        return 0 == kernels.restart.get(kernel) ? agents.waitTail : agents.restartTail;
    }

    void add(final int kernel)
    {
        final int agent = kernels.agent.get(kernel);
        final IntColumn tails = tails(kernel);
        final int tail = tails.get(agent);
        kernels.agentPrevious.set(kernel, tail);
        kernels.agentNext.set(kernel, Table.NONE);
        if (Table.NONE == tail)
        {
            heads(kernel).set(agent, kernel);
        }
        else
        {
            kernels.agentNext.set(tail, kernel);
        }
        tails.set(agent, kernel);
        agents.kernels.set(agent, agents.kernels.get(agent) + 1);
    }

    void remove(final int kernel)
    {
        final int agent = kernels.agent.get(kernel);
        final int before = kernels.agentPrevious.get(kernel);
        final int after = kernels.agentNext.get(kernel);
        if (Table.NONE == before)
        {
            heads(kernel).set(agent, after);
        }
        else
        {
            kernels.agentNext.set(before, after);
        }
        if (Table.NONE == after)
        {
            tails(kernel).set(agent, before);
        }
        else
        {
            kernels.agentPrevious.set(after, before);
        }
        agents.kernels.set(agent, agents.kernels.get(agent) - 1);
    }
}
