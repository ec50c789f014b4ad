package io.plimsoll.core.policy;

/**
 * The agent whose free capacity, taken as a vector of cpu and devices, has the smallest product with the request: what
 * is plentiful is kept from requests that need little of it.
 */
public final class DotProduct implements SelectionPolicy
{
    /** Millicores of the largest machine of the published experiment. */
    public static final long CPU_MILLIS_MAX = 128_000;

    /** Thousandths of devices of the largest machine of the published experiment. */
    public static final long DEVICE_SHARES_MAX = 8_000;

    private final double cpuMillisMax;
    private final double devicesMax;

    public DotProduct()
    {
        this(CPU_MILLIS_MAX, DEVICE_SHARES_MAX);
    }

    /**
     * For a group with larger machines.
     *
     * @param cpuMillisMax    millicores of the largest.
     * @param deviceSharesMax thousandths of devices of the largest.
     */
    public DotProduct(final long cpuMillisMax, final long deviceSharesMax)
    {
        this.cpuMillisMax = cpuMillisMax;
        this.devicesMax = deviceSharesMax;
    }

    @Override
    public String name()
    {
        return "dot-product";
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
        final double cpu =
            agent.free(AgentView.CPU) / cpuMillisMax * (request.amount(AgentView.CPU) / cpuMillisMax);
        final double devices =
            agent.devicesFree() / devicesMax * ((long)request.deviceCount() * request.deviceShare() / devicesMax);
        return (long)(100 * (1 - (cpu + devices) / 2));
    }
}
