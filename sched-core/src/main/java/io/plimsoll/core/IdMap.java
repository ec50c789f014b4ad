package io.plimsoll.core;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/** Rows by id, off-heap; ids are above zero. Open addressing, at most half full. Never iterated. */
final class IdMap
{
    private static final int ENTRY_SHIFT = 4;
    private static final int INITIAL_CAPACITY = 1024;
    private static final int BLOCK_SHIFT = 3;
    private static final int BLOCK_MASK = (1 << BLOCK_SHIFT) - 1;

    /** Owns the memory that the address points to; positions are masked, so they never leave it. */
    private UnsafeBuffer table;
    private long address;
    private int mask;
    private int shift;
    private int count;

    IdMap()
    {
        reset(INITIAL_CAPACITY);
    }

    private void reset(final int capacity)
    {
        table = new UnsafeBuffer(ByteBuffer.allocateDirect(capacity << ENTRY_SHIFT).order(ByteOrder.nativeOrder()));
        address = table.addressOffset();
        mask = capacity - 1;
        shift = Long.numberOfLeadingZeros(mask) + BLOCK_SHIFT;
    }

    void clear()
    {
        table.setMemory(0, table.capacity(), (byte)0);
        count = 0;
    }

    boolean isEmpty()
    {
        return 0 == count;
    }

    long bytes()
    {
        return table.capacity();
    }

    int get(final long id)
    {
        int position = home(id);
        while (true)
        {
            final long key = keyAt(position);
            if (id == key)
            {
                return rowAt(position);
            }
            if (0 == key)
            {
                return Table.NONE;
            }
            position = (position + 1) & mask;
        }
    }

    void put(final long id, final int row)
    {
        if ((count + 1) * 2 > mask)
        {
            grow();
        }
        count++;
        insert(id, row);
    }

    void remove(final long id)
    {
        int hole = home(id);
        while (id != keyAt(hole))
        {
            if (0 == keyAt(hole))
            {
                throw new IllegalStateException("map lacks id=" + id);
            }
            hole = (hole + 1) & mask;
        }
        count--;
        int position = hole;
        while (true)
        {
            position = (position + 1) & mask;
            final long key = keyAt(position);
            if (0 == key)
            {
                break;
            }
            if (((position - home(key)) & mask) >= ((position - hole) & mask))
            {
                putAt(hole, key, rowAt(position));
                hole = position;
            }
        }
        putAt(hole, 0, 0);
    }

    private void grow()
    {
        final UnsafeBuffer previous = table;
        final int entries = mask + 1;
        reset(entries << 1);
        for (int i = 0; i < entries; i++)
        {
            final long key = previous.getLong(i << ENTRY_SHIFT);
            if (0 != key)
            {
                insert(key, previous.getInt((i << ENTRY_SHIFT) + 8));
            }
        }
    }

    private void insert(final long id, final int row)
    {
        int position = home(id);
        while (0 != keyAt(position))
        {
            position = (position + 1) & mask;
        }
        putAt(position, id, row);
    }

    private void putAt(final int position, final long id, final int row)
    {
        final long entry = address + ((long)position << ENTRY_SHIFT);
        UnsafeApi.putLong(null, entry, id);
        UnsafeApi.putInt(null, entry + 8, row);
    }

    private long keyAt(final int position)
    {
        return UnsafeApi.getLong(null, address + ((long)position << ENTRY_SHIFT));
    }

    private int rowAt(final int position)
    {
        return UnsafeApi.getInt(null, address + ((long)position << ENTRY_SHIFT) + 8);
    }

    /** Ids that follow each other share a cache line, eight at a time; the eights are spread by their high bits. */
    private int home(final long id)
    {
        final long block = ((id >>> BLOCK_SHIFT) * 0x9E3779B97F4A7C15L) >>> shift;
        return (int)(block << BLOCK_SHIFT) | (int)(id & BLOCK_MASK);
    }
}
