package io.plimsoll.core;

/** A column of {@code long} values. */
final class LongColumn extends Column
{
    LongColumn(final int id)
    {
        super(id, 3);
    }

    long get(final int row)
    {
        return buffer.getLong(row << 3);
    }

    void set(final int row, final long value)
    {
        buffer.putLong(row << 3, value);
    }

    @Override
    long value(final int row)
    {
        return get(row);
    }
}
