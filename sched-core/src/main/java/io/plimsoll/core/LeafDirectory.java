package io.plimsoll.core;

import java.util.Arrays;

/**
 * Where each leaf of an {@link AgentOrder} begins. A leaf begins with what was its first entry when it was made: that
 * one may have gone since, so all that it may have to be compared by is kept here. Every sixteenth key stands in an
 * array of its own, so that a search touches few cache lines.
 */
final class LeafDirectory
{
    private static final int SAMPLE_SHIFT = 4;
    private static final int SAMPLE = 1 << SAMPLE_SHIFT;
    private static final int SLOTS = SlotTable.SLOTS_MAX;

    /* The first leaf begins below all. */
    private static final long FIRST_KEY = 0;
    private static final long FIRST_TIE = Long.MIN_VALUE;

    private final AgentRank rank;
    private int[] leaves = new int[SAMPLE];
    private long[] keys = new long[SAMPLE];
    /** The last key of each run of sixteen that is full. */
    private long[] samples = new long[1];
    private int count;
    /* By leaf. */
    private long[] keyOf = new long[SAMPLE];
    private long[] tieOf = new long[SAMPLE];
    private long[] notes = new long[SAMPLE * SLOTS];

    LeafDirectory(final AgentRank rank)
    {
        this.rank = rank;
    }

    int count()
    {
        return count;
    }

    int leaf(final int at)
    {
        return leaves[at];
    }

    /** No entry of the leaf is below. */
    long key(final int at)
    {
        return keys[at];
    }

    /** Place of the leaf where an entry belongs: the last that does not begin after it. */
    int of(final long key, final long tie)
    {
        int low = lastBelow(key);
        if (low + 1 < count && key == keys[low + 1])
        {
            int high = count - 1;
            while (low < high)
            {
                final int middle = (low + high + 1) >>> 1;
                if (key == keys[middle] && isAtOrBefore(leaves[middle], tie))
                {
                    low = middle;
                }
                else
                {
                    high = middle - 1;
                }
            }
        }
        return low;
    }

    private boolean isAtOrBefore(final int leaf, final long tie)
    {
        return rank.compareNoted(notes, leaf * SLOTS, tieOf[leaf], tie) <= 0;
    }

    /** The last place whose leaf begins below a key, or the first. */
    int lastBelow(final long key)
    {
        // Without a branch on keys, which nobody could predict.
        int from = 0;
        for (int length = (count >> SAMPLE_SHIFT) + 1; length > 1;)
        {
            final int half = length >>> 1;
            from += half & (int)(samples[from + half - 1] - key >> Long.SIZE - 1);
            length -= half;
        }
        from <<= SAMPLE_SHIFT;
        final int end = Math.min(count, from + SAMPLE);
        int below = from;
        for (int at = from; at < end; at++)
        {
            below -= (int)(keys[at] - key >> Long.SIZE - 1);
        }
        return Math.max(0, below - 1);
    }

    /** Place of a leaf. */
    int at(final int leaf)
    {
        int at = lastBelow(keyOf[leaf]);
        while (leaf != leaves[at])
        {
            at++;
        }
        return at;
    }

    /** Puts the only leaf that there is. */
    void begin(final int leaf)
    {
        put(0, leaf, FIRST_KEY, FIRST_TIE);
    }

    /** Puts a leaf behind another, of which an entry is the first. */
    void insert(final int at, final int leaf, final long key, final long tie)
    {
        put(at, leaf, key, tie);
        rank.note(rank.agent(tie), notes, leaf * SLOTS);
    }

    private void put(final int at, final int leaf, final long key, final long tie)
    {
        if (count == leaves.length)
        {
            leaves = Arrays.copyOf(leaves, count * 2);
            keys = Arrays.copyOf(keys, count * 2);
            samples = Arrays.copyOf(samples, count * 2 >> SAMPLE_SHIFT);
        }
        if (leaf >= keyOf.length)
        {
            keyOf = Arrays.copyOf(keyOf, leaf * 2);
            tieOf = Arrays.copyOf(tieOf, leaf * 2);
            notes = Arrays.copyOf(notes, leaf * 2 * SLOTS);
        }
        System.arraycopy(leaves, at, leaves, at + 1, count - at);
        System.arraycopy(keys, at, keys, at + 1, count - at);
        leaves[at] = leaf;
        keys[at] = key;
        keyOf[leaf] = key;
        tieOf[leaf] = tie;
        count++;
        sample(at);
    }

    void remove(final int at)
    {
        count--;
        System.arraycopy(leaves, at + 1, leaves, at, count - at);
        System.arraycopy(keys, at + 1, keys, at, count - at);
        if (0 == at && count > 0)
        {
            keys[0] = FIRST_KEY;
            keyOf[leaves[0]] = FIRST_KEY;
            tieOf[leaves[0]] = FIRST_TIE;
        }
        sample(at);
    }

    private void sample(final int from)
    {
        final int runs = count >> SAMPLE_SHIFT;
        for (int run = from >> SAMPLE_SHIFT; run < runs; run++)
        {
            samples[run] = keys[(run << SAMPLE_SHIFT) + SAMPLE - 1];
        }
    }
}
