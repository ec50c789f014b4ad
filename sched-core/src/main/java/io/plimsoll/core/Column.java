package io.plimsoll.core;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One field of every row of a table, off-heap. Grows by doubling; a row that was never written reads as zero, which is
 * the default of every column. Values are read and written by address: going through the buffer takes two more loads
 * for each of the two hundred accesses of a decision. Rows are always checked, whatever Agrona was told about its
 * bounds.
 */
abstract class Column
{
    /**
     * Names the column in the state hash and in the blocks of the state; negative: a link between rows, which is left
     * out of the hash; 0: a cache, which is left out of both.
     */
    final int id;
    private final int widthShift;
    /** Owns the memory that the address points to. */
    private UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    long address;
    long rows;

    Column(final int id, final int widthShift)
    {
        this.id = id;
        this.widthShift = widthShift;
    }

    final void ensure(final int rowsRequired)
    {
        final int required = Math.multiplyExact(rowsRequired, 1 << widthShift);
        if (required > buffer.capacity())
        {
            final UnsafeBuffer larger =
                new UnsafeBuffer(ByteBuffer.allocateDirect(required).order(ByteOrder.nativeOrder()));
            larger.putBytes(0, buffer, 0, buffer.capacity());
            buffer = larger;
            address = larger.addressOffset();
            rows = rowsRequired;
        }
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

    final UnsafeBuffer buffer()
    {
        return buffer;
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
}
