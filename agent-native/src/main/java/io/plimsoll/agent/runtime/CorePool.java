package io.plimsoll.agent.runtime;

import java.util.BitSet;

/**
 * Chooses cores. From one core on a kernel gets whole ones, and nobody else's while there are such; below, it gets a
 * share of one, on the fullest core that still has room, so that whole ones stay free. Where cores do not suffice (more
 * capacity was declared than there is), the least used are shared. Ties go to the core that the spawning thread is on,
 * which it then need not leave, else to the lowest number.
 */
final class CorePool
{
    private static final long CORE_MILLIS = 1000;

    private final int[] cores;
    private final long[] usedMillis;

    CorePool(final BitSet allowed)
    {
        cores = allowed.stream().toArray();
        usedMillis = new long[cores.length];
    }

    /**
     * Takes cores; give them back with {@link #release}.
     *
     * @param cpuMillis wanted.
     * @param here      core of the calling thread.
     * @return cores; empty if none were wanted.
     */
    BitSet acquire(final long cpuMillis, final int here)
    {
        final BitSet chosen = new BitSet();
        if (cpuMillis <= 0 || 0 == cores.length)
        {
            return chosen;
        }
        if (cpuMillis < CORE_MILLIS)
        {
            chosen.set(cores[shared(cpuMillis, here)]);
        }
        else
        {
            final long count = Math.min(cores.length, (cpuMillis + CORE_MILLIS - 1) / CORE_MILLIS);
            while (chosen.cardinality() < count)
            {
                chosen.set(cores[leastUsed(chosen, here)]);
            }
        }
        use(chosen, cpuMillis, 1);
        return chosen;
    }

    /** Takes cores that a kernel was found to be bound to. */
    void claim(final BitSet cpus, final long cpuMillis)
    {
        use(cpus, cpuMillis, 1);
    }

    /** Gives cores back. */
    void release(final BitSet cpus, final long cpuMillis)
    {
        use(cpus, cpuMillis, -1);
    }

    private void use(final BitSet cpus, final long cpuMillis, final int sign)
    {
        if (!cpus.isEmpty())
        {
            final long each = cpuMillis / cpus.cardinality();
            for (int i = 0; i < cores.length; i++)
            {
                if (cpus.get(cores[i]))
                {
                    usedMillis[i] += sign * each;
                }
            }
        }
    }

    private int shared(final long cpuMillis, final int here)
    {
        int best = -1;
        for (int i = 0; i < cores.length; i++)
        {
            if (usedMillis[i] > 0 && usedMillis[i] + cpuMillis <= CORE_MILLIS &&
                (best < 0 || usedMillis[i] > usedMillis[best]))
            {
                best = i;
            }
        }
        return best < 0 ? leastUsed(new BitSet(), here) : best;
    }

    private int leastUsed(final BitSet taken, final int here)
    {
        int best = -1;
        for (int i = 0; i < cores.length; i++)
        {
            if (!taken.get(cores[i]) && (best < 0 || usedMillis[i] < usedMillis[best] ||
                here == cores[i] && usedMillis[i] == usedMillis[best]))
            {
                best = i;
            }
        }
        return best;
    }
}
