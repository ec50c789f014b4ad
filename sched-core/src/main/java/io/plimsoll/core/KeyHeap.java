package io.plimsoll.core;

import java.util.Arrays;

/**
 * Smallest key of two numbers first, ties by value; each entry carries one more such key. Entries may be stale: the
 * caller checks.
 */
final class KeyHeap
{
    private static final int FIRST_CAPACITY = 16;

    private long[] keys;
    private long[] ties;
    private int[] values;
    private long[] afterKeys;
    private long[] afterTies;
    private int size;

    KeyHeap()
    {
        this(FIRST_CAPACITY);
    }

    KeyHeap(final int firstCapacity)
    {
        keys = new long[firstCapacity];
        ties = new long[firstCapacity];
        values = new int[firstCapacity];
        afterKeys = new long[firstCapacity];
        afterTies = new long[firstCapacity];
    }

    int size()
    {
        return size;
    }

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

    long tie()
    {
        return ties[0];
    }

    int value()
    {
        return values[0];
    }

    long afterKey()
    {
        return afterKeys[0];
    }

    long afterTie()
    {
        return afterTies[0];
    }

    /** Whether the key on top is smaller than that of another heap. */
    boolean isBefore(final KeyHeap other)
    {
        return keys[0] < other.keys[0] || (keys[0] == other.keys[0] && ties[0] < other.ties[0]);
    }

    void push(final long key, final long tie, final int value, final long afterKey, final long afterTie)
    {
        if (size == keys.length)
        {
            keys = Arrays.copyOf(keys, size * 2);
            ties = Arrays.copyOf(ties, size * 2);
            values = Arrays.copyOf(values, size * 2);
            afterKeys = Arrays.copyOf(afterKeys, size * 2);
            afterTies = Arrays.copyOf(afterTies, size * 2);
        }
        int position = size++;
        while (position > 0)
        {
            final int parent = (position - 1) >> 1;
            if (!isBefore(key, tie, value, parent))
            {
                break;
            }
            move(parent, position);
            position = parent;
        }
        put(position, key, tie, value, afterKey, afterTie);
    }

    void pop()
    {
        size--;
        if (size > 0)
        {
            replaceTop(keys[size], ties[size], values[size], afterKeys[size], afterTies[size]);
        }
    }

    void replaceTop(final long key, final long tie, final int value, final long afterKey, final long afterTie)
    {
        int position = 0;
        while (true)
        {
            int child = (position << 1) + 1;
            if (child >= size)
            {
                break;
            }
            if (child + 1 < size && isBefore(keys[child + 1], ties[child + 1], values[child + 1], child))
            {
                child++;
            }
            if (isBefore(key, tie, value, child))
            {
                break;
            }
            move(child, position);
            position = child;
        }
        put(position, key, tie, value, afterKey, afterTie);
    }

    private boolean isBefore(final long key, final long tie, final int value, final int position)
    {
        if (key != keys[position])
        {
            return key < keys[position];
        }
        return tie < ties[position] || (tie == ties[position] && value < values[position]);
    }

    private void move(final int from, final int to)
    {
        put(to, keys[from], ties[from], values[from], afterKeys[from], afterTies[from]);
    }

    private void put(
        final int position,
        final long key,
        final long tie,
        final int value,
        final long afterKey,
        final long afterTie)
    {
        keys[position] = key;
        ties[position] = tie;
        values[position] = value;
        afterKeys[position] = afterKey;
        afterTies[position] = afterTie;
    }
}
