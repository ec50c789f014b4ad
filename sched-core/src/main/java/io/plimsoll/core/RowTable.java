package io.plimsoll.core;

import org.agrona.UnsafeApi;

/**
 * A table whose rows stand together, see {@link RowLayout}: a value is found from the address of its row, which all
 * columns share. Too many rows for that are columns apart, each of which finds and checks for itself.
 */
abstract class RowTable extends Table
{
    private long address;
    /** 0: columns are apart. */
    private int rows;
    private int strideShift;

    RowTable()
    {
        super(true);
    }

    @Override
    final void onMoved(final RowLayout there, final int rowsThere)
    {
        rows = rowsThere;
        if (null != there)
        {
            address = there.address();
            strideShift = there.strideShift();
        }
    }

    private boolean isTogether(final int row)
    {
        return Integer.compareUnsigned(row, rows) < 0;
    }

    private long at(final Column column, final int row)
    {
        assert this == column.table && !column.isSeparate() : "id=" + column.id;
        return address + ((long)row << strideShift) + column.offset;
    }

    @Override
    final long get(final LongColumn column, final int row)
    {
        return isTogether(row) ? UnsafeApi.getLong(null, at(column, row)) : column.get(row);
    }

    @Override
    final int get(final IntColumn column, final int row)
    {
        return isTogether(row) ? UnsafeApi.getInt(null, at(column, row)) : column.get(row);
    }

    @Override
    final byte get(final ByteColumn column, final int row)
    {
        return isTogether(row) ? UnsafeApi.getByte(null, at(column, row)) : column.get(row);
    }

    @Override
    final void set(final LongColumn column, final int row, final long value)
    {
        if (isTogether(row))
        {
            UnsafeApi.putLong(null, at(column, row), value);
        }
        else
        {
            column.set(row, value);
        }
    }

    @Override
    final void set(final IntColumn column, final int row, final int value)
    {
        if (isTogether(row))
        {
            UnsafeApi.putInt(null, at(column, row), value);
        }
        else
        {
            column.set(row, value);
        }
    }

    @Override
    final void set(final ByteColumn column, final int row, final byte value)
    {
        if (isTogether(row))
        {
            UnsafeApi.putByte(null, at(column, row), value);
        }
        else
        {
            column.set(row, value);
        }
    }
}
