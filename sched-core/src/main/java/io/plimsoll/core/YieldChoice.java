package io.plimsoll.core;

import java.util.Arrays;

/**
 * The best of the sets of {@link YieldCandidates} that were tried so far: the fewest sessions, of these the least
 * costly, of these the first that was found.
 */
final class YieldChoice
{
    /** What is tried: to have candidates yield, and whether that makes room enough. */
    interface Room
    {
        /** Has a candidate yield, or stay. */
        void mark(int position, boolean yields);

        /** Whether there is room enough when those yield that are marked. */
        boolean isEnough();
    }

    private final YieldCandidates candidates;
    private int[] stack = new int[64];
    private int[] victims = new int[16];
    private int count;
    private long cost;
    private int tries;
    private int triesMax;

    YieldChoice(final YieldCandidates candidates)
    {
        this.candidates = candidates;
    }

    void clear()
    {
        count = 0;
    }

    /** How many sessions yield; 0: nothing was found. */
    int count()
    {
        return count;
    }

    int session(final int index)
    {
        return victims[index];
    }

    /** Notes those that yield now. */
    void note(final long yieldingCost, final int yielding)
    {
        count = 0;
        cost = yieldingCost;
        if (yielding > victims.length)
        {
            victims = new int[yielding * 2];
        }
        for (int i = 0; i < candidates.always(); i++)
        {
            victims[count++] = candidates.sessionAlways(i);
        }
        for (int i = 0; i < candidates.count(); i++)
        {
            if (candidates.yields(i))
            {
                victims[count++] = candidates.session(i);
            }
        }
    }

    boolean noteIfBetter()
    {
        final int yielding = candidates.yielding();
        final long yieldingCost = candidates.yieldingCost();
        final boolean better = 0 == count || yielding < count || (yielding == count && yieldingCost < cost);
        if (better)
        {
            note(yieldingCost, yielding);
        }
        return better;
    }

    /** From now on so many sets may be tried. */
    void allow(final int most)
    {
        tries = 0;
        triesMax = most;
    }

    int tries()
    {
        return tries;
    }

    /** Whether no more sets may be tried. */
    boolean isExhausted()
    {
        return tries >= triesMax;
    }

    /** All sets that are smaller than what was found, then those that are as large and less costly; at most so many. */
    void tryFewer(final Room room, final int most)
    {
        tryUpTo(count, room, most);
    }

    /** All sets of up to so many candidates, the smaller ones first, until one is found; tries at most so many. */
    void tryUpTo(final int sizeMax, final Room room, final int most)
    {
        allow(most);
        boolean found = false;
        for (int size = 1; size <= sizeMax && !found && !isExhausted(); size++)
        {
            found = tryAll(size, room);
        }
    }

    /**
     * All sets of so many besides those that yield anyway, in order of the positions; those that cost too much are left
     * out. All stay in the end.
     */
    boolean tryAll(final int size, final Room room)
    {
        boolean found = false;
        int depth = 0;
        if (stack.length < size)
        {
            stack = Arrays.copyOf(stack, size * 2);
        }
        stack[0] = 0;
        final int yielding = size + candidates.always();
        long sum = candidates.alwaysCost();
        while (depth >= 0 && !isExhausted())
        {
            if (stack[depth] > candidates.count() - (size - depth))
            {
                depth--;
                sum -= depth < 0 ? 0 : stay(stack[depth]++, room);
                continue;
            }
            final int position = stack[depth];
            if (yielding == count && sum + candidates.cost(position) >= cost)
            {
                // Those that follow cost no less.
                stack[depth] = candidates.count();
                continue;
            }
            room.mark(position, true);
            sum += candidates.cost(position);
            if (depth + 1 == size)
            {
                tries++;
                if (room.isEnough())
                {
                    note(sum, yielding);
                    found = true;
                }
                sum -= stay(position, room);
                stack[depth]++;
            }
            else
            {
                depth++;
                stack[depth] = position + 1;
            }
        }
        for (int i = 0; i < depth; i++)
        {
            room.mark(stack[i], false);
        }
        return found;
    }

    private long stay(final int position, final Room room)
    {
        room.mark(position, false);
        return candidates.cost(position);
    }
}
