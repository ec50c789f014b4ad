package io.plimsoll.core;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Finds rows by the hash of what they hold; the caller compares. Open addressing, off-heap, entries of hash and row +
 * 1. Never iterated, so the order of its entries reaches no decision.
 * <pre>
 *   for (int row = index.first(hash); NONE != row; row = index.next())
 * </pre>
 */
final class RowIndex
{
    private static final int ENTRY_SHIFT = 3;

    private UnsafeBuffer table;
    private int mask;
    private int count;
    private int probe;
    private int probeHash;

    RowIndex()
    {
        reset(64);
    }

    private void reset(final int capacity)
    {
        table = new UnsafeBuffer(ByteBuffer.allocateDirect(capacity << ENTRY_SHIFT).order(ByteOrder.nativeOrder()));
        mask = capacity - 1;
        count = 0;
    }

    void clear()
    {
        table.setMemory(0, table.capacity(), (byte)0);
        count = 0;
    }

    int count()
    {
        return count;
    }

    long bytes()
    {
        return table.capacity();
    }

    int first(final long hash)
    {
        probeHash = fold(hash);
        probe = probeHash & mask;
        return scan();
    }

    int next()
    {
        probe = (probe + 1) & mask;
        return scan();
    }

    private int scan()
    {
        while (true)
        {
            final int row = rowAt(probe);
            if (0 == row)
            {
                return Table.NONE;
            }
            if (probeHash == hashAt(probe))
            {
                return row - 1;
            }
            probe = (probe + 1) & mask;
        }
    }

    void add(final long hash, final int row)
    {
        if ((count + 1) * 2 > mask)
        {
            grow();
        }
        insert(fold(hash), row + 1);
        count++;
    }

    void remove(final long hash, final int row)
    {
        int candidate = first(hash);
        while (candidate != row)
        {
            if (Table.NONE == candidate)
            {
                throw new IllegalStateException("index lacks row=" + row);
            }
            candidate = next();
        }
        count--;
        int hole = probe;
        int position = hole;
        while (true)
        {
            position = (position + 1) & mask;
            if (0 == rowAt(position))
            {
                break;
            }
            final int home = hashAt(position) & mask;
            if (((position - home) & mask) >= ((position - hole) & mask))
            {
                put(hole, hashAt(position), rowAt(position));
                hole = position;
            }
        }
        put(hole, 0, 0);
    }

    private void grow()
    {
        final UnsafeBuffer previous = table;
        final int previousCount = count;
        final int entries = mask + 1;
        reset(entries << 1);
        count = previousCount;
        for (int i = 0; i < entries; i++)
        {
            final int row = previous.getInt((i << ENTRY_SHIFT) + 4);
            if (0 != row)
            {
                insert(previous.getInt(i << ENTRY_SHIFT), row);
            }
        }
    }

    private void insert(final int hash, final int rowPlusOne)
    {
        int position = hash & mask;
        while (0 != rowAt(position))
        {
            position = (position + 1) & mask;
        }
        put(position, hash, rowPlusOne);
    }

    private void put(final int position, final int hash, final int rowPlusOne)
    {
        table.putInt(position << ENTRY_SHIFT, hash);
        table.putInt((position << ENTRY_SHIFT) + 4, rowPlusOne);
    }

    private int hashAt(final int position)
    {
        return table.getInt(position << ENTRY_SHIFT);
    }

    private int rowAt(final int position)
    {
        return table.getInt((position << ENTRY_SHIFT) + 4);
    }

    private static int fold(final long hash)
    {
        return (int)(hash ^ (hash >>> 32));
    }
}
