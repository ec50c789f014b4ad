package io.plimsoll.core;

import java.util.Objects;
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
        return address + ((long)Objects.checkIndex(row, rows) << 2);
    }

    @Override
    long value(final int row)
    {
        return get(row);
    }
}
