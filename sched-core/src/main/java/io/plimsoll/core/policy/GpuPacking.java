package io.plimsoll.core.policy;

/**
 * Devices that are in use already come first, then idle devices of agents in use, then idle agents; among each kind the
 * one that leaves least idle.
 */
public final class GpuPacking implements SelectionPolicy
{
    private static final int USED_DEVICES_MAX = 100;
    private static final int USED_AGENT_MAX = 50;
    private static final int IDLE_AGENT_MAX = 33;

    @Override
    public String name()
    {
        return "gpu-packing";
    }

    @Override
    public boolean mindsRequestedMem()
    {
        return false;
    }

    @Override
    public boolean mindsMix()
    {
        return false;
    }

    @Override
    public long score(final AgentView agent, final RequestView request, final RequestMix mix)
    {
        if (0 == request.deviceCount())
        {
            return 0;
        }
        final int idle = Devices.idle(agent);
        if (idle == agent.devices())
        {
            return Math.max(IDLE_AGENT_MAX - idle, idle);
        }
        final long picked = Devices.fullestFitting(agent, request.deviceCount(), request.deviceShare());
        int pickedIdle = 0;
        int percents = 0;
        for (long rest = picked; 0 != rest; rest &= rest - 1)
        {
            final int free = agent.deviceFree(Long.numberOfTrailingZeros(rest));
            pickedIdle += AgentView.WHOLE == free ? 1 : 0;
            percents += free * 100 / AgentView.WHOLE;
        }
        if (pickedIdle > 0)
        {
            return Math.max(USED_AGENT_MAX - pickedIdle, IDLE_AGENT_MAX);
        }
        return Math.max(USED_DEVICES_MAX - percents / 10, USED_AGENT_MAX);
    }
}
