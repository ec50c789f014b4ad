package io.plimsoll.core;

import org.agrona.UnsafeApi;

/** A column of {@code long} values. */
final class LongColumn extends Column
{
    /** Of the distance between values in an array. */
    static final int SHIFT = 3;

    LongColumn(final int id)
    {
        super(id, SHIFT);
    }

    long get(final int row)
    {
        return UnsafeApi.getLong(null, addressOf(row));
    }

    void set(final int row, final long value)
    {
        UnsafeApi.putLong(null, addressOf(row), value);
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
        set(row, value);
    }
}
