package io.plimsoll.core;

/**
 * Positions of a pool that changed last, in order: readers take up what they have not seen, or learn that it is
 * gone.
 */
final class ChangeLog
{
    private static final int CAPACITY = 1 << 13;

    private final int[] positions = new int[CAPACITY];
    private long end;

    void add(final int position)
    {
        positions[(int)end & CAPACITY - 1] = position;
        end++;
    }

    long end()
    {
        return end;
    }

    boolean holds(final long from)
    {
        return end - from <= CAPACITY;
    }

    int position(final long at)
    {
        return positions[(int)at & CAPACITY - 1];
    }
}
