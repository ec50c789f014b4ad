package io.plimsoll.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.agrona.UnsafeApi;
import org.junit.jupiter.api.Test;

class RowMemoryTest
{
    private static final int ALIGNMENT = 128;

    /** From what is part of a heap of the allocator to what is mapped by itself. */
    @Test
    void shouldKeepWhatItHoldsAndStandStraightWhileItGrows()
    {
        final RowMemory memory = new RowMemory(ALIGNMENT);
        long written = 0;
        for (long bytes = 64; bytes <= 128 << 20; bytes <<= 1)
        {
            memory.grow(bytes);
            assertEquals(bytes, memory.bytes());
            assertEquals(0, memory.address() % ALIGNMENT, "bytes=" + bytes);
            for (long at = written; at < bytes; at += Math.max(Long.BYTES, bytes >> 10))
            {
                UnsafeApi.putLong(null, memory.address() + at, at ^ bytes);
            }
            check(memory, bytes);
            written = bytes;
        }
    }

    private static void check(final RowMemory memory, final long bytes)
    {
        for (long from = 0, to = 64; to <= bytes; from = to, to <<= 1)
        {
            for (long at = from; at < to; at += Math.max(Long.BYTES, to >> 10))
            {
                assertEquals(at ^ to, UnsafeApi.getLong(null, memory.address() + at), "at=" + at + " of " + bytes);
            }
        }
    }

    @Test
    void shouldStayAsItWasWhenThereIsNoMore()
    {
        final RowMemory memory = new RowMemory(ALIGNMENT);
        memory.grow(64);
        UnsafeApi.putLong(null, memory.address(), 42);
        final long address = memory.address();
        assertThrows(OutOfMemoryError.class, () -> memory.grow(1L << 56));
        assertEquals(address, memory.address());
        assertEquals(64, memory.bytes());
        assertEquals(42, UnsafeApi.getLong(null, address));
    }
}
