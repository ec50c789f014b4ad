package io.plimsoll.core;

/** Rows of the shadow as a heap: the lowest key first, and of those with the same who came first. */
final class CandidateHeap
{
    private final ShadowTable rows;
    private int[] queued = new int[64];
    private long[] keys = new long[64];
    private int size;

    CandidateHeap(final ShadowTable rows)
    {
        this.rows = rows;
    }

    /** Empties it, and makes room for so many. */
    void clear(final int most)
    {
        size = 0;
        if (most > queued.length)
        {
            queued = new int[most * 2];
            keys = new long[most * 2];
        }
    }

    boolean isEmpty()
    {
        return 0 == size;
    }

    /** Whether one goes before another. */
    boolean isBefore(final long leftKey, final int leftRow, final long rightKey, final int rightRow)
    {
        return leftKey < rightKey || (leftKey == rightKey && rows.arrivesBefore(leftRow, rightRow));
    }

    private boolean isBefore(final long key, final int row, final int position)
    {
        return isBefore(key, row, keys[position], queued[position]);
    }

    void push(final long key, final int row)
    {
        int position = size++;
        while (position > 0 && isBefore(key, row, position - 1 >> 1))
        {
            final int parent = position - 1 >> 1;
            queued[position] = queued[parent];
            keys[position] = keys[parent];
            position = parent;
        }
        queued[position] = row;
        keys[position] = key;
    }

    /** Takes the first; there must be one. */
    int pop()
    {
        final int first = queued[0];
        size--;
        final int last = queued[size];
        final long lastKey = keys[size];
        int position = 0;
        while ((position << 1) + 1 < size)
        {
            int child = (position << 1) + 1;
            if (child + 1 < size && isBefore(keys[child + 1], queued[child + 1], child))
            {
                child++;
            }
            if (isBefore(lastKey, last, child))
            {
                break;
            }
            queued[position] = queued[child];
            keys[position] = keys[child];
            position = child;
        }
        queued[position] = last;
        keys[position] = lastKey;
        return first;
    }
}
