package io.plimsoll.core;

import java.util.Arrays;

/**
 * Small scores of the agents of a pool for one request: for each score a set of positions, as bits, with a bit above
 * for each word of them that is not empty. A score that changes takes two bits, and the best is the first bit of the
 * highest score that there is: positions must be in the order of agent ids, since ties go to the lowest. A cache, see
 * {@link ScoreTree}.
 *
 * <p>Each word of positions knows an upper bound of the mem that its agents have free: removal leaves the bound as it
 * is, a fruitless look tightens it.
 */
final class ScoreBuckets
{
    private static final int LOWEST = -64;
    private static final int BUCKETS = 256;
    private static final int WORD_SHIFT = 6;
    private static final long NO_MEM = Long.MIN_VALUE;

    private final AgentPool pool;
    private int words;
    /** Words of the bits above. */
    private int wordsAbove;
    /** By position; 0: does not fit, else its bucket plus one. */
    private short[] bucketOf = {};
    /** By bucket and word. */
    private long[] bits = {};
    private long[] above = {};
    private final int[] counts = new int[BUCKETS];
    /** Buckets that are not empty. */
    private final long[] filled = new long[BUCKETS >> WORD_SHIFT];
    /* By word. */
    private long[] memBounds = {};
    private boolean[] tight = {};

    ScoreBuckets(final AgentPool pool)
    {
        this.pool = pool;
    }

    /** Whether a score is small enough. */
    static boolean holds(final long score)
    {
        return score >= LOWEST && score < LOWEST + BUCKETS;
    }

    /** Makes room for so many positions, of which then none fits. */
    void clear(final int positions)
    {
        if (positions > bucketOf.length)
        {
            // With some to spare for agents that come.
            words = (positions + (positions >> 3) >> WORD_SHIFT) + 1;
            bucketOf = new short[words << WORD_SHIFT];
            wordsAbove = words + Long.SIZE - 1 >> WORD_SHIFT;
            bits = new long[BUCKETS * words];
            above = new long[BUCKETS * wordsAbove];
            memBounds = new long[words];
            tight = new boolean[words];
        }
        else
        {
            Arrays.fill(bucketOf, (short)0);
            Arrays.fill(bits, 0);
            Arrays.fill(above, 0);
        }
        Arrays.fill(counts, 0);
        Arrays.fill(filled, 0);
        Arrays.fill(memBounds, NO_MEM);
        Arrays.fill(tight, true);
    }

    /** Positions that there is room for. */
    int capacity()
    {
        return bucketOf.length;
    }

    boolean fits(final int position)
    {
        return 0 != bucketOf[position];
    }

    /** Of one that fits. */
    long score(final int position)
    {
        return bucketOf[position] - 1L + LOWEST;
    }

    void set(final int position, final boolean fits, final long score, final long freeMem)
    {
        final int word = position >> WORD_SHIFT;
        final int before = bucketOf[position];
        final int now = fits ? (int)(score - LOWEST) + 1 : 0;
        tight[word] = false;
        if (fits && freeMem > memBounds[word])
        {
            memBounds[word] = freeMem;
        }
        if (now != before)
        {
            bucketOf[position] = (short)now;
            if (0 != before)
            {
                take(before - 1, word, 1L << position);
            }
            if (0 != now)
            {
                put(now - 1, word, 1L << position);
            }
        }
    }

    private void put(final int bucket, final int word, final long bit)
    {
        bits[bucket * words + word] |= bit;
        above[bucket * wordsAbove + (word >> WORD_SHIFT)] |= 1L << word;
        if (1 == ++counts[bucket])
        {
            filled[bucket >> WORD_SHIFT] |= 1L << bucket;
        }
    }

    private void take(final int bucket, final int word, final long bit)
    {
        final int at = bucket * words + word;
        bits[at] &= ~bit;
        if (0 == bits[at])
        {
            above[bucket * wordsAbove + (word >> WORD_SHIFT)] &= ~(1L << word);
        }
        if (0 == --counts[bucket])
        {
            filled[bucket >> WORD_SHIFT] &= ~(1L << bucket);
        }
    }

    /** Position of the best agent that has so much mem free, NONE if none fits. */
    int best(final long memNeeded, final FreeMem free)
    {
        for (int part = filled.length - 1; part >= 0; part--)
        {
            for (long rest = filled[part]; 0 != rest; rest &= ~Long.highestOneBit(rest))
            {
                final int bucket = (part << WORD_SHIFT) + Long.SIZE - 1 - Long.numberOfLeadingZeros(rest);
                final int position = first(bucket, memNeeded, free);
                if (Table.NONE != position)
                {
                    return position;
                }
            }
        }
        return Table.NONE;
    }

    private int first(final int bucket, final long memNeeded, final FreeMem free)
    {
        for (int i = 0; i < wordsAbove; i++)
        {
            for (long rest = above[bucket * wordsAbove + i]; 0 != rest; rest &= rest - 1)
            {
                final int word = (i << WORD_SHIFT) + Long.numberOfTrailingZeros(rest);
                final int position =
                    memBounds[word] < memNeeded ? Table.NONE : first(bucket, word, memNeeded, free);
                if (Table.NONE != position)
                {
                    return position;
                }
            }
        }
        return Table.NONE;
    }

    private int first(final int bucket, final int word, final long memNeeded, final FreeMem free)
    {
        for (long rest = bits[bucket * words + word]; 0 != rest; rest &= rest - 1)
        {
            final int position = (word << WORD_SHIFT) + Long.numberOfTrailingZeros(rest);
            if (mem(position, free) >= memNeeded)
            {
                return position;
            }
        }
        if (!tight[word])
        {
            tighten(word, free);
        }
        return Table.NONE;
    }

    private void tighten(final int word, final FreeMem free)
    {
        final int from = word << WORD_SHIFT;
        final int end = from + Long.SIZE;
        long most = NO_MEM;
        for (int position = from; position < end; position++)
        {
            if (fits(position))
            {
                most = Math.max(most, mem(position, free));
            }
        }
        memBounds[word] = most;
        tight[word] = true;
    }

    private long mem(final int position, final FreeMem free)
    {
        return free.freeMem(pool.agentAt(position));
    }
}
