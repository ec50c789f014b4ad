package io.plimsoll.core;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One field of every row of a table, off-heap: an array of its own, or a place in rows that stand together, see
 * {@link RowLayout}. Grows by doubling; a row that was never written reads as zero, which is the default of every
 * column. Values are read and written by address: going through the buffer takes two more loads for each of the
 * hundreds of accesses of a decision. Rows are always checked, whatever Agrona was told about its bounds.
 */
abstract class Column
{
    /** Of columns of which nobody said anything. */
    static final int LAST_TURN = 2;

    /**
     * Names the column in the state hash and in the blocks of the state; negative: a link between rows, which is left
     * out of the hash; 0: a cache, which is left out of both.
     */
    final int id;
    private final int widthShift;
    /** Owns the memory that the address points to, unless a layout does. */
    private UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    long address;
    /** Bytes from a row to the next. */
    long stride;
    int rows;
    private int strideShift;
    /** That it is a column of. */
    Table table;
    /** Of its place in rows that stand together, from the start of the row. */
    int offset;
    /** Of its place in rows that stand together: columns of a lower turn stand first. */
    int turn = LAST_TURN;

    Column(final int id, final int widthShift)
    {
        this.id = id;
        this.widthShift = widthShift;
        stride(widthShift);
    }

    private void stride(final int shift)
    {
        strideShift = shift;
        stride = 1L << shift;
    }

    /** Makes room in the column's own array; one that is part of a layout has none. */
    final void ensure(final int rowsRequired)
    {
        final int required = Math.multiplyExact(rowsRequired, 1 << widthShift);
        if (isSeparate() && required > buffer.capacity())
        {
            final UnsafeBuffer larger =
                new UnsafeBuffer(ByteBuffer.allocateDirect(required).order(ByteOrder.nativeOrder()));
            larger.putBytes(0, buffer, 0, buffer.capacity());
            buffer = larger;
            address = larger.addressOffset();
            rows = rowsRequired;
        }
    }

    /** Has its place in the rows of a layout from now on. */
    final void place(final long firstAddress, final int shift, final int rowsThere)
    {
        address = firstAddress;
        stride(shift);
        rows = rowsThere;
    }

    /** Has an array of its own again, with the first rows of what there was. */
    final void separate(final int rowsKept, final int rowsRequired)
    {
        final UnsafeBuffer values = gather(rowsKept);
        stride(widthShift);
        ensure(rowsRequired);
        buffer.putBytes(0, values, 0, rowsKept << widthShift);
    }

    /** Whether it is an array of its own. */
    final boolean isSeparate()
    {
        return strideShift == widthShift;
    }

    final long bytes()
    {
        return buffer.capacity();
    }

    /** Bytes of each value. */
    final int width()
    {
        return 1 << widthShift;
    }

    /** The values of the first rows, one after the other: to be read only, and at once. */
    final UnsafeBuffer gather(final int rowCount)
    {
        if (isSeparate())
        {
            return buffer;
        }
        final UnsafeBuffer values = new UnsafeBuffer(new byte[rowCount << widthShift]);
        for (int row = 0; row < rowCount; row++)
        {
            final long value = value(row);
            switch (widthShift)
            {
                case 0 -> values.putByte(row, (byte)value);
                case 2 -> values.putInt(row << 2, (int)value);
                default -> values.putLong(row << 3, value);
            }
        }
        return values;
    }

    /** Where the values of the first rows may be written, to be followed by {@link #scatter}. */
    final UnsafeBuffer target(final int rowCount)
    {
        return isSeparate() ? buffer : new UnsafeBuffer(new byte[rowCount << widthShift]);
    }

    final void scatter(final UnsafeBuffer values, final int rowCount)
    {
        for (int row = 0; row < rowCount && !isSeparate(); row++)
        {
            switch (widthShift)
            {
                case 0 -> value(row, values.getByte(row));
                case 2 -> value(row, values.getInt(row << 2));
                default -> value(row, values.getLong(row << 3));
            }
        }
    }

    /** A row as a number without sign: a negative one is beyond all rows, so that one comparison is enough. */
    static long unsigned(final int row)
    {
        return row & 0xFFFF_FFFFL;
    }

    final IndexOutOfBoundsException beyond(final int row)
    {
        return new IndexOutOfBoundsException("row=" + row + " rows=" + rows);
    }

    abstract long value(int row);

    abstract void value(int row, long value);
}
