package io.plimsoll.core;

import java.util.Arrays;

/**
 * Sessions that may have to yield, the least costly first, then by id; each of them yields, or not, in what is just
 * being tried. By position among them, unless it says by session. Besides, some may yield in all that is tried.
 */
final class YieldCandidates
{
    private static final byte STAYS = 1;
    private static final byte YIELDS = 2;

    private final SessionTable sessions;
    private int[] candidates = new int[64];
    private long[] costs = new long[64];
    private int count;
    /** By session; 0: it is no candidate. */
    private byte[] marks = new byte[64];
    /** Those that yield anyway. */
    private int[] always = new int[16];
    private int alwaysCount;
    private long alwaysCost;

    YieldCandidates(final SessionTable sessions)
    {
        this.sessions = sessions;
    }

    int count()
    {
        return count;
    }

    int session(final int position)
    {
        return candidates[position];
    }

    long cost(final int position)
    {
        return costs[position];
    }

    /** Has a session that it does not contain yield in all that is tried from now on. */
    void addAlways(final int session, final long cost)
    {
        if (alwaysCount == always.length)
        {
            always = Arrays.copyOf(always, alwaysCount * 2);
        }
        reach(session);
        marks[session] = YIELDS;
        always[alwaysCount++] = session;
        alwaysCost += cost;
    }

    /** How many yield anyway. */
    int always()
    {
        return alwaysCount;
    }

    int sessionAlways(final int index)
    {
        return always[index];
    }

    /** What those cost. */
    long alwaysCost()
    {
        return alwaysCost;
    }

    void clearAlways()
    {
        for (int i = 0; i < alwaysCount; i++)
        {
            marks[always[i]] = 0;
        }
        alwaysCount = 0;
        alwaysCost = 0;
    }

    /** Forgets all but those that yield anyway. */
    void clear()
    {
        for (int i = 0; i < count; i++)
        {
            marks[candidates[i]] = 0;
        }
        count = 0;
    }

    boolean contains(final int session)
    {
        return session < marks.length && 0 != marks[session];
    }

    /** Adds one that it does not contain, and that stays. */
    void add(final int session, final long cost)
    {
        if (count == candidates.length)
        {
            candidates = Arrays.copyOf(candidates, count * 2);
            costs = Arrays.copyOf(costs, count * 2);
        }
        reach(session);
        int at = count++;
        while (at > 0 && (costs[at - 1] > cost ||
            (costs[at - 1] == cost &&
                sessions.get(sessions.nextId, candidates[at - 1]) > sessions.get(sessions.nextId, session))))
        {
            candidates[at] = candidates[at - 1];
            costs[at] = costs[at - 1];
            at--;
        }
        candidates[at] = session;
        costs[at] = cost;
        marks[session] = STAYS;
    }

    private void reach(final int session)
    {
        if (session >= marks.length)
        {
            marks = Arrays.copyOf(marks, Math.max(sessions.highWater(), marks.length * 2));
        }
    }

    boolean yields(final int position)
    {
        return YIELDS == marks[candidates[position]];
    }

    /** By session, which need not be a candidate. */
    boolean isYielding(final int session)
    {
        return session < marks.length && YIELDS == marks[session];
    }

    /** How many yield. */
    int yielding()
    {
        int sum = alwaysCount;
        for (int i = 0; i < count; i++)
        {
            sum += yields(i) ? 1 : 0;
        }
        return sum;
    }

    /** What all cost that yield. */
    long yieldingCost()
    {
        long sum = alwaysCost;
        for (int i = 0; i < count; i++)
        {
            sum += yields(i) ? costs[i] : 0;
        }
        return sum;
    }

    void mark(final int position, final boolean yields)
    {
        marks[candidates[position]] = yields ? YIELDS : STAYS;
    }

    /** By session, which is a candidate. */
    void markSession(final int session, final boolean yields)
    {
        marks[session] = yields ? YIELDS : STAYS;
    }

    void markAll(final boolean yields)
    {
        markRange(0, count, yields);
    }

    void markRange(final int from, final int to, final boolean yields)
    {
        for (int i = from; i < to; i++)
        {
            mark(i, yields);
        }
    }

    /** Those from a position on yield, and those before it stay. */
    void markFrom(final int position)
    {
        markRange(0, position, false);
        markRange(position, count, true);
    }
}
