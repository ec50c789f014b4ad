package io.plimsoll.core;

import org.agrona.UnsafeApi;

/** A column of {@code int} values. */
final class IntColumn extends Column
{
    IntColumn(final int id)
    {
        super(id, 2);
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
        final long at = unsigned(row);
        if (at >= rows)
        {
            throw beyond(row);
        }
        return address + (at << strideShift);
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
