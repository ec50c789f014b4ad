package io.plimsoll.core;

import java.util.Arrays;

/** Agents by id, read in rising order: a bit set that allocates only when it grows. */
final class AgentSet
{
    private long[] words = new long[16];
    private int count;

    void clear()
    {
        Arrays.fill(words, 0);
        count = 0;
    }

    void add(final int agent)
    {
        final int word = agent >> 6;
        if (word >= words.length)
        {
            words = Arrays.copyOf(words, Math.max(word + 1, words.length * 2));
        }
        final long bit = 1L << agent;
        if (0 == (words[word] & bit))
        {
            words[word] |= bit;
            count++;
        }
    }

    void remove(final int agent)
    {
        final long bit = 1L << agent;
        if (agent >> 6 < words.length && 0 != (words[agent >> 6] & bit))
        {
            words[agent >> 6] ^= bit;
            count--;
        }
    }

    boolean isEmpty()
    {
        return 0 == count;
    }

    /** The lowest agent, NONE if there is none. */
    int first()
    {
        return next(Table.NONE);
    }

    /** The lowest agent above one, NONE if there is none. */
    int next(final int agent)
    {
        int word = agent + 1 >> 6;
        if (0 == count || word >= words.length)
        {
            return Table.NONE;
        }
        long bits = words[word] & -1L << agent + 1;
        while (0 == bits && ++word < words.length)
        {
            bits = words[word];
        }
        return 0 == bits ? Table.NONE : (word << 6) + Long.numberOfTrailingZeros(bits);
    }
}
