package io.plimsoll.core;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Where the values of blocks lie in rows that stand together. Immutable. */
public final class StateRows
{
    private final int stride;
    private final int[] blockIds;
    private final int[] widths;
    private final int[] offsets;

    StateRows(final int stride, final int[] blockIds, final int[] widths, final int[] offsets)
    {
        this.stride = stride;
        this.blockIds = blockIds;
        this.widths = widths;
        this.offsets = offsets;
    }

    /** Bytes from a row to the next. */
    public int stride()
    {
        return stride;
    }

    /** Hands over the rows as blocks, each value beside that of the next row. */
    void forEachBlock(final int count, final DirectBuffer rows, final int start, final StateSink sink)
    {
        final UnsafeBuffer values = new UnsafeBuffer(new byte[count * Long.BYTES]);
        for (int i = 0; i < blockIds.length; i++)
        {
            gather(i, count, rows, start + offsets[i], values);
            sink.onBlock(blockIds[i], widths[i], count, values, 0);
        }
    }

    private void gather(
        final int column, final int count, final DirectBuffer rows, final int start, final UnsafeBuffer values)
    {
        int at = start;
        for (int row = 0; row < count; row++)
        {
            switch (widths[column])
            {
                case Byte.BYTES -> values.putByte(row, rows.getByte(at));
                case Integer.BYTES -> values.putInt(
                    row * Integer.BYTES, rows.getInt(at, ByteOrder.LITTLE_ENDIAN), ByteOrder.LITTLE_ENDIAN);
                default -> values.putLong(
                    row * Long.BYTES, rows.getLong(at, ByteOrder.LITTLE_ENDIAN), ByteOrder.LITTLE_ENDIAN);
            }
            at += stride;
        }
    }
}
