package io.plimsoll.core;

import java.util.Arrays;
import java.util.Comparator;
import org.agrona.UnsafeApi;
import org.agrona.collections.ArrayUtil;

/**
 * Rows and columns. Freed rows are used again, the last freed first; since rows come and go only when events are
 * applied, the same events give the same rows.
 */
abstract class Table
{
    static final int NONE = -1;

    /* Links of every table. */
    private static final int LIVE = 0x3000;
    private static final int NEXT_FREE = 0x3001;

    private Column[] columns = {};
    private LongColumn[] longs = {};
    private IntColumn[] ints = {};
    private ByteColumn[] bytes = {};
    /** Whether there is such a row. */
    final ByteColumn present = byteColumn(-LIVE);
    private final IntColumn nextFree = intColumn(-NEXT_FREE);
    private int freeHead = NONE;
    private int highWater;
    private int count;
    private int capacity;
    private final boolean isByRow;
    /** Of the columns that there were when the table got its first row; null: each is an array of its own. */
    private RowLayout layout;

    Table()
    {
        this(false);
    }

    /** Rows stand together if so wished, see {@link RowTable}. */
    Table(final boolean isByRow)
    {
        this.isByRow = isByRow;
    }

    /** Rows that stand together have moved. */
    void onMoved(final RowLayout there, final int rows)
    {
        throw new UnsupportedOperationException();
    }

    /* Values. Rows are checked by the table and not by each column: one check is enough for all columns of a row. */

    long get(final LongColumn column, final int row)
    {
        check(column, row);
        return UnsafeApi.getLong(null, column.address + ((long)row << LongColumn.SHIFT));
    }

    int get(final IntColumn column, final int row)
    {
        check(column, row);
        return UnsafeApi.getInt(null, column.address + ((long)row << IntColumn.SHIFT));
    }

    byte get(final ByteColumn column, final int row)
    {
        check(column, row);
        return UnsafeApi.getByte(null, column.address + row);
    }

    void set(final LongColumn column, final int row, final long value)
    {
        check(column, row);
        UnsafeApi.putLong(null, column.address + ((long)row << LongColumn.SHIFT), value);
    }

    void set(final IntColumn column, final int row, final int value)
    {
        check(column, row);
        UnsafeApi.putInt(null, column.address + ((long)row << IntColumn.SHIFT), value);
    }

    void set(final ByteColumn column, final int row, final byte value)
    {
        check(column, row);
        UnsafeApi.putByte(null, column.address + row, value);
    }

    final void add(final LongColumn column, final int row, final long change)
    {
        set(column, row, get(column, row) + change);
    }

    final void add(final IntColumn column, final int row, final int change)
    {
        set(column, row, get(column, row) + change);
    }

    private void check(final Column column, final int row)
    {
        assert this == column.table : "id=" + column.id;
        if (Integer.compareUnsigned(row, capacity) >= 0)
        {
            throw new IndexOutOfBoundsException("row=" + row + " rows=" + capacity);
        }
    }

    final LongColumn longColumn(final int id)
    {
        return register(new LongColumn(id));
    }

    final IntColumn intColumn(final int id)
    {
        return register(new IntColumn(id));
    }

    final ByteColumn byteColumn(final int id)
    {
        return register(new ByteColumn(id));
    }

    /** Says which columns stand first in each row; before there is any row. */
    final void standFirst(final Column... first)
    {
        for (final Column column : first)
        {
            column.turn = 0;
        }
    }

    /** Says which columns stand behind those. */
    final void standNext(final Column... next)
    {
        for (final Column column : next)
        {
            column.turn = 1;
        }
    }

    private <T extends Column> T register(final T column)
    {
        for (final Column other : columns)
        {
            if (0 != column.id && column.id == other.id)
            {
                throw new IllegalStateException("two columns of id=" + column.id + " in " + getClass().getSimpleName());
            }
        }
        column.table = this;
        columns = ArrayUtil.add(columns, column);
        // By id, whatever made a column necessary first.
        Arrays.sort(columns, Comparator.comparingInt(each -> each.id));
        column.ensure(capacity);
        sortOut(column);
        return column;
    }

    final void ensureCapacity(final int rows)
    {
        if (rows > capacity)
        {
            int larger = Math.max(capacity, 64);
            while (larger < rows)
            {
                larger <<= 1;
            }
            if (isByRow && 0 == capacity)
            {
                layout = new RowLayout(columns);
            }
            if (null != layout && !layout.tryEnsure(capacity, larger))
            {
                layout = null;
            }
            if (isByRow)
            {
                onMoved(layout, null == layout ? 0 : larger);
            }
            for (final Column column : columns)
            {
                column.ensure(larger);
            }
            capacity = larger;
            sortOut();
        }
    }

    /** Those that are arrays of their own, by type. */
    private void sortOut()
    {
        longs = new LongColumn[0];
        ints = new IntColumn[0];
        bytes = new ByteColumn[0];
        for (final Column column : columns)
        {
            if (column.isSeparate())
            {
                sortOut(column);
            }
        }
    }

    private void sortOut(final Column column)
    {
        if (column instanceof LongColumn longColumn)
        {
            longs = ArrayUtil.add(longs, longColumn);
        }
        else if (column instanceof IntColumn intColumn)
        {
            ints = ArrayUtil.add(ints, intColumn);
        }
        else
        {
            bytes = ArrayUtil.add(bytes, (ByteColumn)column);
        }
    }

    final int allocate()
    {
        final int row;
        if (NONE != freeHead)
        {
            row = freeHead;
            freeHead = nextFree.get(row);
        }
        else
        {
            row = highWater++;
            ensureCapacity(highWater);
            clearLayout(row, highWater);
        }
        present.set(row, (byte)1);
        count++;
        return row;
    }

    /** Rows that stand together and have not been used yet hold anything. */
    private void clearLayout(final int from, final int to)
    {
        for (int row = from; row < to && null != layout; row++)
        {
            layout.clear(row);
        }
    }

    final void release(final int row)
    {
        if (0 == present.get(row))
        {
            throw new IllegalStateException("release of a free row=" + row + " of " + getClass().getSimpleName());
        }
        clear(row);
        nextFree.set(row, freeHead);
        freeHead = row;
        count--;
    }

    /** Column by column of one type at a time, so that each loop calls one method. */
    private void clear(final int row)
    {
        if (null != layout)
        {
            layout.clear(row);
        }
        for (final LongColumn column : longs)
        {
            column.set(row, 0);
        }
        for (final IntColumn column : ints)
        {
            column.set(row, 0);
        }
        for (final ByteColumn column : bytes)
        {
            column.set(row, (byte)0);
        }
    }

    final boolean isLive(final int row)
    {
        return row >= 0 && row < highWater && 0 != present.get(row);
    }

    /** One above the highest row ever used. */
    final int highWater()
    {
        return highWater;
    }

    final int count()
    {
        return count;
    }

    final long bytes()
    {
        long sum = null == layout ? 0 : layout.bytes();
        for (final Column column : columns)
        {
            sum += column.bytes();
        }
        return sum;
    }

    /** Over logical values by column id in row order; zero is the default of every column and does not count. */
    final long hash(final long seed)
    {
        long hash = seed;
        for (final Column column : columns)
        {
            if (column.id > 0)
            {
                for (int row = 0; row < highWater; row++)
                {
                    final long value = column.value(row);
                    if (0 != value)
                    {
                        hash = Hashing.chain(hash, column.id, row, value);
                    }
                }
            }
        }
        return hash;
    }

    private void clearForReading(final StateBlocks blocks, final int rows)
    {
        if (blocks.isReading())
        {
            clearLayout(0, rows);
        }
    }

    /** Writes or reads all but caches; indexes are the reader's to derive. */
    void transfer(final StateBlocks blocks, final int part)
    {
        final long[] head = blocks.fixed(part, 0, highWater, count, freeHead);
        highWater = (int)head[0];
        count = (int)head[1];
        freeHead = (int)head[2];
        clearForReading(blocks, capacity);
        ensureCapacity(highWater);
        clearForReading(blocks, highWater);
        final boolean areRowsMoved = !blocks.isReading() && null != layout;
        for (final Column column : columns)
        {
            if (!areRowsMoved || column.isSeparate())
            {
                blocks.column(part, column, highWater);
            }
        }
        if (areRowsMoved)
        {
            layout.write(blocks, part, highWater);
        }
    }
}
