package io.plimsoll.core;

import java.util.Arrays;
import org.agrona.DirectBuffer;

/** Constraints that live shapes have, each text once; row 0 is no constraint. See {@link ConstraintText}. */
final class ConstraintTable extends Table
{
    private static final int NO_CONSTRAINT = 0;

    private final LongColumn hash = longColumn(1);
    private final IntColumn refs = intColumn(2);
    private byte[][] texts = new byte[64][];
    private final RowIndex index = new RowIndex();

    ConstraintTable()
    {
        allocate();
        texts[NO_CONSTRAINT] = new byte[0];
    }

    /** The text of a row; not to be changed. */
    byte[] text(final int row)
    {
        return texts[row];
    }

    /** The row of a text, or NONE. */
    int find(final DirectBuffer buffer, final int offset, final int length)
    {
        if (0 == length)
        {
            return NO_CONSTRAINT;
        }
        final long wanted = Hashing.bytes(buffer, offset, length);
        for (int row = index.first(wanted); NONE != row; row = index.next())
        {
            if (wanted == hash.get(row) && equals(texts[row], buffer, offset, length))
            {
                return row;
            }
        }
        return NONE;
    }

    private static boolean equals(final byte[] text, final DirectBuffer buffer, final int offset, final int length)
    {
        final boolean equal = text.length == length;
        for (int i = 0; equal && i < length; i++)
        {
            if (text[i] != buffer.getByte(offset + i))
            {
                return false;
            }
        }
        return equal;
    }

    /** The row of a text, a new one if need be; whoever keeps it adds a reference. */
    int intern(final DirectBuffer buffer, final int offset, final int length)
    {
        final int known = find(buffer, offset, length);
        if (NONE != known)
        {
            return known;
        }
        final int row = allocate();
        if (row == texts.length)
        {
            texts = Arrays.copyOf(texts, row * 2);
        }
        texts[row] = new byte[length];
        buffer.getBytes(offset, texts[row]);
        hash.set(row, Hashing.bytes(buffer, offset, length));
        index.add(hash.get(row), row);
        return row;
    }

    void addReference(final int row)
    {
        refs.set(row, refs.get(row) + 1);
    }

    void dropReference(final int row)
    {
        refs.set(row, refs.get(row) - 1);
        if (NO_CONSTRAINT != row && 0 == refs.get(row))
        {
            index.remove(hash.get(row), row);
            texts[row] = null;
            release(row);
        }
    }

    void rebuildIndex()
    {
        index.clear();
        for (int row = 1; row < highWater(); row++)
        {
            if (isLive(row))
            {
                index.add(hash.get(row), row);
            }
        }
    }
}
