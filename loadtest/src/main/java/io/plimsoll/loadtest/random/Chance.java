package io.plimsoll.loadtest.random;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Numbers drawn from a seed, the same on every machine and with every release of Java: the algorithm is
 * L64X128MixRandom (Steele and Vigna, "LXM: better splittable pseudorandom number generators", OOPSLA 2021), and
 * nothing else of the library is used, whose ways of making other numbers of it may change. One thread.
 */
public final class Chance
{
    private static final RandomGeneratorFactory<RandomGenerator> ALGORITHM =
        RandomGeneratorFactory.of("L64X128MixRandom");
    private static final double UNIT = 0x1.0p-53;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final RandomGenerator generator;

    private Chance(final RandomGenerator generator)
    {
        this.generator = generator;
    }

    /** Of a seed. */
    public static Chance of(final long seed)
    {
        return new Chance(ALGORITHM.create(seed));
    }

    /**
     * Of one part of something that has a seed, independent of all other parts: what one part draws does not change
     * what another gets.
     *
     * @param seed of the whole.
     * @param part number of the part.
     */
    public static Chance of(final long seed, final long part)
    {
        return of(mix(seed + mix(part + GOLDEN)));
    }

    /** Finaliser of SplitMix64. */
    private static long mix(final long value)
    {
        final long first = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
        final long second = (first ^ first >>> 27) * 0x94D049BB133111EBL;
        return second ^ second >>> 31;
    }

    /** Any of all longs. */
    public long nextLong()
    {
        return generator.nextLong();
    }

    /** From 0, and below 1. */
    public double nextUnit()
    {
        return (generator.nextLong() >>> 11) * UNIT;
    }

    /** Above 0, and at most 1: its logarithm is a number. */
    public double nextPositiveUnit()
    {
        return ((generator.nextLong() >>> 11) + 1) * UNIT;
    }

    /** From 0, and below a bound above 0. */
    public int nextInt(final int bound)
    {
        if (bound <= 0)
        {
            throw new IllegalArgumentException("bound=" + bound + ": must be above 0");
        }
        return (int)Math.multiplyHigh(generator.nextLong() >>> 1, (long)bound << 1);
    }

    /** Of mean 0 and variance 1 (Box and Muller 1958; one of the two is thrown away). */
    public double nextNormal()
    {
        final double radius = StrictMath.sqrt(-2 * StrictMath.log(nextPositiveUnit()));
        return radius * StrictMath.cos(2 * StrictMath.PI * nextUnit());
    }
}
