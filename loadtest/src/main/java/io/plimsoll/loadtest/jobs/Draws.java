package io.plimsoll.loadtest.jobs;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Random numbers that are the same on every machine: 64 bits at a time of L64X128MixRandom (Steele and Vigna, <i>LXM:
 * Better Splittable Pseudorandom Number Generators</i>, 2021), which the platform specifies to the bit, and everything
 * else made of them here, with StrictMath. One thread.
 */
public final class Draws
{
    private static final String ALGORITHM = "L64X128MixRandom";
    private static final int UNUSED_BITS = 11;
    private static final double UNIT = 0x1.0p-53;
    private static final long STREAM_STEP = 0x9E3779B97F4A7C15L;

    private final RandomGenerator random;

    /**
     * A series of draws.
     *
     * @param seed   of the workload.
     * @param stream what they are for, so that a change of one thing leaves the draws for others as they were.
     */
    public Draws(final long seed, final int stream)
    {
        random = RandomGeneratorFactory.of(ALGORITHM).create(seed + stream * STREAM_STEP);
    }

    /** Between 0 and 1, both excluded. */
    public double uniform()
    {
        return ((random.nextLong() >>> UNUSED_BITS) + 0.5) * UNIT;
    }

    /** From 0, and below a bound above 0. */
    public int below(final int bound)
    {
        return (int)(uniform() * bound);
    }

    /** Of mean 1. */
    public double exponential()
    {
        return -StrictMath.log(uniform());
    }

    /** Of mean 0 and variance 1, by Box and Muller. */
    public double normal()
    {
        final double radius = StrictMath.sqrt(2 * exponential());
        return radius * StrictMath.cos(2 * StrictMath.PI * uniform());
    }

    /** A place, as likely as its share of the last of some growing sums. */
    public int pick(final double[] sums)
    {
        final double at = uniform() * sums[sums.length - 1];
        int low = 0;
        int high = sums.length - 1;
        while (low < high)
        {
            final int middle = low + high >>> 1;
            if (sums[middle] > at)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }
        return low;
    }

    /** Growing sums of weights. */
    static double[] sums(final double... weights)
    {
        final double[] sums = new double[weights.length];
        double sum = 0;
        for (int i = 0; i < weights.length; i++)
        {
            sum += weights[i];
            sums[i] = sum;
        }
        return sums;
    }
}
