package io.plimsoll.core.policy;

/**
 * The generator behind Go's {@code math/rand}, version 1, which the published experiments drew their arrival orders
 * from: an additive lagged Fibonacci generator, x[n] = x[n - 607] + x[n - 273] modulo 2^64.
 *
 * <p>Go mixes each seed with a table of 607 numbers, the state of the same recurrence after 7.8e12 steps. Here the
 * table is computed: x^N modulo the characteristic polynomial x^607 - x^334 - 1 says how to combine the first 607
 * numbers into the N-th.
 */
final class GoRandom
{
    private static final int LENGTH = 607;
    private static final int TAP = 273;
    private static final int FEED = LENGTH - TAP;
    private static final long COOKED_STEPS = 7_800_000_000_000L;
    private static final int SEED_MODULUS = Integer.MAX_VALUE;
    private static final int SEED_FACTOR = 48_271;
    private static final int WARM_UP = 20;
    private static final long MASK_63 = Long.MAX_VALUE;
    private static final long MASK_32 = 0xFFFF_FFFFL;
    private static final long[] COOKED = cooked();

    private final long[] state = new long[LENGTH];
    private int tap;
    private int feed = FEED;

    GoRandom(final long seed)
    {
        seed(state, seed, 40, 20);
        for (int i = 0; i < LENGTH; i++)
        {
            state[i] ^= COOKED[i];
        }
    }

    long int63()
    {
        tap = 0 == tap ? LENGTH - 1 : tap - 1;
        feed = 0 == feed ? LENGTH - 1 : feed - 1;
        state[feed] += state[tap];
        return state[feed] & MASK_63;
    }

    /** By rejection and remainder. */
    int int31n(final int bound)
    {
        if (0 == (bound & bound - 1))
        {
            return (int)(int63() >>> 32) & bound - 1;
        }
        final long max = (1L << 31) - 1 - (1L << 31) % bound;
        long value = int63() >>> 32;
        while (value > max)
        {
            value = int63() >>> 32;
        }
        return (int)(value % bound);
    }

    /** By Fisher and Yates from the end, with Lemire's reduction. */
    int[] shuffled(final int length)
    {
        final int[] order = new int[length];
        for (int i = 0; i < length; i++)
        {
            order[i] = i;
        }
        for (int i = length - 1; i > 0; i--)
        {
            final int j = reduced(i + 1);
            final int other = order[j];
            order[j] = order[i];
            order[i] = other;
        }
        return order;
    }

    int[] permutation(final int length)
    {
        final int[] order = new int[length];
        for (int i = 0; i < length; i++)
        {
            final int j = int31n(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    private int reduced(final int bound)
    {
        long product = (int63() >>> 31) * bound;
        if ((product & MASK_32) < bound)
        {
            final long threshold = (1L << 32) % bound;
            while ((product & MASK_32) < threshold)
            {
                product = (int63() >>> 31) * bound;
            }
        }
        return (int)(product >>> 32);
    }

    private static void seed(final long[] state, final long seed, final int highShift, final int lowShift)
    {
        long x = Math.floorMod(seed, (long)SEED_MODULUS);
        x = 0 == x ? 89_482_311 : x;
        for (int i = -WARM_UP; i < LENGTH; i++)
        {
            x = x * SEED_FACTOR % SEED_MODULUS;
            if (i >= 0)
            {
                long value = x << highShift;
                x = x * SEED_FACTOR % SEED_MODULUS;
                value ^= x << lowShift;
                x = x * SEED_FACTOR % SEED_MODULUS;
                state[i] = value ^ x;
            }
        }
    }

    private static long[] cooked()
    {
        final long[] first = new long[LENGTH];
        seed(first, 1, 20, 10);
        final long[] sequence = new long[2 * LENGTH];
        for (int i = 0; i < 2 * LENGTH; i++)
        {
            sequence[i] = i < LENGTH ?
                first[position(i)] : sequence[i - LENGTH] + sequence[i - TAP];
        }
        final long[] power = power(COOKED_STEPS);
        final long[] cooked = new long[LENGTH];
        for (int i = 0; i < LENGTH; i++)
        {
            long value = 0;
            for (int j = 0; j < LENGTH; j++)
            {
                value += power[j] * sequence[i + j];
            }
            cooked[position(COOKED_STEPS + i)] = value;
        }
        return cooked;
    }

    /** The state is written from the end to the start, beginning below the feed. */
    private static int position(final long step)
    {
        return (int)Math.floorMod(FEED - 1 - step, (long)LENGTH);
    }

    private static long[] power(final long exponent)
    {
        long[] power = new long[LENGTH];
        power[0] = 1;
        for (int bit = Long.SIZE - 1 - Long.numberOfLeadingZeros(exponent); bit >= 0; bit--)
        {
            power = squared(power, (int)(exponent >>> bit & 1));
        }
        return power;
    }

    private static long[] squared(final long[] factor, final int shift)
    {
        final long[] product = new long[2 * LENGTH];
        for (int i = 0; i < LENGTH; i++)
        {
            for (int j = 0; j < LENGTH; j++)
            {
                product[i + j + shift] += factor[i] * factor[j];
            }
        }
        final long[] reduced = new long[LENGTH];
        for (int i = 2 * LENGTH - 1; i >= LENGTH; i--)
        {
            product[i - LENGTH] += product[i];
            product[i - TAP] += product[i];
        }
        System.arraycopy(product, 0, reduced, 0, LENGTH);
        return reduced;
    }
}
