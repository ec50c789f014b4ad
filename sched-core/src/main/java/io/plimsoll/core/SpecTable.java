package io.plimsoll.core;

/** Launch specs by content hash. The bytes are kept by the egress stage; the core holds ids and counts references. */
final class SpecTable extends Table
{
    final LongColumn specId = longColumn(1);
    final LongColumn hashHi = longColumn(2);
    final LongColumn hashLo = longColumn(3);
    final IntColumn refs = intColumn(4);
    private final RowIndex byHash = new RowIndex();
    private final IdWindow byId = new IdWindow();

    int find(final long hi, final long lo)
    {
        for (int row = byHash.first(Hashing.chain(hi, lo)); NONE != row; row = byHash.next())
        {
            if (hi == get(hashHi, row) && lo == get(hashLo, row))
            {
                return row;
            }
        }
        return NONE;
    }

    int byId(final long id)
    {
        return byId.get(id);
    }

    void add(final long id, final long hi, final long lo)
    {
        final int row = allocate();
        set(specId, row, id);
        set(hashHi, row, hi);
        set(hashLo, row, lo);
        byHash.add(Hashing.chain(hi, lo), row);
        byId.put(id, row);
    }

    void remove(final int row)
    {
        byHash.remove(Hashing.chain(get(hashHi, row), get(hashLo, row)), row);
        byId.remove(get(specId, row));
        release(row);
    }

    void rebuildIndex()
    {
        byHash.clear();
        byId.clear();
        for (int row = 0; row < highWater(); row++)
        {
            if (isLive(row))
            {
                byHash.add(Hashing.chain(get(hashHi, row), get(hashLo, row)), row);
                byId.put(get(specId, row), row);
            }
        }
    }
}
