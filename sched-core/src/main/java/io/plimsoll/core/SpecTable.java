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
            if (hi == hashHi.get(row) && lo == hashLo.get(row))
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
        specId.set(row, id);
        hashHi.set(row, hi);
        hashLo.set(row, lo);
        byHash.add(Hashing.chain(hi, lo), row);
        byId.put(id, row);
    }

    void remove(final int row)
    {
        byHash.remove(Hashing.chain(hashHi.get(row), hashLo.get(row)), row);
        byId.remove(specId.get(row));
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
                byHash.add(Hashing.chain(hashHi.get(row), hashLo.get(row)), row);
                byId.put(specId.get(row), row);
            }
        }
    }
}
