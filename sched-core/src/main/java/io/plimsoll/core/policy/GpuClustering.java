package io.plimsoll.core.policy;

/**
 * Kernels that take equally many devices go together: best an agent that runs only such, then one that runs others as
 * well, then one that runs none; the fuller the better.
 */
public final class GpuClustering implements SelectionPolicy
{
    private static final int ALIKE_ONLY = 75;
    private static final int ALIKE_AND_OTHERS = 50;
    private static final int NONE_YET = 25;
    private static final int FULLNESS = 25;

    private final int deviceSharesMax;

    public GpuClustering()
    {
        this((int)DotProduct.DEVICE_SHARES_MAX);
    }

    /**
     * For a group with larger machines.
     *
     * @param deviceSharesMax thousandths of devices of the largest.
     */
    public GpuClustering(final int deviceSharesMax)
    {
        this.deviceSharesMax = deviceSharesMax;
    }

    @Override
    public String name()
    {
        return "gpu-clustering";
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
        final int own = DeviceClass.of(request.deviceCount(), request.deviceShare());
        if (DeviceClass.NONE == own)
        {
            return 0;
        }
        int distinct = 0;
        for (int deviceClass = DeviceClass.SHARE; deviceClass < DeviceClass.COUNT; deviceClass++)
        {
            distinct += agent.running(deviceClass) > 0 ? 1 : 0;
        }
        final int fullness = FULLNESS * (deviceSharesMax - agent.devicesFree()) / deviceSharesMax;
        if (agent.running(own) > 0)
        {
            return fullness + (1 == distinct ? ALIKE_ONLY : ALIKE_AND_OTHERS);
        }
        return fullness + (0 == distinct ? NONE_YET : 0);
    }
}
