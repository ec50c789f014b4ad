package io.plimsoll.core;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Rows by id for ids that are given in rising order and above zero: those of a window that moves on with them are found
 * by their place in it, the few below it by hashing. So ids that follow each other stand beside each other, and a
 * lookup is one load. The window grows while a quarter of it is used. Off-heap, never iterated.
 */
final class IdWindow
{
    private static final int ENTRY_SHIFT = 2;
    private static final int INITIAL_SIZE = 1024;
    private static final int SIZE_MAX = 1 << 27;
    private static final int USED_SHIFT = 2;

    /** Rows plus one, by the low bits of their ids. It owns the memory that the address points to. */
    private UnsafeBuffer window;
    private long address;
    /** Lowest id of the window. */
    private long base;
    private long size;
    /** Ids in the window. */
    private long used;
    private final IdMap below = new IdMap();

    IdWindow()
    {
        make(INITIAL_SIZE);
    }

    private void make(final int entries)
    {
        window = new UnsafeBuffer(ByteBuffer.allocateDirect(entries << ENTRY_SHIFT).order(ByteOrder.nativeOrder()));
        address = window.addressOffset();
        size = entries;
    }

    void clear()
    {
        window.setMemory(0, window.capacity(), (byte)0);
        base = 0;
        used = 0;
        below.clear();
    }

    boolean isEmpty()
    {
        return 0 == used && below.isEmpty();
    }

    long bytes()
    {
        return window.capacity() + below.bytes();
    }

    private boolean isInWindow(final long id)
    {
        final long place = id - base;
        return place >= 0 && place < size;
    }

    private long addressOf(final long id)
    {
        return address + ((id & size - 1) << ENTRY_SHIFT);
    }

    int get(final long id)
    {
        if (isInWindow(id))
        {
            return UnsafeApi.getInt(null, addressOf(id)) - 1;
        }
        return below.isEmpty() ? Table.NONE : below.get(id);
    }

    void put(final long id, final int row)
    {
        if (id - base >= size)
        {
            makeRoom(id);
        }
        if (id < base)
        {
            below.put(id, row);
        }
        else
        {
            UnsafeApi.putInt(null, addressOf(id), row + 1);
            used++;
        }
    }

    void remove(final long id)
    {
        if (!isInWindow(id))
        {
            below.remove(id);
            return;
        }
        final long at = addressOf(id);
        if (0 == UnsafeApi.getInt(null, at))
        {
            throw new IllegalStateException("map lacks id=" + id);
        }
        UnsafeApi.putInt(null, at, 0);
        used--;
    }

    private void makeRoom(final long id)
    {
        while (id - base >= size && used >= size >> USED_SHIFT && size < SIZE_MAX)
        {
            grow();
        }
        if (id - base >= size)
        {
            moveTo(id - (size >> 1));
        }
    }

    private void grow()
    {
        final UnsafeBuffer before = window;
        final long sizeBefore = size;
        make((int)size << 1);
        for (long id = base; id < base + sizeBefore; id++)
        {
            final int rowPlusOne = before.getInt((int)(id & sizeBefore - 1) << ENTRY_SHIFT);
            UnsafeApi.putInt(null, addressOf(id), rowPlusOne);
        }
    }

    /** Begins at a higher id: what is left below it is hashed from then on. */
    private void moveTo(final long newBase)
    {
        final long end = Math.min(newBase, base + size);
        for (long id = base; id < end && used > 0; id++)
        {
            final long at = addressOf(id);
            final int rowPlusOne = UnsafeApi.getInt(null, at);
            if (0 != rowPlusOne)
            {
                below.put(id, rowPlusOne - 1);
                UnsafeApi.putInt(null, at, 0);
                used--;
            }
        }
        base = newBase;
    }
}
