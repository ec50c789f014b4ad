package io.plimsoll.core.policy;

/**
 * The agent that has least left afterwards, cpu and devices weighing the same.
 *
 * <p>The published policy stretches the scores of the candidates to 0..100: {@code (raw - min) * 100 / (max - min)},
 * cut to an integer. This never makes another agent win: the highest raw score becomes 100, and one that is lower by
 * at least 1 stays below 100 before the cut, hence at 99 or less after it. So the raw score is enough, and an agent's
 * score does not depend on the others.
 */
public final class BestFit implements SelectionPolicy
{
    private static final double HALF = 0.5;

    private final double cpuMillisMax;
    private final double devicesMax;

    public BestFit()
    {
        this(DotProduct.CPU_MILLIS_MAX, DotProduct.DEVICE_SHARES_MAX);
    }

    /**
     * For a group with larger machines.
     *
     * @param cpuMillisMax    millicores of the largest.
     * @param deviceSharesMax thousandths of devices of the largest.
     */
    public BestFit(final long cpuMillisMax, final long deviceSharesMax)
    {
        this.cpuMillisMax = cpuMillisMax;
        this.devicesMax = deviceSharesMax;
    }

    @Override
    public String name()
    {
        return "best-fit";
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
        final long cpuMillis = agent.free(AgentView.CPU) - request.amount(AgentView.CPU);
        final long shares = agent.devicesFree() - (long)request.deviceCount() * request.deviceShare();
        return (long)(100 * (1 - HALF * (cpuMillis / cpuMillisMax) - HALF * (shares / devicesMax)));
    }
}
