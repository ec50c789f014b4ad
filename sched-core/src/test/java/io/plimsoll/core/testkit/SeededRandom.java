package io.plimsoll.core.testkit;

/** SplitMix64: the same numbers for the same seed on any machine and JDK. */
public final class SeededRandom
{
    private long state;

    public SeededRandom(final long seed)
    {
        state = seed;
    }

    public long nextLong()
    {
        state += 0x9E3779B97F4A7C15L;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** From 0, below the bound. */
    public int below(final int bound)
    {
        return (int)Math.floorMod(nextLong(), (long)bound);
    }

    public long between(final long low, final long high)
    {
        return low + Math.floorMod(nextLong(), high - low + 1);
    }

    public boolean percent(final int chance)
    {
        return below(100) < chance;
    }
}
