package org.example;

import io.plimsoll.core.policy.AgentView;
import io.plimsoll.core.policy.RequestMix;
import io.plimsoll.core.policy.RequestView;
import io.plimsoll.core.policy.SelectionPolicy;

/**
 * Keeps large machines free for those who need one: of the machines that fit, the smallest is best, and of equal ones
 * the fullest. Shares of devices are spread: each goes to the emptiest device.
 */
public final class SmallMachinesFirst implements SelectionPolicy
{
    /** More than the millicores of any machine, so that no difference in what is free outweighs one in size. */
    private static final long MILLICORES_MAX = 1L << 31;

    @Override
    public String name()
    {
        return "small-machines-first";
    }

    @Override
    public long score(final AgentView agent, final RequestView request, final RequestMix mix)
    {
        final long size = Math.min(agent.capacity(AgentView.CPU), MILLICORES_MAX - 1);
        final long free = Math.min(agent.free(AgentView.CPU), MILLICORES_MAX - 1);
        return -(size * MILLICORES_MAX + free);
    }

    @Override
    public int chooseDevice(final AgentView agent, final RequestView request, final RequestMix mix)
    {
        int best = 0;
        for (int device = 1; device < agent.devices(); device++)
        {
            if (agent.deviceFree(device) > agent.deviceFree(best))
            {
                best = device;
            }
        }
        return best;
    }
}
