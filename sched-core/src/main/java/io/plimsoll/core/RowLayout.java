package io.plimsoll.core;

import java.util.Arrays;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The columns of a table whose rows are used one at a time and whole, laid out so that a row stands together: off-heap,
 * each row at a multiple of a power of two. A session or a kernel is a few cache lines then, and one page, instead of
 * as many as it has fields; what is scanned stays in arrays of its own. Fields that most decisions need stand first, in
 * one line or in the two that processors fetch together; among fields of the same turn the widest do.
 */
final class RowLayout
{
    private static final int LINE = 64;
    /** Two lines that are fetched together. */
    private static final int ALIGNMENT = 2 * LINE;
    /** A buffer has no more; a table with more rows goes on with columns apart. */
    private static final long BYTES_MAX = 1L << 30;

    private final Column[] columns;
    private final int[] offsets;
    private final int strideShift;
    private final RowMemory memory = new RowMemory(ALIGNMENT);

    RowLayout(final Column[] columns)
    {
        this.columns = columns.clone();
        offsets = new int[columns.length];
        int end = 0;
        for (int turn = 0; turn <= Column.LAST_TURN; turn++)
        {
            end = assign(end, turn);
        }
        strideShift = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(end, LINE) - 1);
    }

    private int assign(final int from, final int turn)
    {
        int end = from;
        for (int width = Long.BYTES; width > 0; width >>= 1)
        {
            for (int i = 0; i < columns.length; i++)
            {
                if (width == columns[i].width() && turn == columns[i].turn)
                {
                    end = end + width - 1 & -width;
                    offsets[i] = end;
                    columns[i].offset = end;
                    end += width;
                }
            }
        }
        return end;
    }

    long bytes()
    {
        return memory.bytes();
    }

    /** Of the first row. */
    long address()
    {
        return memory.address();
    }

    /** Of the distance between rows. */
    int strideShift()
    {
        return strideShift;
    }

    /**
     * Makes room, for rows that hold anything until they are cleared; false if that is too much for rows that stand
     * together: they are apart then.
     */
    boolean tryEnsure(final int rowsBefore, final int rows)
    {
        final long bytes = (long)rows << strideShift;
        if (bytes > BYTES_MAX)
        {
            for (final Column column : columns)
            {
                column.separate(rowsBefore, rows);
            }
            return false;
        }
        memory.grow(bytes);
        for (int i = 0; i < columns.length; i++)
        {
            columns[i].place(memory.address() + offsets[i], strideShift, rows);
        }
        return true;
    }

    /** Hands over the first rows as they are, but for what is a cache. */
    void write(final StateBlocks blocks, final int part, final int rows)
    {
        int blocksThere = 0;
        final int[] blockIds = new int[columns.length];
        final int[] widths = new int[columns.length];
        final int[] places = new int[columns.length];
        for (int i = 0; i < columns.length; i++)
        {
            if (0 != columns[i].id)
            {
                blockIds[blocksThere] = StateBlocks.idOf(part, columns[i]);
                widths[blocksThere] = columns[i].width();
                places[blocksThere] = offsets[i];
                blocksThere++;
            }
        }
        blocks.rows(
            new StateRows(
                1 << strideShift,
                Arrays.copyOf(blockIds, blocksThere),
                Arrays.copyOf(widths, blocksThere),
                Arrays.copyOf(places, blocksThere)),
            rows,
            new UnsafeBuffer(memory.address(), (int)memory.bytes()));
    }

    /** Sets all fields of a row, which must be one of those that there are, to zero. */
    void clear(final int row)
    {
        final long end = memory.address() + ((long)row + 1 << strideShift);
        for (long at = end - (1L << strideShift); at < end; at += Long.BYTES)
        {
            UnsafeApi.putLong(null, at, 0);
        }
    }
}
