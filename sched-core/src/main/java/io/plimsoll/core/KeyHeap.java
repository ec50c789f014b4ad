package io.plimsoll.core;

import java.util.Arrays;

/** Smallest key first, ties by value; each entry carries one more number. Entries may be stale: the caller checks. */
final class KeyHeap
{
    private long[] keys = new long[16];
    private int[] values = new int[16];
    private long[] extras = new long[16];
    private int size;

    boolean isEmpty()
    {
        return 0 == size;
    }

    void clear()
    {
        size = 0;
    }

    long key()
    {
        return keys[0];
    }

    int value()
    {
        return values[0];
    }

    long extra()
    {
        return extras[0];
    }

    void push(final long key, final int value, final long extra)
    {
        if (size == keys.length)
        {
            keys = Arrays.copyOf(keys, size * 2);
            values = Arrays.copyOf(values, size * 2);
            extras = Arrays.copyOf(extras, size * 2);
        }
        int position = size++;
        while (position > 0)
        {
            final int parent = (position - 1) >> 1;
            if (!isBefore(key, value, parent))
            {
                break;
            }
            move(parent, position);
            position = parent;
        }
        put(position, key, value, extra);
    }

    void pop()
    {
        size--;
        if (size > 0)
        {
            siftDown(keys[size], values[size], extras[size]);
        }
    }

    void replaceTop(final long key, final int value, final long extra)
    {
        siftDown(key, value, extra);
    }

    private void siftDown(final long key, final int value, final long extra)
    {
        int position = 0;
        while (true)
        {
            int child = (position << 1) + 1;
            if (child >= size)
            {
                break;
            }
            if (child + 1 < size && isBefore(keys[child + 1], values[child + 1], child))
            {
                child++;
            }
            if (isBefore(key, value, child))
            {
                break;
            }
            move(child, position);
            position = child;
        }
        put(position, key, value, extra);
    }

    private boolean isBefore(final long key, final int value, final int position)
    {
        return key < keys[position] || (key == keys[position] && value < values[position]);
    }

    private void move(final int from, final int to)
    {
        put(to, keys[from], values[from], extras[from]);
    }

    private void put(final int position, final long key, final int value, final long extra)
    {
        keys[position] = key;
        values[position] = value;
        extras[position] = extra;
    }
}
