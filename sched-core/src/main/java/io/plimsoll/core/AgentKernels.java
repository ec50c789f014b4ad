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
        return 0 == kernels.get(kernels.restart, kernel) ? agents.waitHead : agents.restartHead;
    }

    private IntColumn tails(final int kernel)
    {
        return 0 == kernels.get(kernels.restart, kernel) ? agents.waitTail : agents.restartTail;
    }

    void add(final int kernel)
    {
        final int agent = kernels.get(kernels.agent, kernel);
        final IntColumn tails = tails(kernel);
        final int tail = tails.get(agent);
        kernels.set(kernels.agentPrevious, kernel, tail);
        kernels.set(kernels.agentNext, kernel, Table.NONE);
        if (Table.NONE == tail)
        {
            heads(kernel).set(agent, kernel);
        }
        else
        {
            kernels.set(kernels.agentNext, tail, kernel);
        }
        tails.set(agent, kernel);
        agents.add(agents.kernels, agent, 1);
    }

    void remove(final int kernel)
    {
        final int agent = kernels.get(kernels.agent, kernel);
        final int before = kernels.get(kernels.agentPrevious, kernel);
        final int after = kernels.get(kernels.agentNext, kernel);
        if (Table.NONE == before)
        {
            heads(kernel).set(agent, after);
        }
        else
        {
            kernels.set(kernels.agentNext, before, after);
        }
        if (Table.NONE == after)
        {
            tails(kernel).set(agent, before);
        }
        else
        {
            kernels.set(kernels.agentPrevious, after, before);
        }
        agents.add(agents.kernels, agent, -1);
    }
}
