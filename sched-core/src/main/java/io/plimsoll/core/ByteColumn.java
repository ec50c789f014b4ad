package io.plimsoll.core;

/** A column of {@code byte} values. */
final class ByteColumn extends Column
{
    ByteColumn(final int id)
    {
        super(id, 0);
    }

    byte get(final int row)
    {
        return buffer.getByte(row);
    }

    void set(final int row, final byte value)
    {
        buffer.putByte(row, value);
    }

    @Override
    long value(final int row)
    {
        return get(row);
    }
}
