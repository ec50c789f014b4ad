package io.plimsoll.core;

/** A column of {@code int} values. */
final class IntColumn extends Column
{
    IntColumn(final int id)
    {
        super(id, 2);
    }

    int get(final int row)
    {
        return buffer.getInt(row << 2);
    }

    void set(final int row, final int value)
    {
        buffer.putInt(row << 2, value);
    }

    @Override
    long value(final int row)
    {
        return get(row);
    }
}
