package io.plimsoll.core;

import java.lang.ref.Cleaner;
import org.agrona.UnsafeApi;

/**
 * Memory outside the heap that becomes larger without standing still for long. Making room for millions of rows by
 * clearing twice the memory and copying all that there was takes hundreds of milliseconds, in which the core does
 * nothing else; here the allocator is asked to enlarge what there is, which systems with virtual memory do by mapping
 * the same pages elsewhere, and what is new is not touched before it is used. So it holds anything at first: who uses
 * it clears what it begins to use.
 * <p>
 * Given back when nobody refers to it any more. One thread at a time.
 */
final class RowMemory
{
    private static final Cleaner CLEANER = Cleaner.create();

    private final int alignment;
    private final Block block = new Block();
    private long address;
    private long bytes;

    /**
     * None yet.
     *
     * @param alignment of the first byte, a power of two.
     */
    RowMemory(final int alignment)
    {
        this.alignment = alignment;
        CLEANER.register(this, block);
    }

    /** Of the first byte; changes when it becomes larger. */
    long address()
    {
        return address;
    }

    long bytes()
    {
        return bytes;
    }

    /**
     * Makes it larger; what there was stays.
     *
     * @param wanted bytes, more than there are.
     * @throws OutOfMemoryError if there are not so many: it stays as it was.
     */
    void grow(final long wanted)
    {
        final long before = address - block.start;
        final long start = 0 == block.start ?
            UnsafeApi.allocateMemory(wanted + alignment) :
            UnsafeApi.reallocateMemory(block.start, wanted + alignment);
        block.start = start;
        address = start + alignment - 1 & -alignment;
        if (bytes > 0 && address - start != before)
        {
            UnsafeApi.copyMemory(start + before, address, bytes);
        }
        bytes = wanted;
    }

    /** What is given back, which must not refer to who uses it. */
    private static final class Block implements Runnable
    {
        private long start;

        @Override
        public void run()
        {
            if (0 != start)
            {
                UnsafeApi.freeMemory(start);
                start = 0;
            }
        }
    }
}
