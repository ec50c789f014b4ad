package io.plimsoll.transport.link;

/**
 * When to try again. Delays double from the first to the largest, and each is drawn from its upper half, so that
 * thousands of agents do not return in step after a manager's restart. A link has to last for a while before the
 * next delay is short again: a manager that accepts and drops must not be hammered. Stepped: time is an argument, and
 * the draw comes from a seed.
 */
public final class ReconnectBackoff
{
    private static final long MIX_1 = 0xBF58476D1CE4E5B9L;
    private static final long MIX_2 = 0x94D049BB133111EBL;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final long NEVER_OPENED = Long.MIN_VALUE;

    private final long firstNs;
    private final long maxNs;
    private long seed;
    private long delayNs;
    private long dueNs = Long.MIN_VALUE;
    private long openedNs = NEVER_OPENED;

    /**
     * Due at once.
     *
     * @param firstNs delay after the first failure.
     * @param maxNs   largest delay; also how long a link must last to count as good.
     * @param seed    for the draw.
     */
    public ReconnectBackoff(final long firstNs, final long maxNs, final long seed)
    {
        if (firstNs <= 0 || maxNs < firstNs)
        {
            throw new IllegalArgumentException("firstNs=" + firstNs + " maxNs=" + maxNs);
        }
        this.firstNs = firstNs;
        this.maxNs = maxNs;
        this.seed = seed;
        this.delayNs = firstNs;
    }

    /** Whether an attempt may start. */
    public boolean isDue(final long nowNs)
    {
        return nowNs >= dueNs;
    }

    /** Time of the next attempt, for those who sleep until then. */
    public long dueNs()
    {
        return dueNs;
    }

    /** A link stands. */
    public void onOpened(final long nowNs)
    {
        openedNs = nowNs;
    }

    /** A link closed, or an attempt failed. */
    public void onClosed(final long nowNs)
    {
        onClosed(nowNs, 0);
    }

    /**
     * A link closed, or an attempt failed, and the manager said how long to stay away.
     *
     * @param nowNs        now.
     * @param retryAfterNs at least; 0: nothing was said.
     */
    public void onClosed(final long nowNs, final long retryAfterNs)
    {
        if (NEVER_OPENED != openedNs && nowNs - openedNs >= maxNs)
        {
            delayNs = firstNs;
        }
        openedNs = NEVER_OPENED;
        final long half = delayNs / 2;
        dueNs = nowNs + retryAfterNs + half + draw(delayNs - half + 1);
        delayNs = Math.min(maxNs, delayNs * 2);
    }

    private long draw(final long bound)
    {
        seed += GOLDEN;
        long mixed = (seed ^ seed >>> 30) * MIX_1;
        mixed = (mixed ^ mixed >>> 27) * MIX_2;
        return Math.floorMod(mixed ^ mixed >>> 31, bound);
    }
}
