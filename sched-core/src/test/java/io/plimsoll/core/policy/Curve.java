package io.plimsoll.core.policy;

import java.util.Arrays;

/** Allocation and fragmentation against demand, as the published tables have them: a point for each whole percent. */
final class Curve implements Packing.Observer
{
    private static final int POINTS = 131;

    private final Packing packing;
    private final RequestMix mix;
    private final double capacity;
    private final Fragmentation fragmentation = new Fragmentation();
    private final double[] fragmentOf;
    private double fragment;
    private final double[] allocatedSum = new double[POINTS + 2];
    private final double[] fragmentSum = new double[POINTS + 2];
    private final int[] events = new int[POINTS + 2];

    Curve(final Packing packing, final int nodes, final RequestMix mix, final long capacity)
    {
        this.packing = packing;
        this.mix = mix;
        this.capacity = capacity;
        fragmentOf = new double[nodes];
        for (int node = 0; node < nodes; node++)
        {
            fragmentOf[node] = fragmentation.of(packing.agent(node)).amount(mix);
        }
        fragment = Arrays.stream(fragmentOf).sum();
    }

    @Override
    public void onArrival(final int position, final int pod, final int node, final long devices)
    {
        if (Packing.DROPPED != node)
        {
            fragment -= fragmentOf[node];
            fragmentOf[node] = fragmentation.of(packing.agent(node)).amount(mix);
            fragment += fragmentOf[node];
        }
        final int percent = (int)StrictMath.rint(100 * packing.arrivedShares() / capacity);
        if (percent < events.length)
        {
            events[percent]++;
            allocatedSum[percent] += StrictMath.rint(10_000 * packing.usedShares() / capacity) / 100;
            fragmentSum[percent] += 100 * fragment / capacity;
        }
    }

    /** Percentage of all devices; the mean over the arrivals that belong to a percent of demand. */
    double allocated(final int percent)
    {
        return mean(allocatedSum, percent);
    }

    /** Percentage of all devices that is free but fragmented; see {@link Fragmentation}. */
    double fragmented(final int percent)
    {
        return mean(fragmentSum, percent);
    }

    private double mean(final double[] sums, final int percent)
    {
        if (events[percent] > 0)
        {
            return sums[percent] / events[percent];
        }
        double sum = 0;
        int count = 0;
        for (int near = Math.max(0, percent - 1); near <= percent + 1; near++)
        {
            sum += sums[near];
            count += events[near];
        }
        return sum / count;
    }
}
