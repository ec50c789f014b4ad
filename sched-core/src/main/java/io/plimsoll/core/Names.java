package io.plimsoll.core;

import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

/** Texts of groups, slots and agents, each kept once under a number from 0. Texts are never dropped: few, short. */
final class Names
{
    private final ExpandableArrayBuffer text = new ExpandableArrayBuffer(4096);
    private final RowIndex index = new RowIndex();
    private final IntColumn offsets = new IntColumn(1);
    private final IntColumn lengths = new IntColumn(2);
    private int count;
    private int capacity;
    private int end;

    /** Number of a text, or NONE. */
    int find(final DirectBuffer buffer, final int offset, final int length)
    {
        for (int row = index.first(Hashing.bytes(buffer, offset, length)); Table.NONE != row; row = index.next())
        {
            if (equals(row, buffer, offset, length))
            {
                return row;
            }
        }
        return Table.NONE;
    }

    int intern(final DirectBuffer buffer, final int offset, final int length)
    {
        final int known = find(buffer, offset, length);
        if (Table.NONE != known)
        {
            return known;
        }
        if (count == capacity)
        {
            capacity = Math.max(64, capacity << 1);
            offsets.ensure(capacity);
            lengths.ensure(capacity);
        }
        text.putBytes(end, buffer, offset, length);
        offsets.set(count, end);
        lengths.set(count, length);
        end += length;
        index.add(Hashing.bytes(buffer, offset, length), count);
        return count++;
    }

    private boolean equals(final int row, final DirectBuffer buffer, final int offset, final int length)
    {
        if (length != lengths.get(row))
        {
            return false;
        }
        final int start = offsets.get(row);
        for (int i = 0; i < length; i++)
        {
            if (text.getByte(start + i) != buffer.getByte(offset + i))
            {
                return false;
            }
        }
        return true;
    }

    int count()
    {
        return count;
    }

    DirectBuffer buffer()
    {
        return text;
    }

    int offset(final int name)
    {
        return offsets.get(name);
    }

    int length(final int name)
    {
        return lengths.get(name);
    }

    long bytes()
    {
        return text.capacity() + index.bytes() + offsets.bytes() + lengths.bytes();
    }

    long hash(final long seed)
    {
        long hash = seed;
        for (int i = 0; i < count; i++)
        {
            hash = Hashing.chain(hash, Hashing.bytes(text, offsets.get(i), lengths.get(i)));
        }
        return hash;
    }

    void transfer(final StateBlocks blocks)
    {
        final byte[] read = blocks.bytes(StateBlocks.NAMES, 1, text, end);
        count = (int)blocks.fixed(StateBlocks.NAMES, 0, count)[0];
        if (blocks.isReading())
        {
            capacity = Math.max(64, count);
            offsets.ensure(capacity);
            lengths.ensure(capacity);
            text.putBytes(0, read);
            end = read.length;
        }
        blocks.column(StateBlocks.NAMES, offsets, count);
        blocks.column(StateBlocks.NAMES, lengths, count);
        if (blocks.isReading())
        {
            index.clear();
            for (int name = 0; name < count; name++)
            {
                index.add(Hashing.bytes(text, offsets.get(name), lengths.get(name)), name);
            }
        }
    }
}
