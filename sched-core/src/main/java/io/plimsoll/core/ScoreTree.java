package io.plimsoll.core;

import java.util.Arrays;

/**
 * Scores of the agents of a pool for one request, as a tournament: the best is at the root, and a score that changes
 * plays again on its way there only. Ties go to the lowest agent id. Requests that differ in nothing but mem may share
 * one: then agents are in it whatever mem they have, and the best of those that have enough is looked for, which nearly
 * always is the first. A cache, see {@link ScoreIndex}.
 */
final class ScoreTree
{
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

    private int leaves = 64;
    private long[] scores = new long[leaves];
    /** By node, position of the best agent plus one; 0: no agent below it fits. */
    private int[] best = new int[leaves * 2];
    /** By node, the most mem that an agent below it has free. */
    private long[] mem = new long[leaves * 2];
    private final int[] stack = new int[64];

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
            mem = new long[leaves * 2];
        }
        else
        {
            Arrays.fill(best, 0);
        }
        Arrays.fill(mem, NO_MEM);
    }

    int capacity()
    {
        return leaves;
    }

    long bytes()
    {
        return leaves * 32L;
    }

    /** Position of the best agent that has so much mem free, NONE if none fits. */
    int best(final long memNeeded)
    {
        final int first = best[1];
        if (0 == first || mem[leaves + first - 1] >= memNeeded)
        {
            return first - 1;
        }
        int found = 0;
        int depth = 0;
        stack[depth++] = 1;
        while (depth > 0)
        {
            final int node = stack[--depth];
            if (mem[node] < memNeeded || 0 == best[node] || 0 != found && found == better(found, best[node]))
            {
                continue;
            }
            if (mem[leaves + best[node] - 1] >= memNeeded)
            {
                found = best[node];
            }
            else
            {
                final int left = node << 1;
                final int nearer = best[node] == best[left] ? left : left + 1;
                stack[depth++] = nearer ^ 1;
                stack[depth++] = nearer;
            }
        }
        return found - 1;
    }

    boolean fits(final int position)
    {
        return 0 != best[leaves + position];
    }

    long score(final int position)
    {
        return scores[position];
    }

    long mem(final int position)
    {
        return mem[leaves + position];
    }

    /** Sets a score without a tournament, which {@link #playAll} has to hold after. */
    void put(final int position, final long score, final long freeMem)
    {
        scores[position] = score;
        best[leaves + position] = position + 1;
        mem[leaves + position] = freeMem;
    }

    void playAll()
    {
        for (int node = leaves - 1; node > 0; node--)
        {
            best[node] = better(best[node << 1], best[(node << 1) + 1]);
            mem[node] = Math.max(mem[node << 1], mem[(node << 1) + 1]);
        }
    }

    void remove(final int position)
    {
        set(position, false, 0, NO_MEM);
    }

    void set(final int position, final boolean fits, final long score, final long freeMem)
    {
        final int leaf = leaves + position;
        if (!fits && 0 == best[leaf])
        {
            return;
        }
        scores[position] = score;
        best[leaf] = fits ? position + 1 : 0;
        mem[leaf] = fits ? freeMem : NO_MEM;
        boolean changes = true;
        for (int node = leaf >> 1; node > 0 && changes; node >>= 1)
        {
            final int previous = best[node];
            final long previousMem = mem[node];
            best[node] = better(best[node << 1], best[(node << 1) + 1]);
            mem[node] = Math.max(mem[node << 1], mem[(node << 1) + 1]);
            changes = best[node] != previous || previous == position + 1 || mem[node] != previousMem;
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
