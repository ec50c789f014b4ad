package io.plimsoll.core.policy;

/**
 * The agent on which a kernel adds least to {@link Fragmentation}. Its authors squeeze the difference into 0..100
 * through a sigmoid and cut it to an integer; the cut is part of the policy, since ties then go by rank.
 *
 * <p>An instance belongs to one thread.
 */
public final class FragmentationGradient implements SelectionPolicy
{
    private static final double SHARES_PER_UNIT = 1000;

    private final Fragmentation fragmentation = new Fragmentation();

    @Override
    public String name()
    {
        return "fragmentation-gradient";
    }

    @Override
    public boolean mindsRequestedMem()
    {
        return false;
    }

    @Override
    public long score(final AgentView agent, final RequestView request, final RequestMix mix)
    {
        final double before = fragmentation.of(agent).amount(mix);
        final int share = request.deviceShare();
        fragmentation.takeCpu(request.amount(AgentView.CPU));
        if (DeviceClass.SHARE == DeviceClass.of(request.deviceCount(), share))
        {
            return score(before - leastAfterShare(share, mix));
        }
        final long picked = Devices.fullestFitting(agent, request.deviceCount(), share);
        for (long rest = picked; 0 != rest; rest &= rest - 1)
        {
            fragmentation.takeShare(Long.numberOfTrailingZeros(rest), share);
        }
        return score(before - fragmentation.amount(mix));
    }

    @Override
    public int chooseDevice(final AgentView agent, final RequestView request, final RequestMix mix)
    {
        final double before = fragmentation.of(agent).amount(mix);
        fragmentation.takeCpu(request.amount(AgentView.CPU));
        int best = -1;
        long bestScore = Long.MIN_VALUE;
        for (int device = 0; device < fragmentation.devices(); device++)
        {
            if (fragmentation.deviceFree(device) >= request.deviceShare() && isFirstAlike(device))
            {
                final long score = score(before - afterShare(device, request.deviceShare(), mix));
                if (score > bestScore)
                {
                    best = device;
                    bestScore = score;
                }
            }
        }
        return best;
    }

    /** The score of the best device is that of the least amount, since the sigmoid never falls. */
    private double leastAfterShare(final int share, final RequestMix mix)
    {
        double least = Double.MAX_VALUE;
        for (int device = 0; device < fragmentation.devices(); device++)
        {
            if (fragmentation.deviceFree(device) >= share && isFirstAlike(device))
            {
                least = Math.min(least, afterShare(device, share, mix));
            }
        }
        return least;
    }

    /** Whether no device before it has equally much free; those that follow would only repeat its score. */
    private boolean isFirstAlike(final int device)
    {
        for (int other = 0; other < device; other++)
        {
            if (fragmentation.deviceFree(other) == fragmentation.deviceFree(device))
            {
                return false;
            }
        }
        return true;
    }

    private double afterShare(final int device, final int share, final RequestMix mix)
    {
        fragmentation.takeShare(device, share);
        final double after = fragmentation.amount(mix);
        fragmentation.takeShare(device, -share);
        return after;
    }

    private static long score(final double gain)
    {
        return (long)(100 * (1 / (1 + StrictMath.exp(-gain / SHARES_PER_UNIT))));
    }
}
