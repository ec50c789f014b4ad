package io.plimsoll.core;

/** How many live ids lie in each block of ids, so that a wide range is walked without visiting what was forgotten. */
final class IdBlocks
{
    static final int BLOCK_SHIFT = 12;

    private final IntColumn counts = new IntColumn(0);
    private int capacity;

    void clear()
    {
        for (int block = 0; block < capacity; block++)
        {
            counts.set(block, 0);
        }
    }

    void add(final long firstId, final long count)
    {
        final int last = block(firstId + count - 1);
        if (last >= capacity)
        {
            capacity = Math.max(1024, Integer.highestOneBit(last) << 1);
            counts.ensure(capacity);
        }
        change(firstId, count, 1);
    }

    void remove(final long firstId, final long count)
    {
        change(firstId, count, -1);
    }

    private void change(final long firstId, final long count, final int sign)
    {
        long id = firstId;
        final long end = firstId + count;
        while (id < end)
        {
            final int block = block(id);
            final long blockEnd = Math.min(end, ((long)block + 1) << BLOCK_SHIFT);
            counts.set(block, counts.get(block) + sign * (int)(blockEnd - id));
            id = blockEnd;
        }
    }

    /** Whether the block of an id holds none. */
    boolean isEmpty(final long id)
    {
        final int block = block(id);
        return block >= capacity || 0 == counts.get(block);
    }

    static long nextBlock(final long id)
    {
        return ((id >> BLOCK_SHIFT) + 1) << BLOCK_SHIFT;
    }

    private static int block(final long id)
    {
        return Math.toIntExact(id >> BLOCK_SHIFT);
    }
}
