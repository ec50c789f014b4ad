package io.plimsoll.core;

import io.plimsoll.core.sbe.ConstraintKind;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Constraints that live shapes have, each text once; row 0 is no constraint. See {@link ConstraintText}. */
final class ConstraintTable extends Table
{
    private static final int NO_CONSTRAINT = 0;

    private final LongColumn hash = longColumn(1);
    private final IntColumn refs = intColumn(2);
    /** Rows are used again, these numbers are not. Derived. */
    private final LongColumn serial = longColumn(0);
    /** See {@link ModelTable}. Derived. */
    private final IntColumn modelSet = intColumn(0);
    private final ByteColumn ranked = byteColumn(0);
    private final ByteColumn ofGroup = byteColumn(0);
    private long serials;
    private int packs;
    private final ModelTable models;
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private byte[][] texts = new byte[64][];
    private final RowIndex index = new RowIndex();

    ConstraintTable(final ModelTable models)
    {
        this.models = models;
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
            if (wanted == get(hash, row) && equals(texts[row], buffer, offset, length))
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
        set(serial, row, ++serials);
        describe(row);
        set(hash, row, Hashing.bytes(buffer, offset, length));
        index.add(get(hash, row), row);
        return row;
    }

    private void describe(final int row)
    {
        view.wrap(texts[row]);
        for (int at = 0; at < view.capacity(); at = ConstraintText.end(view, at))
        {
            final int kind = ConstraintText.kind(view, at);
            if (ConstraintText.isRanked(kind))
            {
                set(ranked, row, (byte)1);
            }
            if (ConstraintText.isOfGroup(kind))
            {
                set(ofGroup, row, (byte)1);
            }
            packs += ConstraintKind.PACK_STRICT.value() == kind ? 1 : 0;
            if (ConstraintText.isModel(view, at) && 0 == get(modelSet, row))
            {
                final int start = ConstraintText.valuesStart(view, at);
                set(modelSet, row, models.set(view, start, ConstraintText.end(view, at) - start));
            }
        }
    }

    private int packsOf(final int row)
    {
        int found = 0;
        view.wrap(texts[row]);
        for (int at = 0; at < view.capacity(); at = ConstraintText.end(view, at))
        {
            found += ConstraintKind.PACK_STRICT.value() == ConstraintText.kind(view, at) ? 1 : 0;
        }
        return found;
    }

    /** Whether a clause of a kind is among those of a row. */
    boolean has(final int row, final ConstraintKind kind)
    {
        view.wrap(texts[row]);
        for (int at = 0; at < view.capacity(); at = ConstraintText.end(view, at))
        {
            if (kind.value() == ConstraintText.kind(view, at))
            {
                return true;
            }
        }
        return false;
    }

    /** Whether anybody must go where others of a group of sessions are. */
    boolean hasPacks()
    {
        return packs > 0;
    }

    /** Whether some agents are better than others by these constraints, or what runs where matters. */
    boolean isRanked(final int row)
    {
        return 0 != get(ranked, row);
    }

    /** Whether a group of sessions is named, to spread or to pack. */
    boolean isOfGroup(final int row)
    {
        return 0 != get(ofGroup, row);
    }

    /** A number that no other constraint has or had; 0 for none. */
    long serial(final int row)
    {
        return get(serial, row);
    }

    /** The set of device models that will do. */
    int modelSet(final int row)
    {
        return get(modelSet, row);
    }

    void addReference(final int row)
    {
        add(refs, row, 1);
    }

    void dropReference(final int row)
    {
        add(refs, row, -1);
        if (NO_CONSTRAINT != row && 0 == get(refs, row))
        {
            index.remove(get(hash, row), row);
            packs -= packsOf(row);
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
                index.add(get(hash, row), row);
            }
        }
    }

    @Override
    void transfer(final StateBlocks blocks, final int part)
    {
        super.transfer(blocks, part);
        final ExpandableArrayBuffer all = new ExpandableArrayBuffer();
        final int length = blocks.isReading() ? 0 : writeTexts(all);
        final byte[] read = blocks.bytes(part, 1, all, length);
        if (blocks.isReading())
        {
            readTexts(new UnsafeBuffer(read));
        }
    }

    private int writeTexts(final ExpandableArrayBuffer all)
    {
        int position = 0;
        for (int row = 1; row < highWater(); row++)
        {
            if (isLive(row))
            {
                all.putInt(position, row, ByteOrder.LITTLE_ENDIAN);
                all.putInt(position + Integer.BYTES, texts[row].length, ByteOrder.LITTLE_ENDIAN);
                all.putBytes(position + 2 * Integer.BYTES, texts[row]);
                position += 2 * Integer.BYTES + texts[row].length;
            }
        }
        return position;
    }

    private void readTexts(final UnsafeBuffer all)
    {
        texts = Arrays.copyOf(texts, Math.max(texts.length, highWater()));
        int position = 0;
        while (position < all.capacity())
        {
            final int row = all.getInt(position, ByteOrder.LITTLE_ENDIAN);
            texts[row] = new byte[all.getInt(position + Integer.BYTES, ByteOrder.LITTLE_ENDIAN)];
            all.getBytes(position + 2 * Integer.BYTES, texts[row]);
            position += 2 * Integer.BYTES + texts[row].length;
            set(serial, row, ++serials);
            describe(row);
        }
    }
}
