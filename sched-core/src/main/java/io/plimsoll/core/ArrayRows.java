package io.plimsoll.core;

/** Rows of job arrays in order of their ids, for finding the array of an element. */
final class ArrayRows
{
    private final SessionTable sessions;
    private int[] rows = new int[64];
    private int start;
    private int end;

    ArrayRows(final SessionTable sessions)
    {
        this.sessions = sessions;
    }

    void clear()
    {
        start = 0;
        end = 0;
    }

    long bytes()
    {
        return (long)rows.length * Integer.BYTES;
    }

    /** Adds a row in its place; new arrays have the highest ids, so that is the end. */
    void add(final int row)
    {
        makeRoom();
        if (end == start || sessions.get(sessions.nextId, rows[end - 1]) < sessions.get(sessions.nextId, row))
        {
            rows[end++] = row;
        }
        else
        {
            place(row);
        }
    }

    private void place(final int row)
    {
        final int position = firstNotBefore(sessions.get(sessions.nextId, row));
        System.arraycopy(rows, position, rows, position + 1, end - position);
        rows[position] = row;
        end++;
    }

    void remove(final int row)
    {
        int position = firstNotBefore(sessions.get(sessions.nextId, row));
        while (rows[position] != row)
        {
            position++;
        }
        if (position == start)
        {
            start++;
        }
        else
        {
            System.arraycopy(rows, position + 1, rows, position, end - position - 1);
            end--;
        }
    }

    int find(final long id)
    {
        if (start == end)
        {
            return Table.NONE;
        }
        final int position = firstNotBefore(id + 1) - 1;
        if (position < start)
        {
            return Table.NONE;
        }
        final int row = rows[position];
        return id < sessions.get(sessions.endId, row) ? row : Table.NONE;
    }

    /** First position whose row starts at or above an id. */
    private int firstNotBefore(final long id)
    {
        int low = start;
        int high = end;
        while (low < high)
        {
            final int middle = (low + high) >>> 1;
            if (sessions.get(sessions.nextId, rows[middle]) < id)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        return low;
    }

    private void makeRoom()
    {
        if (end == rows.length)
        {
            final int size = end - start;
            final int[] target = size > rows.length / 2 ? new int[rows.length * 2] : rows;
            System.arraycopy(rows, start, target, 0, size);
            rows = target;
            start = 0;
            end = size;
        }
    }
}
