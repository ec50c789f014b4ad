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
        set(row, (byte)value);
    }
}
