package io.plimsoll.core;

/** Idempotency keys with the answer that they were given, oldest first. */
final class KeyTable extends Table
{
    final IntColumn owner = intColumn(1);
    final LongColumn keyHi = longColumn(2);
    final LongColumn keyLo = longColumn(3);
    final LongColumn bodyHi = longColumn(4);
    final LongColumn bodyLo = longColumn(5);
    final LongColumn firstId = longColumn(6);
    final LongColumn idCount = longColumn(7);
    final LongColumn acceptedNs = longColumn(8);
    private final IntColumn next = intColumn(-1);
    private final RowIndex index = new RowIndex();
    private int head = NONE;
    private int tail = NONE;

    private static long hash(final int ownerId, final long hi, final long lo)
    {
        return Hashing.chain(Hashing.chain(ownerId, hi), lo);
    }

    int find(final int ownerId, final long hi, final long lo)
    {
        for (int row = index.first(hash(ownerId, hi, lo)); NONE != row; row = index.next())
        {
            if (ownerId == get(owner, row) && hi == get(keyHi, row) && lo == get(keyLo, row))
            {
                return row;
            }
        }
        return NONE;
    }

    int add(final int ownerId, final long hi, final long lo, final long nowNs)
    {
        final int row = allocate();
        set(owner, row, ownerId);
        set(keyHi, row, hi);
        set(keyLo, row, lo);
        set(acceptedNs, row, nowNs);
        set(next, row, NONE);
        if (NONE == tail)
        {
            head = row;
        }
        else
        {
            set(next, tail, row);
        }
        tail = row;
        index.add(hash(ownerId, hi, lo), row);
        return row;
    }

    int oldest()
    {
        return head;
    }

    void removeOldest()
    {
        final int row = head;
        head = get(next, row);
        if (NONE == head)
        {
            tail = NONE;
        }
        index.remove(hash(get(owner, row), get(keyHi, row), get(keyLo, row)), row);
        release(row);
    }

    void rebuildIndex()
    {
        index.clear();
        for (int row = 0; row < highWater(); row++)
        {
            if (isLive(row))
            {
                index.add(hash(get(owner, row), get(keyHi, row), get(keyLo, row)), row);
            }
        }
    }

    @Override
    void transfer(final StateBlocks blocks, final int part)
    {
        super.transfer(blocks, part);
        final long[] ends = blocks.fixed(part, 1, head, tail);
        head = (int)ends[0];
        tail = (int)ends[1];
    }
}
