package io.plimsoll.core;

import java.util.Arrays;

/**
 * Scores of the agents of a pool for one request, as a tournament: the best is at the root, and a score that changes
 * plays again on its way there only. Ties go to the lowest agent id. A cache, see {@link ScoreIndex}.
 */
final class ScoreTree
{
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

    private int leaves = 64;
    private long[] scores = new long[leaves];
    /** By node, position of the best agent plus one; 0: no agent below it fits. */
    private int[] best = new int[leaves * 2];

    ScoreTree(final AgentPool pool)
    {
        this.pool = pool;
    }

    /** Makes room for so many positions, of which then none fits. */
    void clear(final int positions)
    {
        if (positions > leaves)
        {
            leaves = Integer.highestOneBit(positions - 1) << 1;
            scores = new long[leaves];
            best = new int[leaves * 2];
        }
        else
        {
            Arrays.fill(best, 0);
        }
    }

    int capacity()
    {
        return leaves;
    }

    long bytes()
    {
        return leaves * 16L;
    }

    /** Position of the best agent, NONE if none fits. */
    int best()
    {
        return best[1] - 1;
    }

    boolean fits(final int position)
    {
        return 0 != best[leaves + position];
    }

    long score(final int position)
    {
        return scores[position];
    }

    /** Sets a score without a tournament, which {@link #playAll} has to hold after. */
    void put(final int position, final long score)
    {
        scores[position] = score;
        best[leaves + position] = position + 1;
    }

    void playAll()
    {
        for (int node = leaves - 1; node > 0; node--)
        {
            best[node] = better(best[node << 1], best[(node << 1) + 1]);
        }
    }

    void set(final int position, final boolean fits, final long score)
    {
        final int leaf = leaves + position;
        if (!fits && 0 == best[leaf])
        {
            return;
        }
        scores[position] = score;
        best[leaf] = fits ? position + 1 : 0;
        boolean changes = true;
        for (int node = leaf >> 1; node > 0 && changes; node >>= 1)
        {
            final int previous = best[node];
            best[node] = better(best[node << 1], best[(node << 1) + 1]);
            changes = best[node] != previous || previous == position + 1;
        }
    }

    private int better(final int left, final int right)
    {
        if (0 == left || 0 == right)
        {
            return left + right;
        }
        final long leftScore = scores[left - 1];
        final long rightScore = scores[right - 1];
        if (leftScore != rightScore)
        {
            return leftScore > rightScore ? left : right;
        }
        return pool.agentAt(left - 1) < pool.agentAt(right - 1) ? left : right;
    }
}
