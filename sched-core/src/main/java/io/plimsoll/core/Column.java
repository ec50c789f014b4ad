package io.plimsoll.core;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One field of every row of a table, off-heap. Grows by doubling; a row that was never written reads as zero, which is
 * the default of every column.
 */
abstract class Column
{
    /** Names the column in the state hash; 0: a cache or a link that is left out of it. */
    final int id;
    private final int widthShift;
    UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    Column(final int id, final int widthShift)
    {
        this.id = id;
        this.widthShift = widthShift;
    }

    final void ensure(final int rows)
    {
        final int required = rows << widthShift;
        if (required > buffer.capacity())
        {
            final UnsafeBuffer larger =
                new UnsafeBuffer(ByteBuffer.allocateDirect(required).order(ByteOrder.nativeOrder()));
            larger.putBytes(0, buffer, 0, buffer.capacity());
            buffer = larger;
        }
    }

    final long bytes()
    {
        return buffer.capacity();
    }

    abstract long value(int row);
}
