package io.plimsoll.core;

import java.util.Arrays;

/**
 * Scores of the agents of a pool for one request, as a tournament between sixteen at a time: the best is at the root.
 * Ties go to the lowest agent id. A score that got better is told to the nodes above at once, which takes a comparison
 * each; one that was the best of its node and is no longer makes the node stale, and stale nodes are played again when
 * somebody asks for the best, once however many scores below them changed.
 *
 * <p>That is for scores of any size: as long as they are small, as those of most policies are, and agents have come in
 * the order of their ids, they stand in {@link ScoreBuckets} instead, and nothing is played.
 *
 * <p>A node holds the score and the agent in one number, see {@link #key}. Scores that are too large for that make the
 * tree <em>wide</em>: then the best is looked for one by one, which is slow and as right.
 *
 * <p>Requests that differ in nothing but mem may share one: then agents are in it whatever mem they have, and the best
 * of those that have enough is looked for, which nearly always is the first. A cache, see {@link ScoreIndex}.
 */
final class ScoreTree
{
    private static final int FAN_SHIFT = 4;
    private static final int FAN = 1 << FAN_SHIFT;
    private static final int LEAVES_MIN = 64;
    /** Below every key: does not fit. */
    private static final long NOBODY = Long.MIN_VALUE;
    private static final long NO_MEM = Long.MIN_VALUE;

    private final AgentPool pool;
    /** What it is the scores for. */
    long hash;
    long constraint;
    int furtherMask;
    final long[] amounts = new long[SlotTable.SLOTS_MAX];
    /** Change of the pool up to which the scores are right. */
    long readUpTo;
    long mixVersion;
    long usedAt;
    /** Whether mem is not among what it is the scores for. */
    boolean anyMem;

    private int leaves;
    /** Bits of a key that hold the agent. */
    private int agentBits;
    /** By level, leaves first, and node; never below any key under it, and above all of them in stale nodes only. */
    private long[][] keys = {};
    /** The same for the mem that agents have free, but that an upper bound is enough in nodes. */
    private long[][] mems = {};
    /** Nodes that may be stale, by level. */
    private int[][] stale = {};
    private int[] staleCount = {};
    /** Scores by position; null unless the tree is wide. */
    private long[] wide;
    /** Null unless scores stand there. */
    private ScoreBuckets buckets;
    /** Whether a score was ever too large for those. */
    private boolean isLarge;
    /** Of whoever asks at present. */
    private FreeMem free;

    ScoreTree(final AgentPool pool)
    {
        this.pool = pool;
    }

    /** Says what agents have free, for all that is asked from now on. */
    void begin(final FreeMem freeMem)
    {
        free = freeMem;
    }

    /** Makes room for so many positions, of which then none fits, with agents below a number. */
    void clear(final int positions, final int agents)
    {
        agentBits = Math.max(agentBits, Integer.SIZE - Integer.numberOfLeadingZeros(agents - 1));
        wide = null;
        if (positions > leaves || 0 == leaves)
        {
            leaves = Math.max(LEAVES_MIN, Integer.highestOneBit(positions - 1) << 1);
            keys = new long[0][];
        }
        if (isLarge || !pool.isInOrder())
        {
            buckets = null;
            clearNodes();
            return;
        }
        if (null == buckets)
        {
            buckets = new ScoreBuckets(pool);
        }
        buckets.clear(positions);
    }

    private void clearNodes()
    {
        if (0 == keys.length)
        {
            grow();
        }
        for (int level = 0; level < keys.length; level++)
        {
            Arrays.fill(keys[level], NOBODY);
            Arrays.fill(mems[level], NO_MEM);
        }
        Arrays.fill(staleCount, 0);
    }

    private void grow()
    {
        int levels = 1;
        for (int nodes = leaves; nodes > 1; nodes = nodes + FAN - 1 >> FAN_SHIFT)
        {
            levels++;
        }
        keys = new long[levels][];
        mems = new long[levels][];
        stale = new int[levels][FAN];
        staleCount = new int[levels];
        int nodes = leaves;
        for (int level = 0; level < levels; level++)
        {
            // Whole groups, so that none has to be looked at for its end.
            final int length = nodes + FAN - 1 & -FAN;
            keys[level] = new long[length];
            mems[level] = new long[length];
            nodes = nodes + FAN - 1 >> FAN_SHIFT;
        }
    }

    /** Whether it has room for so many positions, with agents below a number. */
    boolean holds(final int positions, final int agents)
    {
        return positions <= leaves && agents <= 1 << agentBits &&
            (null == buckets || pool.isInOrder() && positions <= buckets.capacity());
    }

    long bytes()
    {
        return null == buckets ? leaves * 18L : buckets.capacity() * 34L;
    }

    /** The higher the score the higher, and the lower the agent among equals. */
    private long key(final int position, final long score)
    {
        final int agentMask = (1 << agentBits) - 1;
        return score << agentBits | agentMask - pool.agentAt(position);
    }

    /** Whether a score can be part of a key. */
    private boolean isNarrow(final long score)
    {
        final int spare = agentBits + 1;
        return score == score << spare >> spare;
    }

    private int positionOf(final long key)
    {
        final int agentMask = (1 << agentBits) - 1;
        return pool.position(agentMask - (int)key & agentMask);
    }

    boolean fits(final int position)
    {
        return null == buckets ? NOBODY != keys[0][position] : buckets.fits(position);
    }

    long score(final int position)
    {
        if (null != buckets)
        {
            return buckets.score(position);
        }
        return null == wide ? keys[0][position] >> agentBits : wide[position];
    }

    /** Sets a score without a tournament, which {@link #playAll} has to hold after. */
    void put(final int position, final long score, final long freeMem)
    {
        enlargeFor(score);
        if (null != buckets)
        {
            buckets.set(position, true, score, freeMem);
            return;
        }
        widenFor(score);
        keys[0][position] = null == wide ? key(position, score) : 0;
        mems[0][position] = freeMem;
        if (null != wide)
        {
            wide[position] = score;
        }
    }

    /** The first score that is too large has all of them stand in nodes. */
    private void enlargeFor(final long score)
    {
        if (null != buckets && !ScoreBuckets.holds(score))
        {
            final ScoreBuckets small = buckets;
            isLarge = true;
            buckets = null;
            clearNodes();
            for (int position = 0; position < pool.positions(); position++)
            {
                if (small.fits(position))
                {
                    put(position, small.score(position), free.freeMem(pool.agentAt(position)));
                }
            }
            playAll();
        }
    }

    private void widenFor(final long score)
    {
        if (null == wide && !isNarrow(score))
        {
            final long[] scores = new long[leaves];
            for (int position = 0; position < leaves; position++)
            {
                scores[position] = score(position);
            }
            wide = scores;
        }
    }

    void playAll()
    {
        if (null != buckets)
        {
            return;
        }
        for (int level = 1; level < keys.length; level++)
        {
            final int nodes = keys[level - 1].length >> FAN_SHIFT;
            for (int node = 0; node < nodes; node++)
            {
                keys[level][node] = highest(keys[level - 1], node << FAN_SHIFT);
                mems[level][node] = highest(mems[level - 1], node << FAN_SHIFT);
            }
        }
    }

    void remove(final int position)
    {
        set(position, false, 0, NO_MEM);
    }

    void set(final int position, final boolean fits, final long score, final long freeMem)
    {
        if (fits)
        {
            enlargeFor(score);
        }
        if (null != buckets)
        {
            buckets.set(position, fits, score, freeMem);
            return;
        }
        if (!fits && !fits(position))
        {
            return;
        }
        mems[0][position] = fits ? freeMem : NO_MEM;
        if (fits)
        {
            widenFor(score);
            raiseMem(position, freeMem);
        }
        final long previous = keys[0][position];
        if (null != wide)
        {
            wide[position] = score;
            keys[0][position] = fits ? 0 : NOBODY;
            return;
        }
        final long key = fits ? key(position, score) : NOBODY;
        if (key != previous)
        {
            keys[0][position] = key;
            onChanged(1, position >> FAN_SHIFT, previous, key);
        }
    }

    private void raiseMem(final int position, final long freeMem)
    {
        int node = position >> FAN_SHIFT;
        for (int level = 1; level < mems.length && freeMem > mems[level][node]; level++)
        {
            mems[level][node] = freeMem;
            node >>= FAN_SHIFT;
        }
    }

    /** A key below a node, which may have been the best there, is another now. */
    private void onChanged(final int level, final int node, final long previous, final long key)
    {
        if (key < previous && previous == keys[level][node])
        {
            if (staleCount[level] == stale[level].length)
            {
                stale[level] = Arrays.copyOf(stale[level], staleCount[level] * 2);
            }
            stale[level][staleCount[level]++] = node;
            return;
        }
        int above = node;
        for (int i = level; i < keys.length && key > keys[i][above]; i++)
        {
            keys[i][above] = key;
            above >>= FAN_SHIFT;
        }
    }

    private void playStale()
    {
        for (int level = 1; level < keys.length; level++)
        {
            final int count = staleCount[level];
            staleCount[level] = 0;
            for (int i = 0; i < count; i++)
            {
                final int node = stale[level][i];
                final long previous = keys[level][node];
                final long key = highest(keys[level - 1], node << FAN_SHIFT);
                keys[level][node] = key;
                if (key != previous && level + 1 < keys.length)
                {
                    onChanged(level + 1, node >> FAN_SHIFT, previous, key);
                }
            }
        }
    }

    private static long highest(final long[] values, final int from)
    {
        long first = values[from];
        long second = values[from + 1];
        long third = values[from + 2];
        long fourth = values[from + 3];
        for (int i = from + 4; i < from + FAN; i += 4)
        {
            first = Math.max(first, values[i]);
            second = Math.max(second, values[i + 1]);
            third = Math.max(third, values[i + 2]);
            fourth = Math.max(fourth, values[i + 3]);
        }
        return Math.max(Math.max(first, second), Math.max(third, fourth));
    }

    /** Position of the best agent that has so much mem free, NONE if none fits. */
    int best(final long memNeeded)
    {
        if (null != buckets)
        {
            return buckets.best(memNeeded, free);
        }
        if (null != wide)
        {
            return bestOfWide(memNeeded);
        }
        playStale();
        final int root = keys.length - 1;
        final long first = keys[root][0];
        if (NOBODY == first)
        {
            return Table.NONE;
        }
        final int position = positionOf(first);
        if (mems[0][position] >= memNeeded)
        {
            return position;
        }
        final long found = best(root, 0, memNeeded, NOBODY);
        return NOBODY == found ? Table.NONE : positionOf(found);
    }

    /** The best below a node that has so much mem, if it is better than what was found. */
    private long best(final int level, final int node, final long memNeeded, final long found)
    {
        final long top = keys[level][node];
        if (top <= found || mems[level][node] < memNeeded)
        {
            return found;
        }
        if (0 == level)
        {
            return top;
        }
        final int first = node << FAN_SHIFT;
        mems[level][node] = highest(mems[level - 1], first);
        int likely = first;
        while (top != keys[level - 1][likely])
        {
            likely++;
        }
        long best = best(level - 1, likely, memNeeded, found);
        for (int below = first; below < first + FAN; below++)
        {
            best = below == likely ? best : best(level - 1, below, memNeeded, best);
        }
        return best;
    }

    private int bestOfWide(final long memNeeded)
    {
        int best = Table.NONE;
        for (int position = 0; position < leaves; position++)
        {
            if (fits(position) && mems[0][position] >= memNeeded &&
                (Table.NONE == best || wide[position] > wide[best] ||
                wide[position] == wide[best] && pool.agentAt(position) < pool.agentAt(best)))
            {
                best = position;
            }
        }
        return best;
    }
}
