package io.plimsoll.core;

import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Where the kernels of groups of sessions are that spread or pack: by owner and name of the group, how many on which
 * agent. It follows from the kernels, and is kept with each of them.
 */
final class SessionGroups
{
    private final RowIndex index = new RowIndex();
    private byte[][] names = new byte[16][];
    private int[] owners = new int[16];
    private int[] totals = new int[16];
    private int[] sizes = new int[16];
    /** Agents in rising order, and how many kernels each has. */
    private int[][] agents = new int[16][];
    private int[][] counts = new int[16][];
    private int[] free = new int[16];
    private int freeCount;
    private int highWater;
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);

    private static long hash(final int owner, final DirectBuffer text, final int offset, final int length)
    {
        return Hashing.chain(Hashing.bytes(text, offset, length), owner);
    }

    /** The row of a group of sessions that has kernels; NONE if it has none. */
    int find(final int owner, final DirectBuffer text, final int offset, final int length)
    {
        for (int row = index.first(hash(owner, text, offset, length)); Table.NONE != row; row = index.next())
        {
            if (owner == owners[row] && equals(names[row], text, offset, length))
            {
                return row;
            }
        }
        return Table.NONE;
    }

    private static boolean equals(final byte[] name, final DirectBuffer text, final int offset, final int length)
    {
        boolean equal = name.length == length;
        for (int i = 0; equal && i < length; i++)
        {
            equal = name[i] == text.getByte(offset + i);
        }
        return equal;
    }

    /** Kernels of a row, which may be NONE, on an agent. */
    int count(final int row, final int agent)
    {
        if (Table.NONE == row)
        {
            return 0;
        }
        final int at = Arrays.binarySearch(agents[row], 0, sizes[row], agent);
        return at < 0 ? 0 : counts[row][at];
    }

    int total(final int row)
    {
        return Table.NONE == row ? 0 : totals[row];
    }

    /** How many agents have kernels of a row, which may be NONE. */
    int agents(final int row)
    {
        return Table.NONE == row ? 0 : sizes[row];
    }

    /** One of these agents, in rising order. */
    int agent(final int row, final int position)
    {
        return agents[row][position];
    }

    /** Counts a kernel; returns whether it is the first on its agent of a group that its constraints name. */
    boolean join(final int owner, final byte[] constraint, final int agent)
    {
        view.wrap(constraint);
        boolean first = false;
        for (int at = 0; at < view.capacity(); at = ConstraintText.end(view, at))
        {
            if (ConstraintText.isFirstOfGroup(view, at))
            {
                first |= add(owner, view, ConstraintText.keyStart(at), ConstraintText.keyLength(view, at), agent);
            }
        }
        return first;
    }

    /** Counts one less; returns whether that was the last of a group of sessions. */
    boolean leave(final int owner, final byte[] constraint, final int agent)
    {
        view.wrap(constraint);
        boolean last = false;
        for (int at = 0; at < view.capacity(); at = ConstraintText.end(view, at))
        {
            if (ConstraintText.isFirstOfGroup(view, at))
            {
                last |= remove(owner, view, ConstraintText.keyStart(at), ConstraintText.keyLength(view, at), agent);
            }
        }
        return last;
    }

    private boolean add(final int owner, final DirectBuffer text, final int offset, final int length, final int agent)
    {
        final int known = find(owner, text, offset, length);
        final int row = Table.NONE == known ? make(owner, text, offset, length) : known;
        final int at = Arrays.binarySearch(agents[row], 0, sizes[row], agent);
        if (at >= 0)
        {
            counts[row][at]++;
        }
        else
        {
            insert(row, -at - 1, agent);
        }
        totals[row]++;
        return at < 0;
    }

    private int make(final int owner, final DirectBuffer text, final int offset, final int length)
    {
        final int row = freeCount > 0 ? free[--freeCount] : highWater++;
        if (row == names.length)
        {
            names = Arrays.copyOf(names, row * 2);
            owners = Arrays.copyOf(owners, row * 2);
            totals = Arrays.copyOf(totals, row * 2);
            sizes = Arrays.copyOf(sizes, row * 2);
            agents = Arrays.copyOf(agents, row * 2);
            counts = Arrays.copyOf(counts, row * 2);
            free = Arrays.copyOf(free, row * 2);
        }
        names[row] = new byte[length];
        text.getBytes(offset, names[row]);
        owners[row] = owner;
        totals[row] = 0;
        sizes[row] = 0;
        if (null == agents[row])
        {
            agents[row] = new int[4];
            counts[row] = new int[4];
        }
        index.add(hash(owner, text, offset, length), row);
        return row;
    }

    private void insert(final int row, final int at, final int agent)
    {
        if (sizes[row] == agents[row].length)
        {
            agents[row] = Arrays.copyOf(agents[row], sizes[row] * 2);
            counts[row] = Arrays.copyOf(counts[row], sizes[row] * 2);
        }
        System.arraycopy(agents[row], at, agents[row], at + 1, sizes[row] - at);
        System.arraycopy(counts[row], at, counts[row], at + 1, sizes[row] - at);
        agents[row][at] = agent;
        counts[row][at] = 1;
        sizes[row]++;
    }

    private boolean remove(
        final int owner, final DirectBuffer text, final int offset, final int length, final int agent)
    {
        final int row = find(owner, text, offset, length);
        final int at = Arrays.binarySearch(agents[row], 0, sizes[row], agent);
        counts[row][at]--;
        totals[row]--;
        if (0 == counts[row][at])
        {
            sizes[row]--;
            System.arraycopy(agents[row], at + 1, agents[row], at, sizes[row] - at);
            System.arraycopy(counts[row], at + 1, counts[row], at, sizes[row] - at);
        }
        if (0 == totals[row])
        {
            index.remove(hash(owner, text, offset, length), row);
            free[freeCount++] = row;
        }
        return 0 == totals[row];
    }
}
