package io.plimsoll.core;

import java.util.Arrays;

/**
 * Where each leaf of an {@link AgentOrder} begins. A leaf begins with what was its first entry when it was made: that
 * one may have gone since, so all that it may have to be compared by is kept here. Every sixteenth key stands in an
 * array of its own, so that a search touches few cache lines; behind the last one each array goes on with what is above
 * all keys, so that sixteen can always be looked at.
 */
final class LeafDirectory
{
    private static final int RUN_SHIFT = 4;
    private static final int RUN = 1 << RUN_SHIFT;
    private static final int SLOTS = SlotTable.SLOTS_MAX;
    private static final long ABOVE_ALL = Long.MAX_VALUE;

    /* The first leaf begins below all. */
    private static final long FIRST_KEY = 0;
    private static final long FIRST_TIE = Long.MIN_VALUE;

    private final AgentRank rank;
    private int[] leaves = new int[RUN];
    private long[] keys = new long[2 * RUN];
    /** The last key of each run of sixteen that is full. */
    private long[] samples = new long[RUN + 1];
    private int count;
    /* By leaf. */
    private long[] keyOf = new long[RUN];
    private long[] tieOf = new long[RUN];
    private long[] notes = new long[RUN * SLOTS];

    LeafDirectory(final AgentRank rank)
    {
        this.rank = rank;
        Arrays.fill(keys, ABOVE_ALL);
        Arrays.fill(samples, ABOVE_ALL);
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
        for (int length = count >> RUN_SHIFT; length > RUN;)
        {
            final int half = length >>> 1;
            from += half & (int)(samples[from + half - 1] - key >> Long.SIZE - 1);
            length -= half;
        }
        final int run = from + countBelow(samples, from, key) << RUN_SHIFT;
        return Math.max(0, run + countBelow(keys, run, key) - 1);
    }

    /** How many of sixteen are below a key; written out, since a loop would take longer to begin than to run. */
    private static int countBelow(final long[] sorted, final int from, final long key)
    {
        final long first =
            (sorted[from] - key >>> Long.SIZE - 1) + (sorted[from + 1] - key >>> Long.SIZE - 1) +
            (sorted[from + 2] - key >>> Long.SIZE - 1) + (sorted[from + 3] - key >>> Long.SIZE - 1);
        final long second =
            (sorted[from + 4] - key >>> Long.SIZE - 1) + (sorted[from + 5] - key >>> Long.SIZE - 1) +
            (sorted[from + 6] - key >>> Long.SIZE - 1) + (sorted[from + 7] - key >>> Long.SIZE - 1);
        final long third =
            (sorted[from + 8] - key >>> Long.SIZE - 1) + (sorted[from + 9] - key >>> Long.SIZE - 1) +
            (sorted[from + 10] - key >>> Long.SIZE - 1) + (sorted[from + 11] - key >>> Long.SIZE - 1);
        final long fourth =
            (sorted[from + 12] - key >>> Long.SIZE - 1) + (sorted[from + 13] - key >>> Long.SIZE - 1) +
            (sorted[from + 14] - key >>> Long.SIZE - 1) + (sorted[from + 15] - key >>> Long.SIZE - 1);
        return (int)(first + second + (third + fourth));
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
            keys = grow(keys, count * 2 + RUN);
            samples = grow(samples, (count * 2 >> RUN_SHIFT) + RUN);
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

    private static long[] grow(final long[] sorted, final int length)
    {
        final long[] larger = Arrays.copyOf(sorted, length);
        Arrays.fill(larger, sorted.length, length, ABOVE_ALL);
        return larger;
    }

    void remove(final int at)
    {
        count--;
        System.arraycopy(leaves, at + 1, leaves, at, count - at);
        System.arraycopy(keys, at + 1, keys, at, count - at);
        keys[count] = ABOVE_ALL;
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
        final int runs = count >> RUN_SHIFT;
        for (int run = from >> RUN_SHIFT; run < runs; run++)
        {
            samples[run] = keys[(run << RUN_SHIFT) + RUN - 1];
        }
        samples[runs] = ABOVE_ALL;
    }
}
