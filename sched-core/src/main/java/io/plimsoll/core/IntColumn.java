package io.plimsoll.core;

import org.agrona.UnsafeApi;

/** A column of {@code int} values. */
final class IntColumn extends Column
{
    /** Of the distance between values in an array. */
    static final int SHIFT = 2;

    IntColumn(final int id)
    {
        super(id, SHIFT);
    }

    int get(final int row)
    {
        return UnsafeApi.getInt(null, addressOf(row));
    }

    void set(final int row, final int value)
    {
        UnsafeApi.putInt(null, addressOf(row), value);
    }

    private long addressOf(final int row)
    {
        if (Integer.compareUnsigned(row, rows) >= 0)
        {
            throw beyond(row);
        }
        return address + row * stride;
    }

    @Override
    long value(final int row)
    {
        return get(row);
    }

    @Override
    void value(final int row, final long value)
    {
        set(row, (int)value);
    }
}
