package io.plimsoll.core;

import java.util.Arrays;

/** Rows in a total order, which must not change while they are in here. */
final class RowList
{
    /** Whether a row goes before another one. */
    interface Order
    {
        boolean isBefore(int left, int right);
    }

    private final Order order;
    private int[] rows = new int[64];
    private int first;
    private int end;

    RowList(final Order order)
    {
        this.order = order;
    }

    int size()
    {
        return end - first;
    }

    int get(final int position)
    {
        return rows[first + position];
    }

    void clear()
    {
        first = 0;
        end = 0;
    }

    void add(final int row)
    {
        if (end == rows.length)
        {
            makeRoom();
        }
        final int at = position(row);
        System.arraycopy(rows, at, rows, at + 1, end - at);
        rows[at] = row;
        end++;
    }

    private void makeRoom()
    {
        if (first <= rows.length >> 1)
        {
            rows = Arrays.copyOf(rows, rows.length << 1);
        }
        System.arraycopy(rows, first, rows, 0, end - first);
        end -= first;
        first = 0;
    }

    void remove(final int row)
    {
        final int at = position(row);
        if (at == end || row != rows[at])
        {
            throw new IllegalStateException("list lacks row=" + row);
        }
        if (at == first)
        {
            first++;
        }
        else
        {
            end--;
            System.arraycopy(rows, at + 1, rows, at, end - at);
        }
    }

    /** Where a row is, or belongs. */
    private int position(final int row)
    {
        int from = first;
        int to = end;
        while (from < to)
        {
            final int middle = (from + to) >>> 1;
            if (order.isBefore(rows[middle], row))
            {
                from = middle + 1;
            }
            else
            {
                to = middle;
            }
        }
        return from;
    }
}
