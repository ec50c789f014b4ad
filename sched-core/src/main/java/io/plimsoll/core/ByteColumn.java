package io.plimsoll.core;

import org.agrona.UnsafeApi;

/** A column of {@code byte} values. */
final class ByteColumn extends Column
{
    ByteColumn(final int id)
    {
        super(id, 0);
    }

    byte get(final int row)
    {
        return UnsafeApi.getByte(null, addressOf(row));
    }

    void set(final int row, final byte value)
    {
        UnsafeApi.putByte(null, addressOf(row), value);
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
        set(row, (byte)value);
    }
}
